package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// What a kubelet gives a pod for its API server: the account's token, which changes, the
/// certificates of the server's authority, and the namespace.
///
/// @param directory of the three files
record ServiceAccount(Path directory) {
  /// Where kubelets mount it (plugin/pkg/admission/serviceaccount, `DefaultAPITokenMountPath`).
  static final ServiceAccount MOUNTED =
      new ServiceAccount(Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));

  /// The API server of the pod this runs in.
  ///
  /// @param environment of the process
  ServerAccess access(Map<String, String> environment) throws IOException {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String server = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
    BearerToken token = BearerToken.ofFile(directory.resolve("token"), InstantSource.system());
    try {
      var _ = token.header();
    } catch (IOException unreadable) {
      throw new IOException(
          "this pod has no token of its service account: "
              + directory.resolve("token")
              + " cannot be read; is automountServiceAccountToken false?",
          unreadable);
    }
    Path authority = directory.resolve("ca.crt");
    Path namespace = directory.resolve("namespace");
    return new ServerAccess(
        server,
        Files.isReadable(namespace) ? Files.readString(namespace, UTF_8).strip() : null,
        token,
        ServerTrust.context(
            Files.isReadable(authority)
                ? ServerTrust.authorities(authority + ": ", Files.readAllBytes(authority))
                : null,
            List.of()),
        ProxyRule.of(server, null, environment));
  }
}

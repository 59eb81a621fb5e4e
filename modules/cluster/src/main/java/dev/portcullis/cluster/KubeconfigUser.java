package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/// How a user of a kubeconfig proves who they are.
///
/// @param token no credentials where a certificate is used instead
/// @param managers of a certificate; none where there is none
record KubeconfigUser(BearerToken token, List<KeyManager> managers) {
  static final KubeconfigUser NOBODY = new KubeconfigUser(BearerToken.none(), List.of());

  /// Impersonation. A client that ignored it would act with other rights.
  private static final List<String> AS = List.of("as", "as-uid", "as-groups", "as-user-extra");

  /// Reads one. A plugin is run.
  ///
  /// @param label what to begin a message with
  static KubeconfigUser read(KubeconfigPart user, String label) throws IOException {
    requireSupported(user, label);
    KubeconfigPart exec = user.part("exec");
    KubeconfigUser certified = certified(user, label);
    if (exec == null) {
      return new KubeconfigUser(token(user, label), certified.managers());
    }
    ExecPlugin plugin = ExecPlugin.of(exec, label);
    ExecPlugin.Credential credential = plugin.login();
    if (credential.token() != null) {
      return new KubeconfigUser(plugin.token(credential), certified.managers());
    }
    return new KubeconfigUser(
        BearerToken.none(),
        List.of(
            manager(
                label,
                credential.certificate().getBytes(UTF_8),
                credential.key().getBytes(UTF_8))));
  }

  private static void requireSupported(KubeconfigPart user, String label) throws IOException {
    if (user.part("auth-provider") != null
        && user.text("token") == null
        && user.text("tokenFile") == null) {
      throw new IOException(
          label + "auth-provider is not supported; kubectl has none since 1.26: use exec or token");
    }
    for (String each : AS) {
      if (user.content().present(each) != null) {
        throw new IOException(label + each + " is not supported: nobody acts as somebody else");
      }
    }
  }

  private static KubeconfigUser certified(KubeconfigPart user, String label) throws IOException {
    byte[] certificate = user.bytes(label, "client-certificate");
    if (certificate != null) {
      // Of one that has expired, that is reported first.
      var _ = ClientCertificate.read(label, certificate);
    }
    if ((certificate == null) != (user.bytes(label, "client-key") == null)) {
      throw new IOException(
          label + "of client-certificate and client-key one is missing, or both are to be");
    }
    return certificate != null
        ? new KubeconfigUser(
            BearerToken.none(),
            List.of(
                new CertificateFiles(
                    () ->
                        manager(
                            label,
                            Objects.requireNonNull(user.bytes(label, "client-certificate")),
                            Objects.requireNonNull(user.bytes(label, "client-key"))),
                    InstantSource.system())))
        : NOBODY;
  }

  private static X509ExtendedKeyManager manager(String label, byte[] certificate, byte[] key)
      throws IOException {
    return ClientCertificate.manager(label, ClientCertificate.read(label, certificate), key);
  }

  /// A file counts before the text beside it, as for kubectl.
  private static BearerToken token(KubeconfigPart user, String label) throws IOException {
    Path file = user.path(label, "tokenFile");
    if (file != null) {
      return BearerToken.ofFile(file, InstantSource.system());
    }
    String token = user.text("token");
    String name = user.text("username");
    String password = user.text("password");
    if (token != null) {
      return BearerToken.of(label + "token", token);
    }
    return name == null
        ? BearerToken.none()
        : BearerToken.ofPassword(name, password == null ? "" : password);
  }
}

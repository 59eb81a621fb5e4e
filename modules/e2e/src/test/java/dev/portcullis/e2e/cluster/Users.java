package dev.portcullis.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// Who may speak to the API server: people and programs, each with a client certificate in a
/// kubeconfig.
final class Users {
  static final String ADMIN = "admin";
  private static final String AUTHORITY = "ca";

  private final Authority authority;
  private final Layout layout;

  private Users(Authority authority, Layout layout) {
    this.authority = authority;
    this.layout = layout;
  }

  /// The programs of a cluster and the people of its tests: an administrator, `alice` of the group
  /// `developers`, and `bob` of `testers`.
  static Users create(Layout layout) throws IOException {
    Users users = new Users(new Authority(), layout);
    users.write(AUTHORITY + ".crt", users.authority.certificate());
    Authority.Pair tokens = users.authority.tokenKeys();
    users.write("tokens.key", tokens.key());
    users.write("tokens.pub", tokens.publicKey());
    users.serve(
        "kube-apiserver",
        // The API server is the kubelet's client, too, and shows the same certificate.
        List.of("system:masters"),
        List.of("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"));
    users.serve("kubelet", List.of(), List.of(Layout.NODE));
    users.add(ADMIN, "system:masters");
    users.add("system:kube-controller-manager");
    users.add("system:kube-scheduler");
    users.add("system:node:" + Layout.NODE, "system:nodes");
    users.add("alice", "developers");
    users.add("bob", "testers");
    return users;
  }

  private void serve(String name, List<String> groups, List<String> dnsNames) throws IOException {
    Authority.Identity identity =
        authority.identify(name, groups, dnsNames, List.of(layout.network().address()));
    write(name + ".key", identity.key());
    write(name + ".crt", identity.certificate());
  }

  /// One more.
  void add(String name, String... groups) throws IOException {
    Authority.Identity identity = authority.identify(name, List.of(groups), List.of(), List.of());
    Files.writeString(
        layout.kubeconfig(name),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: "%1$s"}}]
        clusters: [{name: test, cluster: {server: "%2$s", certificate-authority-data: %3$s}}]
        users: [{name: "%1$s", user: {client-certificate-data: %4$s, client-key-data: %5$s}}]
        """
            .formatted(
                name,
                layout.apiServer(),
                base64(authority.certificate()),
                base64(identity.certificate()),
                base64(identity.key())));
  }

  Path kubeconfig(String name) {
    Path file = layout.kubeconfig(name);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("this cluster has no user " + name + "; add it first");
    }
    return file;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(layout.keys().resolve(name), text);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}

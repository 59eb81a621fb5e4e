package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a kubeconfig that leads nowhere, and that one that leads somewhere is taken.
class KubeconfigTest {
  private static final String WHOLE =
      """
      apiVersion: v1
      kind: Config
      current-context: first
      contexts:
      - {name: first, context: {cluster: c, user: u, namespace: team}}
      - {name: second, context: {cluster: d, user: u}}
      clusters:
      - {name: c, cluster: {server: "http://127.0.0.1:1"}}
      - {name: d, cluster: {server: "http://127.0.0.1:2"}}
      users:
      - {name: u, user: {token: t}}
      """;

  @TempDir Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), content);
  }

  @Test
  void theContextThatIsAskedFor() throws IOException {
    Path file = file(WHOLE);
    try (ClusterConnection current = ClusterConnection.open(file);
        ClusterConnection second = ClusterConnection.open(file, "second")) {
      assertThat(current.server()).isEqualTo("http://127.0.0.1:1/");
      assertThat(current.namespace()).isEqualTo("team");
      assertThat(second.server()).isEqualTo("http://127.0.0.1:2/");
    }
  }

  /// What is changed in a file that is sound, and what is said then.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "current-context: first | # | has no current-context; choose one with --context: first,"
            + " second",
        "current-context: first | current-context: frist"
            + " | has no context \"frist\"; it has first, second",
        "name: c, | name: x, | : context \"first\" names cluster \"c\", which is not in it",
        "{server: \"http://127.0.0.1:1\"} | {} | : cluster \"c\": it has no server",
        "{server: \"http://127.0.0.1:1\" | {certificate-authority: ca.pem, server: a"
            + " | : cluster \"c\": certificate-authority DIRECTORY/ca.pem cannot be read",
        "name: u, | name: x, | : context \"first\" names user \"u\", who is not in it",
        "token: t | client-certificate: u.pem"
            + " | : user \"u\": client-certificate DIRECTORY/u.pem cannot be read",
        "token: t | client-key: u.key"
            + " | : user \"u\": client-key DIRECTORY/u.key cannot be read",
        "token: t | client-certificate-data: YWJj"
            + " | : user \"u\": its client certificate cannot be read",
        "token: t | exec: {command: no-such-plugin, apiVersion: v1}"
            + " | : user \"u\": the plugin \"no-such-plugin\" is not installed, or not in the PATH",
        "token: t | exec: {command: ./plugin, apiVersion: v1, installHint: fetch it}"
            + " | : user \"u\": the plugin \"./plugin\" is not installed: fetch it",
        "token: t | exec: {apiVersion: v1} | : user \"u\": exec names no command",
        "token: t | auth-provider: {name: oidc} | : user \"u\": auth-provider is not supported;",
        "token: t | token: t, as: admin | : user \"u\": as is not supported:",
        "token: t | token: t, as-groups: [a] | : user \"u\": as-groups is not supported:",
        "{server: \"http://127.0.0.1:1\" | {tls-server-name: a, server: a"
            + " | : cluster \"c\": tls-server-name is not supported;",
        "{server: \"http://127.0.0.1:1\" | {proxy-url: \"socks5://a:1\", server: a"
            + " | : cluster \"c\": proxy-url is not http://HOST:PORT;",
        "{server: \"http://127.0.0.1:1\" | {server: \"ftp://a\""
            + " | : cluster \"c\": server is not a URL of HTTP: ftp://a",
        "{server: \"http://127.0.0.1:1\" | {certificate-authority-data: '*', server: a"
            + " | : cluster \"c\": the certificate of the authority cannot be read",
        "token: t | client-key-data: YWJj"
            + " | : user \"u\": of client-certificate and client-key one is missing",
        "token: t | token: \"a\\nb\" | : user \"u\": token has characters that no token has",
        "http://127.0.0.1:1\" | http://u:p@127.0.0.1:1\" | : cluster \"c\": server has a user,",
        "http://127.0.0.1:1\" | http://127.0.0.1:1/?a=b\" | : cluster \"c\": server has a user,",
        "token: t | tokenFile: t | : user \"u\": tokenFile DIRECTORY/t cannot be read",
        "token: t | token: 5 | is not a kubeconfig: 11:27: token is a number, not a string",
        "users: | users: 5 # | is not a kubeconfig: ",
        "name: c, | name: [c], | is not a kubeconfig: 8:10: name is a list, not a string"
      })
  void whatLeadsNowhere(String right, String wrong, String message) throws IOException {
    assertThat(WHOLE).contains(right);
    Path file = file(WHOLE.replace(right, wrong));
    assertThatThrownBy(() -> ClusterConnection.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            file
                + (message.startsWith(":") ? "" : " ")
                + message.replace("DIRECTORY", directory.toString()));
  }

  @Test
  void aContextThatIsAskedForAndNotThere() throws IOException {
    Path file = file(WHOLE);
    assertThatThrownBy(() -> ClusterConnection.open(file, "third"))
        .hasMessage(file + " has no context \"third\"; it has first, second");
  }

  @Test
  void aCertificateThatHasExpired() throws IOException {
    String data = Base64.getEncoder().encodeToString(EXPIRED.getBytes(US_ASCII));
    Path file = file(WHOLE.replace("token: t", "client-certificate-data: " + data));
    assertThatThrownBy(() -> ClusterConnection.open(file))
        .hasMessage(
            file
                + ": user \"u\": the client certificate expired at 2020-01-02T00:00:01Z; fetch new"
                + " credentials for this cluster");
  }

  @Test
  void whereKubectlLooks() throws IOException {
    Path home = Files.createDirectories(directory.resolve("home"));
    String usual = home + "/.kube/config";
    assertThatThrownBy(() -> Kubeconfig.find(null, Map.of("HOME", home.toString())))
        .hasMessageStartingWith("no cluster is known: there is no " + usual);
    assertThat(
            Kubeconfig.find(
                null, Map.of("HOME", home.toString(), "KUBERNETES_SERVICE_HOST", "10.0.0.1")))
        .isNull();
    Path file = file(WHOLE);
    String missing = directory + "/nowhere";
    assertThatThrownBy(() -> Kubeconfig.find(null, Map.of("KUBECONFIG", missing)))
        .hasMessage(missing + ": no such file; the variable KUBECONFIG names it");
    assertThat(context(Map.of("KUBECONFIG", missing + ":" + file))).isEqualTo("first");
    Files.createDirectories(Path.of(usual).getParent());
    Files.writeString(Path.of(usual), WHOLE.replace("context: first", "context: second"));
    assertThat(context(Map.of("HOME", home.toString()))).isEqualTo("second");
    assertThat(context(Map.of("HOME", home.toString(), "KUBECONFIG", file.toString())))
        .isEqualTo("first");
  }

  private static @Nullable String context(Map<String, String> environment) throws IOException {
    Kubeconfig found = Kubeconfig.find(null, environment);
    return found == null ? null : found.context(null);
  }

  @Test
  void aDirectoryIsNoKubeconfig() {
    assertThatThrownBy(() -> ClusterConnection.open(directory))
        .hasMessageStartingWith(directory + " cannot be read; --kubeconfig needs");
  }

  private Path withPlugin(String script) throws IOException {
    Path plugin = Files.writeString(directory.resolve("plugin"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file(
        WHOLE.replace(
            "token: t",
            "exec: {command: ./plugin, args: [a], env: [{name: GIVEN, value: yes-it-is}],"
                + " apiVersion: client.authentication.k8s.io/v1}"));
  }

  private static final String CREDENTIAL =
      """
      echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
        "status": {"token": "'"$1-$GIVEN"'"}}'
      """;

  @Test
  void thePluginsToken() throws IOException {
    Path file = withPlugin(CREDENTIAL);
    try (ClusterConnection connection = ClusterConnection.open(file)) {
      assertThat(connection.authorization()).isEqualTo("Bearer a-yes-it-is");
    }
  }

  /// kubectl takes such a plugin, too.
  @Test
  void aPluginThatAlsoWarns() throws IOException {
    Path file = withPlugin("echo this version is old >&2\n" + CREDENTIAL);
    try (ClusterConnection connection = ClusterConnection.open(file)) {
      assertThat(connection.authorization()).isEqualTo("Bearer a-yes-it-is");
    }
  }

  /// Nothing but the exception tells of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo trace >&2; echo 'token has expired: log in' >&2; exit 7"
            + " | ends with code 7: token has expired: log in",
        "echo a-token; exit 1 | ends with code 1",
        "echo not json | does not print an ExecCredential",
        "echo {} | prints no credentials",
        "echo '{\"status\": {}}' | prints neither a token nor a certificate with its key"
      })
  void aPluginThatFails(String script, String message) throws IOException {
    Path file = withPlugin(script + "\n");
    StringBuilder logged = new StringBuilder();
    Handler handler = handler(logged);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      assertThatThrownBy(() -> ClusterConnection.open(file))
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": user \"u\": the plugin \"./plugin\" " + message);
    } finally {
      root.removeHandler(handler);
    }
    assertThat(logged).isEmpty();
  }

  private static Handler handler(StringBuilder logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        logged.append(entry.getMessage()).append('\n');
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /// Of nobody, for a day of 2020; nobody has its key.
  private static final String EXPIRED =
      """
      -----BEGIN CERTIFICATE-----
      MIIBbTCCAROgAwIBAgIUU/r2rYg5rhZKyDE/yO+coEZUb5wwCgYIKoZIzj0EAwIw
      DDEKMAgGA1UEAwwBdTAeFw0yMDAxMDEwMDAwMDFaFw0yMDAxMDIwMDAwMDFaMAwx
      CjAIBgNVBAMMAXUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQNlXbWkXw3ITRw
      4qrRVNekKosn8jwGdJZFydonuZe2xhtf+XQYmskAX4miKYtJzEkuHBZKgcpvvp9+
      EWh1binBo1MwUTAdBgNVHQ4EFgQUD/awJijzXX3UJjfzZZdaclQQ7PkwHwYDVR0j
      BBgwFoAUD/awJijzXX3UJjfzZZdaclQQ7PkwDwYDVR0TAQH/BAUwAwEB/zAKBggq
      hkjOPQQDAgNIADBFAiEAnanPL1XHh1A16qNVrSeIfl2t5t3EyvH+7SsYwrSW0XkC
      IBEUIVwv1MwfTUSfRnqEs+Znfp8AeZNheZTo0LxTR4pa
      -----END CERTIFICATE-----
      """;
}

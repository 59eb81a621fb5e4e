package dev.portcullis.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.portcullis.admission.cluster.LoopbackApi;
import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.admission.http.TestCertificate;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole webhook, under an API server on loopback that grants everything: what it is started with
/// reaches its decisions.
@Timeout(60)
class WebhookWiringTest {
  private static final String CONDITIONS =
      "[{'index': 0, 'op': 'SCMP_CMP_NE', 'value': 3}, {'index': 1, 'op': '%s', 'value': 3}]";

  /// libseccomp does not end on it.
  private static final String HANGING =
      profile(
          rule("mkdir", CONDITIONS.formatted("SCMP_CMP_GE"))
              + ", "
              + rule("mkdir", CONDITIONS.formatted("SCMP_CMP_NE")));

  private static final String BASE = profile(rule("mkdir", "[]"));
  private static final String STRICTER = profile(rule("mkdir", "[]") + ", " + rule("rmdir", "[]"));

  @TempDir private Path directory;

  private final CountDownLatch over = new CountDownLatch(1);
  private LoopbackApi api;
  private ServingCertificate certificate;

  private static String rule(String call, String conditions) {
    return "{'names': ['%s'], 'action': 'SCMP_ACT_ERRNO', 'args': %s}".formatted(call, conditions);
  }

  private static String profile(String rules) {
    return json("{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [%s]}".formatted(rules));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }

  @BeforeEach
  void start() throws Exception {
    api = LoopbackApi.start(directory, this::answer);
    certificate = TestCertificate.make(1);
    write("tls.crt", "CERTIFICATE", certificate.certificate().getEncoded());
    write("tls.key", "PRIVATE KEY", certificate.key().getEncoded());
  }

  private void write(String file, String label, byte[] content) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(content)));
  }

  @AfterEach
  void stop() {
    over.countDown();
    api.close();
  }

  /// Lists, whose watches tell nothing, and access reviews, which are all granted.
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getQuery();
      if (query != null && query.contains("watch=true")) {
        // A web socket is not spoken here: the client asks for the same over plain HTTP then.
        boolean socket = "websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"));
        exchange.sendResponseHeaders(200, socket ? -1 : 0);
        if (!socket) {
          exchange.getResponseBody().flush();
          over.await();
        }
        return;
      }
      String text = json(content(exchange.getRequestURI().getPath()));
      byte[] body = text.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(text.isEmpty() ? 404 : 200, text.isEmpty() ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String content(String path) {
    return switch (path) {
      case "/apis/authorization.k8s.io/v1/subjectaccessreviews" ->
          """
          {'apiVersion': 'authorization.k8s.io/v1', 'kind': 'SubjectAccessReview',
           'spec': {}, 'status': {'allowed': true}}\
          """;
      case "/api/v1/namespaces" ->
          list("v1", "NamespaceList", "{'metadata': {'name': 'shop', 'resourceVersion': '1'}}");
      case "/apis/portcullis.dev/v1alpha1/seccomppolicies" ->
          list(
              "portcullis.dev/v1alpha1",
              "SeccompPolicyList",
              """
              {'apiVersion': 'portcullis.dev/v1alpha1', 'kind': 'SeccompPolicy',
               'metadata': {'name': 'tighten', 'resourceVersion': '1'},
               'spec': {'allowedProfiles': ['runtime/default'],
                        'stricterThan': ['localhost/base.json']},
               'status': {'observedGeneration': 0, 'invalidEntries': 0}}\
              """);
      case "/apis/portcullis.dev/v1alpha1/nodeprofiles" ->
          list(
              "portcullis.dev/v1alpha1",
              "NodeProfilesList",
              """
              {'apiVersion': 'portcullis.dev/v1alpha1', 'kind': 'NodeProfiles',
               'metadata': {'name': 'n1', 'resourceVersion': '1', 'labels': {'kubernetes.io/arch': 'amd64'}},
               'status': {'runtime': {'name': 'containerd', 'version': '1.6.20'},
                          'libseccomp': '2.5.4', 'profileCount': 0, 'profiles': []}}\
              """);
      case "/api/v1/namespaces/profiles/configmaps" ->
          list(
              "v1",
              "ConfigMapList",
              """
              {'metadata': {'name': 'team', 'namespace': 'profiles', 'resourceVersion': '1',
                            'creationTimestamp': '2026-01-01T00:00:00Z',
                            'labels': {'portcullis.dev/seccomp-profiles': 'true'}},
               'data': {'base.json': %s, 'stricter.json': %s, 'hanging.json': %s}}\
              """
                  .formatted(quoted(BASE), quoted(STRICTER), quoted(HANGING)));
      default -> "";
    };
  }

  private static String list(String version, String kind, String item) {
    return """
    {'apiVersion': '%s', 'kind': '%s', 'metadata': {'resourceVersion': '1'}, 'items': [%s]}\
    """
        .formatted(version, kind, item);
  }

  private Webhook webhook(Leniency leniency) throws IOException {
    return Webhook.start(
        new WebhookOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
            ProfileName.RUNTIME_DEFAULT,
            leniency,
            new WebhookOptions.Certificate.Mounted(
                directory.resolve("tls.crt"), directory.resolve("tls.key")),
            Duration.ofSeconds(10),
            10,
            10,
            null,
            "profiles",
            api.kubeconfig()));
  }

  /// The answer to the creation of a pod.
  ///
  /// @param securityContext of its container
  private String review(Webhook webhook, String path, String profile, String securityContext)
      throws Exception {
    return answer(webhook, path, profile, securityContext).body();
  }

  private HttpResponse<String> answer(
      Webhook webhook, String path, String profile, String securityContext) throws Exception {
    String review =
        json(
            """
            {'apiVersion': 'admission.k8s.io/v1', 'kind': 'AdmissionReview', 'request': {
              'uid': 'u-1', 'operation': 'CREATE', 'namespace': 'shop', 'name': 'p',
              'kind': {'group': '', 'version': 'v1', 'kind': 'Pod'},
              'resource': {'group': '', 'version': 'v1', 'resource': 'pods'},
              'userInfo': {'username': 'alice'},
              'object': {'metadata': {'name': 'p'}, 'spec': {
                'securityContext': {'seccompProfile': %s},
                'containers': [{'name': 'c', 'securityContext': %s}]}}}}
            """
                .formatted(profile, securityContext));
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(TestCertificate.trusting(certificate)).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + webhook.port() + "/" + path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(review))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 400 && !condition.call(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.call()).as(what).isTrue();
  }

  private static String local(String file) {
    return "{'type': 'Localhost', 'localhostProfile': '%s'}".formatted(file);
  }

  /// What `/mutate` does to a pod with a profile of the ConfigMap.
  private String patch(Webhook webhook, String file) throws Exception {
    String answer = review(webhook, "mutate", local(file), "{'allowPrivilegeEscalation': false}");
    Matcher patch = Pattern.compile("\"patch\":\"([^\"]*)\"").matcher(answer);
    return patch.find() ? new String(Base64.getDecoder().decode(patch.group(1)), UTF_8) : answer;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itIsAsLenientAsItIsTold(boolean byName) throws Exception {
    try (Webhook webhook = webhook(new Leniency(byName, false))) {
      String profile = "{'type': 'RuntimeDefault'}";
      await(
          "a container that is not privileged is admitted",
          () -> review(webhook, "validate", profile, "{}").contains("\"allowed\":true"));
      String privileged = review(webhook, "validate", profile, "{'privileged': true}");
      if (byName) {
        assertThat(privileged).contains("\"allowed\":true");
      } else {
        assertThat(privileged)
            .contains("\"allowed\":false", "is privileged, so it runs unconfined");
      }
    }
  }

  /// From the signal on, while it is not ready and still answers.
  @Test
  void whileItDrainsAnAnswerEndsItsConnection() throws Exception {
    String profile = "{'type': 'RuntimeDefault'}";
    try (Webhook webhook = webhook(Leniency.NONE)) {
      await("it answers", () -> review(webhook, "validate", profile, "{}").contains("allowed"));
      assertThat(answer(webhook, "validate", profile, "{}").headers().firstValue("Connection"))
          .isEmpty();
      webhook.drain();
      HttpResponse<String> last = answer(webhook, "validate", profile, "{}");
      assertThat(last.headers().firstValue("Connection")).hasValue("close");
      assertThat(last.body()).contains("\"allowed\":true");
    }
  }

  /// In a process of its own, which ends with it.
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @Test
  void itDoesNotWaitForLibseccomp() throws Exception {
    try (Webhook webhook = webhook(Leniency.NONE)) {
      await(
          "a profile is proven",
          () -> patch(webhook, "stricter.json").contains("portcullis.dev/proven"));
      assertThat(patch(webhook, "hanging.json")).doesNotContain("portcullis.dev/proven");
      assertThat(
              review(
                  webhook,
                  "validate",
                  local("hanging.json"),
                  "{'allowPrivilegeEscalation': false}"))
          .contains("\"allowed\":false", "libseccomp did not finish in 1 s");
      assertThat(compilingProcesses()).isPositive();
    }
    await("no process is left", () -> compilingProcesses() == 0);
  }

  private static long compilingProcesses() {
    return ProcessHandle.current()
        .descendants()
        .filter(it -> it.info().commandLine().orElse("").contains("CompilingProcess"))
        .count();
  }
}

package dev.portcullis.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// As much of an API server as a webhook needs to be ready, on this machine's loopback. It forgets
/// what it is sent.
record StubApiServer(Path kubeconfig, HttpServer server, ExecutorService threads)
    implements AutoCloseable {
  private static final String POLICIES = "/apis/portcullis.dev/v1alpha1/seccomppolicies";
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";

  private static final String NODE_PROFILES = "/apis/portcullis.dev/v1alpha1/nodeprofiles";
  private static final String NODE_OBJECT =
      """
      {"apiVersion":"portcullis.dev/v1alpha1","kind":"NodeProfiles","metadata":{"name":"training",
       "uid":"9","resourceVersion":"1","labels":{"kubernetes.io/os":"linux"}},
       "status":{"profileCount":1,"profiles":[{"name":"localhost/a/b.json","sha256":"0"}]}}\
      """;

  /// What it answers, by path.
  private static final Map<String, String> ANSWERS = new HashMap<>();

  static {
    ANSWERS.putAll(ofWebhook());
    ANSWERS.putAll(ofNode());
  }

  private static Map<String, String> ofNode() {
    return Map.of(
        "/api/v1/namespaces/portcullis-profiles/configmaps",
        list(
            "v1",
            "ConfigMap",
            """
            {"metadata":{"name":"training","namespace":"portcullis-profiles","uid":"7",
             "resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z",
             "labels":{"portcullis.dev/seccomp-profiles":"true"}},
             "data":{"training.json":"{\\"defaultAction\\":\\"SCMP_ACT_LOG\\"}","bad":"{}"}}\
            """),
        "/api/v1/nodes/training",
        """
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"training","uid":"8",
         "resourceVersion":"1","labels":{"kubernetes.io/os":"linux"}}}\
        """,
        NODE_PROFILES,
        list("portcullis.dev/v1alpha1", "NodeProfiles", NODE_OBJECT),
        NODE_PROFILES + "/training",
        NODE_OBJECT);
  }

  private static Map<String, String> ofWebhook() {
    return Map.of(
        POLICIES,
        list(
            "portcullis.dev/v1alpha1",
            "SeccompPolicy",
            """
            {"apiVersion":"portcullis.dev/v1alpha1","kind":"SeccompPolicy",
             "metadata":{"name":"everybody","uid":"1","resourceVersion":"1","generation":1},
             "spec":{"allowedProfiles":["runtime/default","localhost/a/*"],
                     "defaultProfile":"runtime/default"}},
            {"apiVersion":"portcullis.dev/v1alpha1","kind":"SeccompPolicy",
             "metadata":{"name":"odd","uid":"2","resourceVersion":"1","generation":1},
             "spec":{"allowedProfiles":["bogus"]}}\
            """),
        "/apis/policy/v1beta1",
        """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"policy/v1beta1",
         "resources":[{"name":"podsecuritypolicies","singularName":"","namespaced":false,
                       "kind":"PodSecurityPolicy","verbs":["get","list","watch","use"]}]}\
        """,
        "/apis/policy/v1beta1/podsecuritypolicies",
        list("policy/v1beta1", "PodSecurityPolicy", ""),
        "/api/v1/namespaces",
        list(
            "v1",
            "Namespace",
            """
            {"metadata":{"name":"default","uid":"3","resourceVersion":"1"}},
            {"metadata":{"name":"warned","uid":"4","resourceVersion":"1",
             "labels":{"portcullis.dev/mode":"warn"}}}\
            """),
        REVIEWS,
        """
        {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview",
         "status":{"allowed":true}}\
        """,
        "/api/v1/namespaces/portcullis/secrets/portcullis-webhook-tls",
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"portcullis-webhook-tls",
         "namespace":"portcullis","uid":"5","resourceVersion":"1"},"type":"Opaque"}\
        """,
        CONFIGURATIONS + "mutatingwebhookconfigurations/portcullis",
        configuration("MutatingWebhookConfiguration"),
        CONFIGURATIONS + "validatingwebhookconfigurations/portcullis",
        configuration("ValidatingWebhookConfiguration"));
  }

  /// @param kubeconfig that is written
  static StubApiServer start(Path kubeconfig) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    StubApiServer cluster =
        new StubApiServer(kubeconfig, server, Executors.newVirtualThreadPerTaskExecutor());
    server.setExecutor(cluster.threads);
    server.createContext("/", StubApiServer::answer);
    server.start();
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: training
        contexts: [{name: training, context: {cluster: training, user: training}}]
        clusters: [{name: training, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: training, user: {}}]
        """
            .formatted(server.getAddress().getPort()));
    return cluster;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String query = exchange.getRequestURI().getQuery();
      String answer = ANSWERS.get(exchange.getRequestURI().getPath());
      if (query != null && query.contains("watch=true")) {
        watch(exchange);
        return;
      }
      byte[] body = (answer == null ? "{}" : answer).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// Nothing happens, until the end.
  private static void watch(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException ends) {
      Thread.currentThread().interrupt();
    }
  }

  private static String list(String apiVersion, String kind, String items) {
    return """
    {"apiVersion":"%s","kind":"%sList","metadata":{"resourceVersion":"1"},"items":[%s]}\
    """
        .formatted(apiVersion, kind, items);
  }

  private static String configuration(String kind) {
    return """
    {"apiVersion":"admissionregistration.k8s.io/v1","kind":"%s","metadata":{"name":"portcullis",
     "uid":"6","resourceVersion":"1"},"webhooks":[{"name":"mutate.portcullis.dev","sideEffects":"None",
     "admissionReviewVersions":["v1"],
     "clientConfig":{"service":{"namespace":"portcullis","name":"portcullis-webhook"}}}]}\
    """
        .formatted(kind);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

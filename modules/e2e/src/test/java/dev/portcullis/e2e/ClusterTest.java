package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the tests on a cluster stand on: that it is a real one, and that its parts reach each
/// other.
@Tag(ClusterLane.TAG)
class ClusterTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  /// @param annotation a line of YAML; empty for none
  private static String pod(String namespace, String name, String annotation, String script) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      namespace: %s
      name: %s
      annotations: {%s}
    spec:
      terminationGracePeriodSeconds: 0
      restartPolicy: Never
      containers:
      - name: main
        image: %s
        command: [sh, -c, '%s']
    """
        .formatted(namespace, name, annotation, REAL.get().busybox(), script);
  }

  private static final String SLEEP = "sleep 1000";

  @AfterAll
  static void clean() throws IOException {
    REAL.get()
        .removeNamespaces(
            "names", "profiles", "users", "serving", "inside", "debugging", "restart");
  }

  @Test
  void aPodRunsUnderWhatItNames() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("names");
    cluster.apply(pod("names", "plain", "", SLEEP));
    cluster.apply(
        pod("names", "named", "seccomp.security.alpha.kubernetes.io/pod: runtime/default", SLEEP));
    assertThat(cluster.seccomp("names", "plain", "main").mode())
        .isEqualTo(SeccompState.Mode.DISABLED);
    SeccompState named = cluster.seccomp("names", "named", "main");
    // From 1.27 on nothing reads the annotation where Portcullis is not installed.
    assertThat(named.mode())
        .isEqualTo(cluster.before(27) ? SeccompState.Mode.FILTER : SeccompState.Mode.DISABLED);
    assertThat(named.filters()).isEqualTo(cluster.before(27) ? 1 : 0);
  }

  @Test
  void aProfileOfTheNode() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("profiles");
    Files.writeString(
        cluster.profileRoot().resolve("no-mkdir.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
        """);
    String tried = "mkdir /tmp-made && echo made; sleep 1000";
    cluster.apply(pod("profiles", "plain", "", tried));
    cluster.apply(
        pod("profiles", "named", "", tried)
            .replace(
                "spec:\n",
                """
                spec:
                  securityContext:
                    seccompProfile: {type: Localhost, localhostProfile: no-mkdir.json}
                """));
    assertThat(cluster.seccomp("profiles", "named", "main").mode())
        .isEqualTo(SeccompState.Mode.FILTER);
    cluster.waitUntil(
        "the plain pod has made its directory",
        () -> cluster.admin("logs", "-n=profiles", "plain").equals("made\n"));
    cluster.waitUntil(
        "the filtered pod has tried",
        () ->
            cluster
                .admin("logs", "-n=profiles", "named")
                .equals("mkdir: can't create directory '/tmp-made': Operation not permitted\n"));
  }

  @Test
  void usersAreWhoTheyAre() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("users");
    assertThat(cluster.kubectl("alice", "get", "pods", "-n=users").err())
        .contains("pods is forbidden: User \"alice\" cannot list resource \"pods\"");
    cluster.admin(
        "create", "rolebinding", "-n=users", "look", "--clusterrole=view", "--group=developers");
    cluster.waitUntil(
        "alice may look, by her group",
        () -> cluster.kubectl("alice", "get", "pods", "-n=users").ok());
    assertThat(cluster.kubectl("bob", "get", "pods", "-n=users").err())
        .contains("pods is forbidden: User \"bob\" cannot list resource \"pods\"");
    cluster.addUser("carol", "developers", "testers");
    assertThat(cluster.kubectl("carol", "get", "pods", "-n=users").ok()).isTrue();
    assertThatThrownBy(() -> cluster.kubectl("mallory", "get", "pods"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no user mallory");
  }

  /// From the Deployment to a process, and to it through the Service, as a webhook is called.
  @Test
  void aDeploymentBehindAServiceIsReached() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("serving");
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: serving, name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: web
                image: %s
                command: [sh, -c, 'echo "hello of $(hostname)" >/var/www/index.html && exec httpd -f -p 8080 -h /var/www']
                readinessProbe: {httpGet: {port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {namespace: serving, name: web}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        """
            .formatted(cluster.busybox()));
    assertThat(cluster.admin("rollout", "status", "deployment/web", "-n=serving", "--timeout=90s"))
        .contains("successfully rolled out");
    cluster.waitUntil(
        "the API server reaches the Service",
        () ->
            cluster
                .admin("get", "--raw=/api/v1/namespaces/serving/services/web:80/proxy/")
                .startsWith("hello of web-"));
    assertThat(
            cluster.admin(
                "exec", "-n=serving", "deployment/web", "--", "cat", "/var/www/index.html"))
        .startsWith("hello of web-");
  }

  /// As programs in a cluster do it: by the environment, and the token and authority in the pod.
  @Test
  void aPodReachesTheApiServerByItsService() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("inside");
    cluster.apply(
        pod(
            "inside",
            "client",
            "",
            // A distribution may add files.
            "cd /var/run/secrets/kubernetes.io/serviceaccount; ls ca.crt namespace token;"
                + " nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null && echo reached;"
                + " sleep 1000"));
    cluster.waitUntil(
        "the pod has its token and has reached the API server",
        () ->
            cluster
                .admin("logs", "-n=inside", "client")
                .equals("ca.crt\nnamespace\ntoken\nreached\n"));
  }

  @Test
  void anEphemeralContainer() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("debugging");
    cluster.apply(pod("debugging", "subject", "", SLEEP));
    cluster.seccomp("debugging", "subject", "main");
    Result debug =
        cluster.kubectl(
            "admin",
            "debug",
            "-n=debugging",
            "subject",
            "--image=" + cluster.busybox(),
            "--container=look",
            "--",
            "sleep",
            "1000");
    assertThat(debug.err()).isEmpty();
    assertThat(cluster.seccomp("debugging", "subject", "look").mode())
        .isEqualTo(SeccompState.Mode.DISABLED);
  }

  @Test
  void theApiServerRestarts() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("restart");
    cluster.apply(pod("restart", "before", "", SLEEP));
    long before = cluster.pid("restart", "before", "main");
    cluster.stopApiServer();
    assertThat(cluster.kubectl("admin", "get", "pods", "-n=restart").ok()).isFalse();
    cluster.startApiServer();
    cluster.apply(pod("restart", "after", "", SLEEP));
    assertThat(cluster.pid("restart", "after", "main")).isPositive();
    assertThat(cluster.pid("restart", "before", "main")).isEqualTo(before);
    cluster.killApiServer();
    cluster.startApiServer();
    assertThat(cluster.admin("get", "pods", "-n=restart", "-o=name"))
        .isEqualTo("pod/after\npod/before\n");
  }

  @Test
  void waitingEnds() {
    assertThatThrownBy(
            () -> REAL.get().waitUntil("two is three", Duration.ofMillis(10), () -> false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not within 0 s: two is three (logs: ");
  }
}

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is in the cluster: a policy and a namespace for each of many teams, and a policy for
/// everybody.
record World(int teams) {
  /// The team whose pods are measured.
  static final String TEAM = "team-0007";

  static final String PROFILE = "localhost/" + TEAM + "/app.json";

  World {
    if (teams < 8) {
      throw new IllegalArgumentException(teams + " teams: there must be eight, " + TEAM + " is one");
    }
  }

  void create(ClusterConnection connection) throws IOException {
    for (int team = 0; team < teams; team++) {
      String name = team(team);
      make(
          connection,
          "/apis/portcullis.dev/v1alpha1/seccomppolicies",
          """
          {"apiVersion": "portcullis.dev/v1alpha1", "kind": "SeccompPolicy", "metadata": {"name": "%1$s"},
           "spec": {"allowedProfiles": ["localhost/%1$s/*"]}}
          """
              .formatted(name));
      make(
          connection,
          "/api/v1/namespaces",
          "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}"
              .formatted(name));
    }
  }

  /// Creates an object, as the API server then has it.
  static Mapping make(ClusterConnection connection, String path, String json) throws IOException {
    return connection.create(path, (Mapping) read(json), "create what the bench needs");
  }

  private static Value read(String json) throws IOException {
    return switch (Documents.readJson(json.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> values.getFirst();
      case ParseResult.Malformed(Position at, String message) -> throw new IOException(at + message);
    };
  }

  static String team(int number) {
    return "team-%04d".formatted(number);
  }

  /// The same policies for the webhook in Go.
  String asJson() {
    return IntStream.range(0, teams)
        .mapToObj(
            team ->
                "{\"name\": \"%1$s\", \"allowed\": [\"localhost/%1$s/*\"], \"groups\": [\"%2$s\"]}"
                    .formatted(team(team), team(team).equals(TEAM) ? "developers" : team(team)))
        .collect(
            Collectors.joining(
                ",\n",
                "[{\"name\": \"everybody\", \"allowed\": [\"runtime/default\"], \"groups\":"
                    + " [\"system:authenticated\"]},\n",
                "]"));
  }

  /// A pod as people have them: three kilobytes with what the API server adds. It names a profile
  /// for one of its containers, and is never scheduled.
  static String pod(String namespace, String name) {
    return """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"namespace": "%s", "name": "%s",
       "labels": {"app.kubernetes.io/name": "shop", "app.kubernetes.io/component": "web", "pod-template-hash": "5d4f8c7b9d"},
       "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "9090",
         "container.seccomp.security.alpha.kubernetes.io/web": "%s"}},
     "spec": {"schedulerName": "nobody", "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
       "serviceAccountName": "default", "dnsPolicy": "ClusterFirst",
       "initContainers": [%s],
       "containers": [%s, %s],
       "volumes": [{"name": "data", "emptyDir": {}}, {"name": "config", "configMap": {"name": "shop", "defaultMode": 420}}],
       "tolerations": [
         {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
         {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]}}
    """
        .formatted(
            namespace, name, PROFILE, container("migrate"), container("web"), container("log"));
  }

  private static String container(String name) {
    return """
    {"name": "%s", "image": "registry.example/shop/%1$s:1.4.2", "imagePullPolicy": "IfNotPresent",
     "args": ["--listen=:8080", "--log-format=json", "--config=/etc/shop/config.yaml"],
     "env": [{"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}},
             {"name": "GOMAXPROCS", "value": "2"}],
     "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
     "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "config", "mountPath": "/etc/shop", "readOnly": true}],
     "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true}}
    """
        .formatted(name)
        .strip();
  }

  /// What an API server asks about it.
  static String review(String namespace) {
    return """
    {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1",
     "request": {"uid": "0df28fbd-5f5f-11e8-bc74-36e6bb280816",
       "kind": {"group": "", "version": "v1", "kind": "Pod"},
       "resource": {"group": "", "version": "v1", "resource": "pods"},
       "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
       "requestResource": {"group": "", "version": "v1", "resource": "pods"},
       "name": "web", "namespace": "%s", "operation": "CREATE",
       "userInfo": {"username": "alice", "groups": ["developers", "system:authenticated"]},
       "object": %s, "oldObject": null, "dryRun": false,
       "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}}
    """
        .formatted(namespace, pod(namespace, "web"))
        // As an API server writes it.
        .replaceAll("\\n *", "");
  }
}

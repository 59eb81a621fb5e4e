import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of pods that differ: annotations and fields, pods and containers, init containers, and for
/// the policies in examples/policies admitted as well as refused. The same ones every time.
final class ManyPods {
  private static final int PODS_IN_A_FILE = 100;

  private static final String[] PROFILES = {
    "runtime/default", "localhost/example-explorer-profile", "localhost/batch/no-network.json", "unconfined"
  };

  private ManyPods() {}

  static void write(Path directory, int pods) throws IOException {
    for (int first = 0; first < pods; first += PODS_IN_A_FILE) {
      StringBuilder yaml = new StringBuilder();
      for (int i = first; i < Math.min(pods, first + PODS_IN_A_FILE); i++) {
        pod(i, yaml);
      }
      Files.writeString(directory.resolve("pods-%05d.yaml".formatted(first)), yaml);
    }
  }

  private static void pod(int number, StringBuilder yaml) {
    String profile = PROFILES[number % PROFILES.length];
    int way = number / PROFILES.length % 5;
    yaml.append(
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: pod-%d
          namespace: default
          labels: {app: "app-%d", tier: backend}
          annotations:
            example.com/owner: team-%d
        """
            .formatted(number, number % 50, number % 7));
    switch (way) {
      case 0 ->
          yaml.append("    seccomp.security.alpha.kubernetes.io/pod: ").append(profile).append('\n');
      case 1 ->
          yaml.append("    container.seccomp.security.alpha.kubernetes.io/main: ")
              .append(profile)
              .append('\n');
      default -> {}
    }
    yaml.append("spec:\n");
    yaml.append("  serviceAccountName: ").append(number % 3 == 0 ? "explorer" : "batch").append('\n');
    if (way == 2) {
      yaml.append("  securityContext:\n").append(field(profile, "    "));
    }
    if (number % 4 == 0) {
      yaml.append("  initContainers:\n");
      container("prepare", way == 3 ? profile : null, yaml);
    }
    yaml.append("  containers:\n");
    container("main", way == 3 ? profile : null, yaml);
    if (number % 2 == 0) {
      container("side", null, yaml);
    }
    yaml.append("  volumes:\n    - name: data\n      emptyDir: {}\n");
  }

  private static void container(String name, String profile, StringBuilder yaml) {
    yaml.append(
        """
            - name: %s
              image: registry.example.com/team/%s:1.2.3
              command: ["/bin/sh", "-c", "exec /app/server --port=8080"]
              env:
                - name: LEVEL
                  value: info
                - name: POD
                  valueFrom: {fieldRef: {fieldPath: metadata.name}}
              resources:
                limits: {cpu: 500m, memory: 128Mi}
              volumeMounts:
                - name: data
                  mountPath: /data
              securityContext:
                allowPrivilegeEscalation: false
        """
            .formatted(name, name));
    if (profile != null) {
      yaml.append(field(profile, "        "));
    }
  }

  private static String field(String profile, String indent) {
    String type =
        switch (profile) {
          case "runtime/default" -> "RuntimeDefault";
          case "unconfined" -> "Unconfined";
          default -> "Localhost";
        };
    String field = indent + "seccompProfile:\n" + indent + "  type: " + type + "\n";
    return type.equals("Localhost")
        ? field + indent + "  localhostProfile: " + profile.substring("localhost/".length()) + "\n"
        : field;
  }
}

package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.rbac.User;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Pods, workloads and users at random; the same for the same seed.
final class RandomPods {
  private static final List<String> NAMES =
      List.of(
          "runtime/default",
          "runtime/default",
          "docker/default",
          "unconfined",
          "localhost/team-a/web.json",
          "localhost/team-a/jobs/one.json",
          "localhost/team-a/jobs/",
          "localhost/team-b/x",
          "localhost/old.json",
          "localhost/batch/*",
          "localhost/batch/one",
          "localhost/elsewhere",
          "localhost/");
  private static final List<String> FIELDS =
      List.of(
          "{type: RuntimeDefault}",
          "{type: RuntimeDefault}",
          "{type: Unconfined}",
          "{type: Localhost, localhostProfile: team-a/web.json}",
          "{type: Localhost, localhostProfile: team-a/jobs/two.json}",
          "{type: Localhost, localhostProfile: team-b/y}",
          "{type: Localhost, localhostProfile: batch/one}",
          "{type: Localhost, localhostProfile: ''}");
  private static final List<User> USERS =
      List.of(
          User.requesting("alice", List.of("team-a")),
          User.requesting("bob", List.of()),
          User.requesting("ops", List.of("operators")),
          User.requesting("system:serviceaccount:kube-system:replicaset-controller", List.of()));

  private final RandomGenerator random;

  RandomPods(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  User user() {
    return one(USERS);
  }

  boolean oneOf(int many) {
    return random.nextInt(many) == 0;
  }

  /// A pod that is sent.
  Mapping pod() {
    return Worlds.yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {"
            + annotations()
            + "}"
            + (oneOf(20) ? ", labels: {portcullis.dev/proven: 'true'}" : "")
            + "}, spec: {"
            + spec()
            + "}}");
  }

  /// The same pod with other annotations.
  Mapping changed() {
    return Worlds.yaml(annotations());
  }

  /// A workload of a kind, around such a pod.
  String template() {
    return "{metadata: {annotations: {" + seccompAnnotations() + "}}, spec: {" + spec() + "}}";
  }

  private String spec() {
    StringBuilder spec = new StringBuilder();
    if (oneOf(3)) {
      spec.append("serviceAccountName: ").append(one(List.of("runner", "web"))).append(", ");
    }
    if (oneOf(25)) {
      spec.append("os: {name: windows}, ");
    } else {
      spec.append(context(false));
    }
    if (oneOf(3)) {
      spec.append("initContainers: [{").append(context(true)).append("name: c0}], ");
    }
    spec.append("containers: [");
    int containers = 1 + random.nextInt(3);
    for (int i = 1; i <= containers; i++) {
      spec.append("{").append(context(true)).append("name: c").append(i).append("}, ");
    }
    return spec.append("]").toString();
  }

  String annotations() {
    StringBuilder annotations = new StringBuilder(seccompAnnotations());
    if (oneOf(12)) {
      annotations.append("portcullis.dev/policy: team-b, ");
    }
    if (oneOf(12)) {
      annotations.append("portcullis.dev/unconfined: c1, ");
    }
    if (oneOf(20)) {
      annotations.append("portcullis.dev/proven: '[]', portcullis.dev/other: x, ");
    }
    if (oneOf(20)) {
      annotations.append("portcullis.dev/prove: 'true', ");
    }
    return annotations.toString();
  }

  private String seccompAnnotations() {
    StringBuilder annotations = new StringBuilder();
    named(annotations, 4, "seccomp.security.alpha.kubernetes.io/pod");
    named(annotations, 8, "container.seccomp.security.alpha.kubernetes.io/c0");
    named(annotations, 5, "container.seccomp.security.alpha.kubernetes.io/c1");
    named(annotations, 10, "container.seccomp.security.alpha.kubernetes.io/nobody");
    if (oneOf(25)) {
      annotations.append("run.oci.seccomp_bpf_data: x, ");
    }
    if (oneOf(25)) {
      annotations.append("seccomp-profile.kubernetes.cri-o.io/c1: x, ");
    }
    if (oneOf(40)) {
      annotations.append("org.criu.checkpoint: x, ");
    }
    return annotations.toString();
  }

  private void named(StringBuilder annotations, int seldom, String key) {
    if (oneOf(seldom)) {
      annotations.append("'").append(key).append("': '").append(one(NAMES)).append("', ");
    }
  }

  /// An ephemeral container.
  String debugger() {
    return "{" + context(true) + "name: debug}";
  }

  private String context(boolean container) {
    StringBuilder context = new StringBuilder();
    if (oneOf(3)) {
      context.append("seccompProfile: ").append(one(FIELDS)).append(", ");
    }
    if (container && oneOf(12)) {
      context.append("privileged: true, ");
    } else if (container && oneOf(4)) {
      context.append("allowPrivilegeEscalation: false, ");
      if (oneOf(4)) {
        context
            .append("capabilities: {add: [")
            .append(one(List.of("sys_admin ", "NET_ADMIN")))
            .append("]}, ");
      }
    }
    return context.isEmpty() && oneOf(2) ? "" : "securityContext: {" + context + "}, ";
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}

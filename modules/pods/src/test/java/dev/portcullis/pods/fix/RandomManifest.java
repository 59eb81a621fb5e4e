package dev.portcullis.pods.fix;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A manifest as somebody might write it: kinds, levels, styles, comments and line breaks vary.
///
/// Its seccomp annotations can all become fields.
final class RandomManifest {
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String[] PROFILES = {
    "runtime/default",
    "docker/default",
    "unconfined",
    "localhost/profiles/audit.json",
    "localhost/a b#c",
    "localhost/yes",
    "localhost/\u00fc: {x}"
  };

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final int step;
  private int comments;

  private RandomManifest(Random random) {
    this.random = random;
    this.step = random.nextBoolean() ? 2 : 4;
  }

  /// One of several documents.
  static String make(Random random) {
    StringBuilder all = new StringBuilder();
    int documents = 1 + random.nextInt(3);
    for (int i = 0; i < documents; i++) {
      RandomManifest manifest = new RandomManifest(random);
      manifest.object();
      all.append(i == 0 ? "" : "---\n").append(manifest.text);
    }
    if (random.nextInt(6) == 0) {
      all.setLength(all.length() - 1);
    }
    return random.nextInt(5) == 0 ? all.toString().replace("\n", "\r\n") : all.toString();
  }

  private boolean sometimes() {
    return random.nextInt(3) == 0;
  }

  private boolean seldom() {
    return random.nextInt(9) == 0;
  }

  private String profile() {
    return PROFILES[random.nextInt(PROFILES.length)];
  }

  private String quoted(String scalar) {
    return switch (random.nextInt(3)) {
      case 0 -> "'" + scalar + "'";
      case 1 -> "\"" + scalar + "\"";
      default -> scalar.matches("[a-z/.]+") ? scalar : "\"" + scalar + "\"";
    };
  }

  private void line(int depth, String content) {
    if (seldom()) {
      text.append(" ".repeat(random.nextInt(9)))
          .append("# comment ")
          .append(comments++)
          .append('\n');
    }
    if (seldom()) {
      text.append('\n');
    }
    text.append(" ".repeat(step * depth)).append(content);
    if (seldom()) {
      text.append("  # behind ").append(comments++);
    }
    text.append('\n');
  }

  private void object() {
    List<String> names =
        new ArrayList<>(List.of("one", "two", "three").subList(0, 1 + random.nextInt(3)));
    switch (random.nextInt(4)) {
      case 0 -> {
        head("v1", "Pod");
        pod(0, names, "name: pod");
      }
      case 1 -> {
        head("batch/v1", "CronJob");
        line(0, "metadata: {name: job}");
        line(0, "spec:");
        line(1, "jobTemplate:");
        line(2, "spec:");
        line(3, "template:");
        pod(4, names, "labels: {app: x}");
      }
      case 2 -> {
        head("example.com/v1", "Unknown");
        line(0, "metadata: {name: x}");
        line(0, "spec:");
        line(1, "template:");
        pod(2, names, "labels: {app: x}");
      }
      default -> {
        head("apps/v1", "Deployment");
        line(0, "metadata: {name: web}");
        line(0, "spec:");
        line(1, "replicas: 3");
        line(1, "template:");
        pod(2, names, "labels: {app: x}");
      }
    }
  }

  private void head(String apiVersion, String kind) {
    line(0, "apiVersion: " + apiVersion);
    line(0, "kind: " + kind);
  }

  private void pod(int depth, List<String> names, String other) {
    metadata(depth, names, other);
    line(depth, "spec:");
    if (sometimes()) {
      line(depth + 1, "hostNetwork: false");
    }
    if (sometimes()) {
      context(depth + 1);
    }
    int init = random.nextInt(names.size());
    if (init > 0) {
      containers(depth + 1, "initContainers", names.subList(0, init));
    }
    containers(depth + 1, "containers", names.subList(init, names.size()));
    if (sometimes()) {
      line(depth + 1, "terminationGracePeriodSeconds: 5");
    }
  }

  private void metadata(int depth, List<String> names, String other) {
    List<String> annotations = new ArrayList<>();
    if (random.nextBoolean()) {
      annotations.add(POD + ": " + quoted(profile()));
    }
    for (String name : names) {
      if (random.nextBoolean()) {
        annotations.add(CONTAINER + name + ": " + quoted(profile()));
      }
    }
    if (sometimes()) {
      annotations.add(random.nextInt(annotations.size() + 1), "team: 'shop'");
    }
    if (annotations.isEmpty()) {
      line(depth, "metadata: {" + other + "}");
      return;
    }
    if (sometimes()) {
      line(
          depth,
          "metadata: {" + other + ", annotations: {" + String.join(", ", annotations) + "}}");
      return;
    }
    line(depth, "metadata:");
    boolean first = random.nextBoolean();
    if (first) {
      line(depth + 1, other);
    }
    if (sometimes()) {
      line(depth + 1, "annotations: {" + String.join(", ", annotations) + "}");
    } else {
      line(depth + 1, "annotations:");
      annotations.forEach(annotation -> line(depth + 2, annotation));
    }
    if (!first) {
      line(depth + 1, other);
    }
  }

  private void containers(int depth, String list, List<String> names) {
    line(depth, list + ":");
    boolean inner = random.nextBoolean();
    String dash = " ".repeat(inner ? step : 0) + "-" + " ".repeat(step - 1);
    for (String name : names) {
      if (sometimes()) {
        line(
            depth,
            dash
                + "{name: "
                + name
                + ", image: busybox"
                + (sometimes() ? ", securityContext: {}" : "")
                + "}");
        continue;
      }
      int below = depth + (inner ? 2 : 1);
      boolean named = random.nextBoolean();
      line(depth, dash + (named ? "name: " + name : "image: busybox"));
      if (sometimes()) {
        text.append(" ".repeat(step * below)).append("args:\n");
        text.append(" ".repeat(step * below)).append("- |\n");
        text.append(" ".repeat(step * below + 4)).append("echo '# no comment'\n\n");
      }
      line(below, named ? "image: busybox" : "name: " + name);
      if (sometimes()) {
        context(below);
      }
      if (sometimes()) {
        line(below, "command: [sh, -c, 'true']");
      }
    }
  }

  private void context(int depth) {
    switch (random.nextInt(6)) {
      case 0 -> line(depth, "securityContext: {}");
      case 1 -> line(depth, "securityContext:");
      case 2 -> line(depth, "securityContext: null");
      case 3 -> line(depth, "securityContext: {runAsUser: 1000}");
      default -> {
        line(depth, "securityContext:");
        line(depth + 1, "runAsUser: 1000");
        line(depth + 1, "seLinuxOptions:");
        line(depth + 2, "level: s0");
      }
    }
  }
}

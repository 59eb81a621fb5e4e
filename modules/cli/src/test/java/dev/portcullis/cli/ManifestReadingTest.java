package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of manifests by their place, and of what is not one yet.
class ManifestReadingTest {
  private static final String ANNOTATED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: docker/default
      spec:
        containers: [{name: C_, image: i}]
      """;
  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: {{ include "web.name" . }}
      spec:
      {{- if .Values.sidecar }}
        containers: []
      {{- end }}
      """;

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  @Test
  void warningsAndErrorsHaveTheLine() throws IOException {
    String file = file("pod.yaml", ANNOTATED);
    assertThat(Run.of("check", file).out())
        .contains(
            "warning: " + file + ":6: default/web: metadata.annotations.seccomp.security.alpha",
            "refused: " + file + ":8: default/web: spec.containers[0].name: ");
  }

  @Test
  void standardInputIsCalledSo() {
    Run run = Run.with(ANNOTATED, "check", "-");
    assertThat(run.out())
        .contains("warning: standard input:6: default/web: ", "refused: standard input:8: ")
        .doesNotContain(" -:");
    assertThat(Run.with("a: b", "check", "-").err())
        .contains("error: standard input:1: no Kubernetes object");
    assertThat(Run.with("a: [", "check", "-").err()).contains("error: standard input:1: not YAML");
    assertThat(Run.with("", "check", "-").err()).contains("error: standard input: empty");
  }

  /// As `helm template` writes it. A comment that is no source, and an object without one, name
  /// nothing.
  @Test
  void aRenderedObjectIsNamedByItsTemplate() throws IOException {
    String rendered =
        "---\n# Source: web/templates/pod.yaml\n# Copyright of somebody\n"
            + ANNOTATED
            + "---\n"
            + ANNOTATED.replace("web", "bare");
    assertThat(Run.with(rendered, "check", "-", "-v").out())
        .contains(
            "warning: web/templates/pod.yaml (standard input:9): default/web: metadata",
            "refused: web/templates/pod.yaml (standard input:11): default/web: spec",
            "warning: standard input:18: default/bare: metadata");
    String file = file("all.yaml", rendered);
    assertThat(Run.of("check", "-v", file).out())
        .contains("refused: web/templates/pod.yaml (" + file + ":11): default/web: spec");
    assertThat(Run.with(rendered, "check", "-", "-o", "json").out()).contains("\"source\" : \"-\"");
  }

  @Test
  void aTemplateThatIsNotRendered() throws IOException {
    String file = file("pod.yaml", TEMPLATE);
    Run run = Run.of("check", file);
    assertThat(run.code()).isOne();
    assertThat(run.err())
        .contains(
            "error: "
                + file
                + ":4: \"{{ include \"web.name\" . }}\": a template; render it first: helm template"
                + " CHART | portcullis check -\n");
    assertThat(
            Run.of("check", file("b.yaml", TEMPLATE.replaceAll("(?m)^  name.*", "  name: w")))
                .err())
        .contains("b.yaml:6: \"{{- if .Values.sidecar }}\": a template; ");
  }

  /// What is broken in another way, and has braces in a comment or after the fault.
  @Test
  void aBrokenManifestIsNoTemplate() throws IOException {
    String broken = "# {{ x }}\napiVersion: v1\nkind: Pod\nmetadata: {name: p\nspec: {}\n";
    assertThat(Run.of("check", file("pod.yaml", broken)).err())
        .contains("not YAML")
        .doesNotContain("template");
    assertThat(Run.of("check", file("pod.yaml", "a: [\nb: }\n\n\nc: {{ x }}\n")).err())
        .contains("not YAML")
        .doesNotContain("template");
    String quoted = ANNOTATED.replace("docker/default", "'{{ x }}'");
    assertThat(Run.of("check", file("pod.yaml", quoted)).out())
        .contains("Invalid value: \"{{ x }}\"");
  }

  /// One line for a chart, however many templates it has; what stands beside it is judged.
  @Test
  void aDirectoryWithAChart() throws IOException {
    file("web/Chart.yaml", "apiVersion: v2\nname: web\n");
    file("web/values.yaml", "a: b\n");
    file("web/templates/pod.yaml", TEMPLATE);
    file("web/templates/other.yaml", TEMPLATE);
    file("web/charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\n");
    file("web/charts/inner/templates/pod.yaml", TEMPLATE);
    file("web-pod.yaml", ANNOTATED.replace("C_", "c"));
    Run run = Run.of("check", temporary.toString());
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("1 pod: 1 admitted, 0 refused");
    String chart = temporary + "/web";
    assertThat(run.err().lines().filter(line -> line.startsWith("error:")))
        .containsExactly(
            "error: "
                + chart
                + ": a Helm chart, which has manifests only once it is rendered: helm template "
                + chart
                + " | portcullis check -");
    Files.delete(temporary.resolve("web/Chart.yaml"));
    assertThat(Run.of("check", temporary.toString()).err())
        .contains("web/templates/pod.yaml:4: ", "web/charts/inner: a Helm chart");
  }

  @Test
  void filesThatAreNotReadAreSaid() throws IOException {
    file("pod.yaml", ANNOTATED.replace("C_", "c"));
    file("README.md", "text");
    assertThat(Run.of("check", temporary.toString()).err()).doesNotContain("read");
    file("pod.yaml.tmpl", TEMPLATE);
    assertThat(Run.of("check", temporary.toString()).err())
        .contains("note: not read: " + temporary + "/pod.yaml.tmpl; of directories only .yaml,");
    file("a.JSON", "{}");
    file("b.yaml.bak", "{}");
    file("c.yml.j2", "{}");
    Run run = Run.of("check", temporary.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("note: 4 files were not read: " + temporary + "/a.JSON, ", "/c.yml.j2, ...; of");
  }

  @Test
  void annotationsOfAPodSecurityPolicyThatNobodyReads() throws IOException {
    String policies =
        """
        apiVersion: policy/v1beta1
        kind: PodSecurityPolicy
        metadata:
          name: p
          annotations:
            seccomp.security.alpha.kubernetes.io/allowedProfileNames: runtime/default
            seccomp.security.alpha.kubernetes.io/defaultProfileNames: runtime/default
        spec: {}
        """;
    String file = file("psp.yaml", policies);
    String note =
        "note: "
            + file
            + ":7: PodSecurityPolicy \"p\":"
            + " metadata.annotations[seccomp.security.alpha.kubernetes.io/defaultProfileNames] has"
            + " no effect on a PodSecurityPolicy; did you mean"
            + " seccomp.security.alpha.kubernetes.io/defaultProfileName?\n";
    assertThat(Run.with(ANNOTATED, "check", "-", "--policy", file).err()).contains(note);
    assertThat(Run.of("policy", "convert", file).err()).contains(note);
    String right =
        file(
            "right.yaml",
            policies.replace("Names: runtime/default\nspec", "Name: runtime/default\nspec"));
    assertThat(Run.of("policy", "convert", right).err()).doesNotContain("did you mean");
  }

  /// They are read at the same time; the first ones are the longest, and so would be the last.
  @Test
  void manyFilesKeepTheirOrder() throws IOException {
    List<String> pods = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (int i = 10; i < 50; i++) {
      boolean broken = i % 5 == 0;
      String pod = ANNOTATED.replace("web", "p" + i).replace("C_", "c");
      String file =
          file("d/" + i + ".yaml", "#\n".repeat((50 - i) * 2_000) + (broken ? "a: [" : pod));
      if (broken) {
        errors.add("error: " + file);
      } else {
        pods.add("default/p" + i);
      }
    }
    Run run = Run.of("check", "-v", temporary.resolve("d").toString());
    assertThat(run.err().lines().filter(line -> line.startsWith("error: ")))
        .extracting(line -> line.substring(0, line.indexOf(".yaml") + 5))
        .containsExactlyElementsOf(errors);
    assertThat(run.out().lines().filter(line -> line.startsWith("default/p")))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactlyElementsOf(pods);
  }
}

package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Which pods `exposure ID --close` names, and which containers `exposure` leaves out.
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the filters are those of x86_64")
class EmergencyBrakeTest {
  private static final String ALG = "CVE-2026-31431";
  private static final String SANDBOX = "examples/profiles/browser-sandbox.json";

  @TempDir Path temporary;

  /// A stored pod.
  ///
  /// @param metadata beside its name
  /// @param spec beside its containers
  private static String pod(String name, String metadata, String spec) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: web%s}
    spec: {containers: [{name: c, image: i}]%s}
    """
        .formatted(name, metadata, spec);
  }

  private static final String RUNTIME_DEFAULT =
      ", securityContext: {seccompProfile: {type: RuntimeDefault}}";
  private static final String RECORD = "portcullis.dev/policy: everybody";

  private Run close(String... pods) throws IOException {
    Path file = Files.writeString(temporary.resolve("pods.yaml"), String.join("", pods));
    return Run.of(
        "exposure",
        ALG,
        "--close",
        "--runtime-default",
        SANDBOX,
        "--policy",
        "examples/everybody.yaml",
        file.toString());
  }

  /// The lines between two others.
  private static List<String> between(String yaml, String first, String last) {
    List<String> lines = yaml.lines().map(line -> line.replaceFirst("^# *", "")).toList();
    int from = index(lines, first);
    return lines.subList(from + 1, from + index(lines.subList(from, lines.size()), last)).stream()
        .filter(line -> line.startsWith("- "))
        .toList();
  }

  private static int index(List<String> lines, String begin) {
    return Stream.iterate(0, i -> i + 1)
        .limit(lines.size())
        .filter(i -> lines.get(i).startsWith(begin))
        .findFirst()
        .orElseThrow(() -> new AssertionError(begin + " is not in " + lines));
  }

  /// The webhook writes the default into the pod's field, where an author may have written it, too.
  /// A record says that it may have been the webhook; an annotation, or the field of a container,
  /// that it was the author.
  @Test
  void aPodThatTheWebhookChangedIsRestarted() throws IOException {
    String annotation = ", seccomp.security.alpha.kubernetes.io/pod: runtime/default";
    Run run =
        close(
            pod("nothing", "", ""),
            pod("authored", "", RUNTIME_DEFAULT),
            pod("written", ", annotations: {" + RECORD + "}", RUNTIME_DEFAULT),
            pod("annotated", ", annotations: {" + RECORD + annotation + "}", RUNTIME_DEFAULT),
            pod("container", ", annotations: {" + RECORD + "}", "")
                .replace("image: i", "image: i" + RUNTIME_DEFAULT),
            pod("privileged", ", annotations: {" + RECORD + "}", RUNTIME_DEFAULT)
                .replace("image: i", "image: i, securityContext: {privileged: true}"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(between(run.out(), "3. Restart these", "The webhook admitted"))
        .containsExactly("- web/nothing");
    assertThat(between(run.out(), "The webhook admitted", "These name"))
        .containsExactly("- web/written");
    assertThat(between(run.out(), "These name", "4. To go back"))
        .containsExactly("- web/authored", "- web/annotated", "- web/container");
  }

  /// Where the nodes of a cluster read their profiles.
  @Test
  void theNamespaceOfTheProfiles() {
    String[] line = {"exposure", ALG, "--close", "--runtime-default", SANDBOX};
    assertThat(Run.of(line).out())
        .contains("  namespace: portcullis-profiles\n", " -n portcullis-profiles\n");
    Run run =
        Run.of(
            Stream.concat(Stream.of(line), Stream.of("--profiles-namespace", "seccomp"))
                .toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("  namespace: seccomp\n", " -n seccomp\n")
        .doesNotContain("portcullis-profiles");
    Run wrong =
        Run.of(
            Stream.concat(Stream.of(line), Stream.of("--profiles-namespace", "a b"))
                .toArray(String[]::new));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--profiles-namespace \"a b\" is not a valid namespace");
  }

  /// A template is what its author wrote, whatever stands in it.
  @Test
  void aTemplateIsItsAuthors() throws IOException {
    Run run =
        close(
            """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop, namespace: web}
            spec:
              template:
                metadata: {annotations: {portcullis.dev/policy: everybody}}
                spec:
                  securityContext: {seccompProfile: {type: RuntimeDefault}}
                  containers: [{name: c, image: i}]
            """);
    assertThat(between(run.out(), "These name", "4. To go back"))
        .containsExactly("- Deployment web/shop");
    assertThat(run.out()).doesNotContain("The webhook admitted");
  }

  @Test
  void whatDoesNotRunIsLeftOutWithItsReason() throws IOException {
    Path file =
        Files.writeString(
            temporary.resolve("bad.yaml"),
            pod("good", "", "")
                + pod("path", "", "")
                    .replace(
                        "image: i",
                        "image: i, securityContext: {seccompProfile: {type: Localhost,"
                            + " localhostProfile: ../x}}")
                + pod("type", "", ", securityContext: {seccompProfile: {type: Nope}}")
                + pod(
                    "text", ", annotations: {seccomp.security.alpha.kubernetes.io/pod: nope}", ""));
    Run run = Run.of("exposure", ALG, file.toString());
    assertThat(run.err())
        .contains(
            "note: "
                + file
                + ":10: web/path c does not run, and is left out: "
                + "spec.containers[0].securityContext.seccompProfile.localhostProfile: ")
        .contains(
            "web/type c does not run, and is left out: spec.securityContext.seccompProfile.type: ")
        .contains("web/text c does not run, and is left out: metadata.annotations.");
    String json = Run.of("exposure", ALG, file.toString(), "-o", "json").out();
    assertThat(json.replaceAll("\\s+", " "))
        .contains(
            "\"leftOut\" : [ { \"name\" : \"web/path c\", \"source\" : \""
                + file
                + "\", \"line\" : 10, \"reason\" : \"does not run: spec.containers[0].");
    Run refused =
        Run.of(
            "exposure",
            ALG,
            file.toString(),
            "--with-portcullis",
            "--policy",
            "examples/policies",
            "--as",
            "nobody");
    assertThat(refused.err()).contains("web/good c is refused, and is left out: ");
  }
}

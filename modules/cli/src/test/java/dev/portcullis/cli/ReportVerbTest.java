package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.report.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `report` of files.
class ReportVerbTest {
  private static final String ROOT = "examples/profiles";

  @TempDir Path directory;

  private static Run examples(String... more) {
    String[] words = new String[7 + more.length];
    System.arraycopy(
        new String[] {
          "report",
          "examples",
          "--policy",
          "examples/policies",
          "--seccomp-profile-root",
          ROOT,
          "--kubernetes=1.36"
        },
        0,
        words,
        0,
        7);
    System.arraycopy(more, 0, words, 7, more.length);
    return Run.of(words);
  }

  private static String number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  /// Anyone who reads both must not find two truths.
  @Test
  void itCountsAsCheckDoes() {
    String check =
        Run.of(
                "check",
                "examples",
                "--policy",
                "examples/policies",
                "--kubernetes=1.36",
                "-o",
                "json")
            .out();
    String page = examples().out();
    assertThat(page)
        .contains(
            "<strong>"
                + number("\"unfilteredToday\" : (\\d+)", check)
                + "</strong> of "
                + number("\"containers\" : (\\d+)", check))
        .contains(
            "<strong>" + number("\"unfilteredWithPortcullis\" : (\\d+)", check) + "</strong> of ");
  }

  @Test
  void itSaysWhatEachProfileIsToTheDefault() {
    Run run = examples();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "neither stricter nor weaker than the runtime&#39;s default",
            "the same as the runtime&#39;s default",
            "portcullis fix examples",
            "Group developers",
            "CVE-2026-31431");
  }

  @Test
  void aProfileThatIsNotThereIsUnknown() {
    Run run = Run.of("report", "examples/override.yaml", "--seccomp-profile-root", "docs");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("The filter of 1 container is not known")
        .contains("1 unknown")
        .doesNotContain("own profile");
  }

  @Test
  void aProfileThatDeniesNothingIsNoFilter() throws IOException {
    Files.writeString(directory.resolve("all.json"), "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
    Path pod = directory.resolve("pod.yaml");
    Files.writeString(
        pod,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext:
            seccompProfile: {type: Localhost, localhostProfile: all.json}
          containers: [{name: c, image: i}]
        """);
    Run run = Run.of("report", pod.toString(), "--seccomp-profile-root", directory.toString());
    assertThat(run.out())
        .contains("<strong>1</strong> of 1")
        .contains("the profile denies no call of this architecture")
        .doesNotContain("own profile");
  }

  /// One annotation of CRI-O lets the author of a pod choose the filter.
  @Test
  void whereAnAnnotationChoosesNothingIsKnown() throws IOException {
    Path pod = directory.resolve("pod.yaml");
    Files.writeString(
        pod,
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          annotations: {seccomp-profile.kubernetes.cri-o.io: quay.io/x/y:1}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers: [{name: c, image: i}]
        """);
    assertThat(Run.of("report", pod.toString()).out())
        .contains("an annotation chooses the filter")
        .contains("today: 1 unknown");
  }

  @Test
  void withoutPodsThereIsNoReport() throws IOException {
    Path file = directory.resolve("empty.yaml");
    Files.writeString(file, "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n");
    Run run = Run.of("report", file.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no pod in ");
  }

  @Test
  void whatCannotBeReadIsNamedInThePage() throws IOException {
    Files.copy(Path.of("examples/default.yaml"), directory.resolve("good.yaml"));
    Files.writeString(directory.resolve("broken.yaml"), "kind: [\n");
    Run run = Run.of("report", directory.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("<h3>Not read</h3>").contains("broken.yaml");
  }

  @Test
  void aFileIsWrittenWholeAndNotOverwritten() throws IOException {
    Path page = directory.resolve("report.html");
    assertThat(examples("--output-file", page.toString()).code()).isZero();
    assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    assertThat(examples("--output-file", page.toString()).err()).contains("the file exists");
  }

  @Test
  void itNeedsSomethingToReportAbout() {
    assertThat(Run.of("report").code()).isEqualTo(2);
    assertThat(Run.of("report", "a.yaml", "-A").code()).isEqualTo(2);
    assertThat(Run.of("report", "a.yaml", "--profiles-namespace", "x").err())
        .contains("is for --cluster without files");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {%s}
      spec:
        %s
        containers: [{name: c, image: i}]
      """;

  /// Of this one the decision diagram has too many nodes.
  private static String tooComplex() {
    Random random = new Random(1);
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<Integer> indices = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
      Collections.shuffle(indices, random);
      rules.add(
          "{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": ["
              + indices.stream()
                  .limit(3)
                  .map(index -> {
                    String bit = Long.toUnsignedString(1L << random.nextInt(64));
                    return "{\"index\": %d, \"value\": %s, \"valueTwo\": %2$s, \"op\":"
                            .formatted(index, bit)
                        + " \"SCMP_CMP_MASKED_EQ\"}";
                  })
                  .collect(Collectors.joining(","))
              + "]}");
    }
    return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86_64\"],"
        + " \"syscalls\": ["
        + String.join(",", rules)
        + "]}";
  }

  /// Nobody can say whether it denies anything.
  @Test
  void aFilterThatIsTooComplexIsUnknown() throws IOException {
    write("big.json", tooComplex());
    Path pod =
        write(
            "pod.yaml",
            POD.formatted(
                "name: a",
                "securityContext: {seccompProfile: {type: Localhost,"
                    + " localhostProfile: big.json}}"));
    Run run =
        Run.of(
            "report", pod.toString(), "--seccomp-profile-root", directory.toString(), "-o", "json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("too complex")
        .contains("\"state\" : \"unknown\"")
        .doesNotContain("\"state\" : \"own-profile\"");
    assertThat(run.out().replaceAll("\\s+", "")).contains("\"reaches\":[],\"undecided\":[\"CVE-");
  }

  @Test
  void aWindowsPodThatIsRefusedDoesNotRun() throws IOException {
    String windows = "os: {name: windows}";
    String named = windows + "\n  securityContext: {seccompProfile: {type: RuntimeDefault}}";
    assertThat(
            Run.of(
                    "report",
                    write("pod.yaml", POD.formatted("name: a", named)).toString(),
                    "-o",
                    "json")
                .out()
                .replaceAll("\\s+", ""))
        .contains(
            "\"withPortcullis\":{\"state\":\"not-run\",\"profile\":\"\",\"reason\":\"refused\"");
    assertThat(
            Run.of(
                    "report",
                    write("left.yaml", POD.formatted("name: a", windows)).toString(),
                    "-o",
                    "json")
                .out()
                .replaceAll("\\s+", ""))
        .contains(
            "\"withPortcullis\":{\"state\":\"unconfined\",\"profile\":\"unconfined\",\"reason\":\"windows\"");
  }

  @Test
  void aPodWithoutANameHasNoneInADocument() throws IOException {
    Path pod = write("pod.yaml", POD.formatted("", ""));
    assertThat(Run.of("report", pod.toString(), "-o", "json").out().replaceAll("\\s+", ""))
        .contains("\"names\":[\"\"]");
    assertThat(Run.of("report", pod.toString()).out()).contains("(without a name)");
  }

  /// A file may be called as clusters are in messages.
  @Test
  void aFileNamedClusterIsAPlace() throws IOException {
    Path file = Path.of("cluster");
    Files.writeString(file, POD.formatted("name: a", ""), StandardOpenOption.CREATE_NEW);
    try {
      assertThat(Run.of("report", "cluster", "-o", "json").out())
          .contains("\"place\" : \"cluster:1\"");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void theCommandsAskAsTheReportDid() throws IOException {
    String run =
        Run.of(
                "report",
                "examples",
                "--policy",
                "examples/policies",
                "--as=ann",
                "-n",
                "shop",
                "-o",
                "json")
            .out();
    assertThat(run)
        .containsPattern(
            "portcullis exposure CVE-[-0-9]+ examples --namespace shop"
                + " --runtime-default containerd/default\"")
        .contains(
            "portcullis check examples --policy examples/policies --namespace shop --as"
                + " ann\"");
  }

  /// One source has the words; the module of the report needs no pods.
  @Test
  void reasonsAreThoseOfCheck() {
    assertThat(Stream.of(StockKubernetes.Reason.values()).map(StockKubernetes.Reason::text))
        .containsAll(Confinement.REASONS);
  }

  @Test
  void aProgramGetsItsDocumentWithTheErrors() throws IOException {
    Path policy = write("policy.yaml", "kind: [\n");
    for (String[] words :
        new String[][] {
          {"report", "examples", "--policy", policy.toString(), "-o", "json"},
          {"report", "examples", "--catalogue", policy.toString(), "-o", "json"}
        }) {
      Run run = Run.of(words);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out().replaceAll("\\s+", ""))
          .contains("\"workloads\":[]")
          .contains("\"errors\":[{\"message\":\"")
          .contains("policy.yaml:");
    }
  }

  @Test
  void thoseThatAreNotComparedAreCounted() throws IOException {
    String[] calls = {"bpf", "mount", "ptrace", "kill", "read", "write", "open", "stat"};
    StringBuilder pods = new StringBuilder();
    for (int i = 0; i < 202; i++) {
      StringBuilder names = new StringBuilder("\"close\"");
      for (int bit = 0; bit < calls.length; bit++) {
        names.append((i >> bit & 1) == 1 ? ", \"" + calls[bit] + "\"" : "");
      }
      write(
          i + ".json",
          "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": \"SCMP_ACT_ERRNO\","
              + " \"names\": ["
              + names
              + "]}]}");
      pods.append("---\n")
          .append(
              POD.formatted(
                  "name: a" + i,
                  "securityContext: {seccompProfile: {type: Localhost, localhostProfile: "
                      + i
                      + ".json}}"));
    }
    Run run =
        Run.of(
            "report",
            write("pods.yaml", pods.toString()).toString(),
            "--seccomp-profile-root",
            directory.toString(),
            "-o",
            "json");
    assertThat(run.out())
        .contains(
            "2 profiles were not compared with the runtime's default: only the 200 that most"
                + " containers have are");
    assertThat(Pattern.compile("\"relation\" : \"unknown\"").matcher(run.out()).results())
        .hasSize(2);
  }

  @Test
  void byNameInOneNamespaceAndByProofInAllIsBoth() throws IOException {
    Path policies =
        write(
            "policies.yaml",
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata: {name: named}
            spec: {allowedProfiles: [localhost/x.json]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata: {name: proven}
            spec: {allowedProfiles: [runtime/default], stricterThan: [localhost/base.json]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: named}
            rules:
              - {apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames: [named], verbs: [use]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: proven}
            rules:
              - {apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames: [proven], verbs: [use]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: named, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: named}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: proven}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proven}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}]
            """);
    String[] words = {"report", "examples/default.yaml", "--policy", policies.toString()};
    assertThat(Run.of(words).out()).contains("<strong>in shop; elsewhere if proven</strong>");
    assertThat(
            Run.of("report", "examples/default.yaml", "--policy", policies.toString(), "-o=json")
                .out()
                .replaceAll("\\s+", ""))
        .contains(
            "{\"byName\":{\"everywhere\":false,\"namespaces\":[\"shop\"]},"
                + "\"ifProven\":{\"everywhere\":true,\"namespaces\":[]}}");
  }

  @Test
  void aNamespaceThatNoClusterCanHaveIsNoObject() throws IOException {
    Path pods =
        write(
            "pods.yaml",
            POD.formatted("name: a, namespace: \"No Name\"", "")
                + "---\n"
                + POD.formatted("name: a, namespace: shop", ""));
    Run run = Run.of("report", pods.toString(), "-o", "openreports");
    assertThat(run.out()).contains("namespace: shop").doesNotContain("No Name");
    assertThat(run.err())
        .contains("note: namespace \"No Name\" has no valid name, and is left out");
  }
}

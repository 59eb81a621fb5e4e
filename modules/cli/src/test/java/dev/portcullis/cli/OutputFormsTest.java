package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.print.DisplayWidth;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// The forms of what `check` and `profile validate` find.
class OutputFormsTest {
  private static final String ANNOTATED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: %s
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: %s
      spec: {containers: [{name: c, image: i}]}
      """;

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  private static Mapping read(String text) {
    return (Mapping)
        ((ParseResult.Documents) Documents.read(text.getBytes(UTF_8), Limits.MANIFEST))
            .values()
            .getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check examples",
        "profile validate examples/profiles",
        "policy who-can use unconfined --policy examples/policies",
        "profile show unconfined",
        "profile compare unconfined examples/profiles/browser-sandbox.json",
        "run examples/refused.yaml --policy examples/policies --as ann",
        "version"
      })
  void yamlIsTheSameDocument(String command) {
    String[] words = command.split(" ");
    assertThat(JsonWriter.compact(read(Run.of(with(words, "-o", "yaml")).out())))
        .isEqualTo(JsonWriter.compact(read(Run.of(with(words, "-o", "json")).out())));
  }

  private static String[] with(String[] words, String... more) {
    return java.util.stream.Stream.concat(List.of(words).stream(), List.of(more).stream())
        .toArray(String[]::new);
  }

  @Test
  void aFormThatIsNone() {
    assertThat(Run.of("check", "x", "-o", "srif").err())
        .contains(
            "\"srif\" is not known; use table, wide, json, yaml, sarif, junit, github or"
                + " gitlab; did you mean sarif?");
    assertThat(Run.of("version", "-o", "sarif").err()).contains("use table, wide, json or yaml\n");
  }

  /// A finding for a tool is a sentence; its id has a place of its own.
  @Test
  void aSentenceHasNoId() throws IOException {
    String plain =
        file(
            "plain.yaml",
            "apiVersion: v1\n"
                + "kind: Pod\n"
                + "metadata: {name: p}\n"
                + "spec: {containers: [{name: c, image: i}]}\n");
    for (String form : List.of("github", "junit", "sarif")) {
      assertThat(Run.of("check", plain, "--fail-on", "unconfined-today", "-o", form).out())
          .contains("(Kubernetes 1.36: nothing names a profile)")
          .doesNotContain("no-profile");
    }
  }

  @Test
  void theJsonHasErrorsLinesAndIds() throws IOException {
    String file = file("p.yaml", ANNOTATED.formatted("p", "nope"));
    Run run = Run.of("check", file, temporary + "/no.yaml", "-o", "json");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("\"line\" : 1, \"column\" : 1, \"kind\" : \"Pod\"")
        .contains("\"reasons\" : [ { \"id\" : \"invalid-value\", ")
        .contains("\"line\" : 6, \"column\" : 5, \"message\" : \"Invalid value: ")
        .contains(
            "\"errors\" : [ { \"source\" : \""
                + temporary
                + "/no.yaml\", \"message\" : \"no such file or directory\" } ]");
  }

  @Test
  void aGithubCommandHasFileAndLine() throws IOException {
    String file = file("p.yaml", ANNOTATED.formatted("p", "runtime/default"));
    Run run = Run.of("check", file, "no.yaml", "-o", "github");
    assertThat(run.out())
        .startsWith(
            "::error file=no.yaml,title=portcullis%3A not checked::no such file or directory\n")
        .contains(
            "::warning file="
                + file
                + ",line=6,col=5,title=portcullis%3A annotation-ignored::default/p: ");
    assertThat(Run.of("check", file, "-o", "github", "--fail-on", "ignored-annotation").out())
        .startsWith("::error file=");
    assertThat(Run.with(ANNOTATED.formatted("p", "x"), "check", "-", "-o", "github").out())
        .startsWith("::error title=portcullis%3A invalid-value::default/p: ");
  }

  @Test
  void aPolicyThatCannotBeReadIsInTheDocument() throws IOException {
    String pod = file("p.yaml", ANNOTATED.formatted("p", "runtime/default"));
    String policy =
        file(
            "bad.yaml",
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata: {name: w}
            spec: {allowd: [runtime/default]}
            """);
    for (String form : List.of("json", "yaml", "sarif", "junit", "github", "gitlab")) {
      Run run = Run.of("check", "--policy", policy, pod, "-o", form);
      assertThat(run.code()).as(form).isOne();
      assertThat(run.out()).as(form).contains("bad.yaml", "allowd");
    }
    assertThat(Run.of("check", "--policy", policy, pod).out()).isEmpty();
  }

  /// A runner takes what follows a line feed for another command.
  @Test
  void noNameWritesACommandOfItsOwn() throws IOException {
    String file = file("a,b:c%0A.yaml", ANNOTATED.formatted("p", "\"x\\n::error::y 100%\""));
    Run run = Run.of("check", file, "-o", "github");
    assertThat(run.out().lines()).hasSize(1).allMatch(line -> line.matches("::[a-z]+ file=.*"));
    assertThat(run.out()).contains("/a%2Cb%3Ac%250A.yaml,line=6", "x\\n::error::y 100%25");
  }

  /// GitLab shows the first alone of those with one fingerprint, and takes a finding for new by it.
  @Test
  void aGitlabReportHasAFingerprintForEach() throws IOException {
    String text = ANNOTATED.formatted("p", "runtime/default");
    String file = file("p.yaml", text + "---\n" + text);
    String report = Run.of("check", file, "no.yaml", "-o", "gitlab").out();
    Sequence all = (Sequence) document(report);
    assertThat(all.items()).hasSize(3);
    assertThat(report.replaceAll("\\s+", " "))
        .startsWith(
            "[ { \"description\" : \"no such file or directory\", \"check_name\" :"
                + " \"portcullis-not-checked\", ")
        .contains(
            "\"severity\" : \"minor\", \"location\" : { \"path\" : \""
                + file
                + "\", \"lines\" : { \"begin\" : 6 } }")
        .contains("\"begin\" : 14 }");
    assertThat(fingerprints(all))
        .doesNotHaveDuplicates()
        .allMatch(each -> each.matches("[0-9a-f]{64}"));
    // What only moved is not new.
    Files.writeString(Path.of(file), "# a comment\n" + text + "---\n" + text);
    assertThat(
            fingerprints(
                (Sequence) document(Run.of("check", file, "no.yaml", "-o", "gitlab").out())))
        .isEqualTo(fingerprints(all));
    assertThat(document(Run.of("check", "examples/default.yaml", "-o", "gitlab").out()))
        .isEqualTo(document("[]"));
  }

  private static Value document(String text) {
    return ((ParseResult.Documents) Documents.read(text.getBytes(UTF_8), Limits.MANIFEST))
        .values()
        .getFirst();
  }

  private static List<String> fingerprints(Sequence all) {
    return all.items().stream()
        .map(each ->
            ((Value.Text) java.util.Objects.requireNonNull(((Mapping) each).get("fingerprint")))
                .value())
        .toList();
  }

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  @Test
  void junitHasATestForEveryPod() throws Exception {
    String file =
        file(
            "p.yaml",
            ANNOTATED.formatted("p", "runtime/default")
                + "---\n"
                + ANNOTATED.formatted("bad", "\"<&\\u0001>\""));
    Run run = Run.of("check", file, "no.yaml", "-o", "junit");
    Document report = xml(run.out());
    Element suite = (Element) report.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    NodeList failures = report.getElementsByTagName("failure");
    assertThat(failures.getLength()).isOne();
    assertThat(((Element) failures.item(0)).getAttribute("message"))
        .contains("Invalid value: \"<&\\x01>\"");
    assertThat(failures.item(0).getTextContent()).isEqualTo(file + ":14");
    assertThat(report.getElementsByTagName("system-out").item(0).getTextContent())
        .contains("[annotation-ignored]");
    assertThat(((Element) report.getElementsByTagName("testcase").item(1)).getAttribute("name"))
        .isEqualTo("default/bad");
  }

  @Test
  void profilesHaveTheFormsToo() throws Exception {
    String file = file("p.json", "{\"defaultAction\": \"SCMP_ACT_NOPE\",\n\"x\": 1}");
    String[] command = {"profile", "validate", file};
    assertThat(Run.of(with(command, "-o", "github")).out())
        .contains("::error file=" + file + ",line=1,col=", "title=portcullis%3A unknown-action::");
    assertThat(xml(Run.of(with(command, "-o", "junit")).out()).getElementsByTagName("failure"))
        .extracting(NodeList::getLength)
        .isEqualTo(1);
    assertThat(Run.of(with(command, "-o", "sarif")).out())
        .contains("\"ruleId\" : \"unknown-action\"");
    assertThat(Run.of("profile", "validate", "no.json", "-o", "json").out().replaceAll("\\s+", " "))
        .isEqualTo(
            "{ \"profiles\" : [ ], \"errors\" : [ { \"source\" : \"no.json\", \"message\" : \"no"
                + " such file or directory\" } ] } ");
  }

  @Test
  void equalFindingsAreToldOnce() throws IOException {
    StringBuilder pods = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      pods.append(ANNOTATED.formatted("p" + i, "runtime/default")).append("---\n");
      pods.append(ANNOTATED.formatted("bad" + i, "nope")).append("---\n");
    }
    String file = file("p.yaml", pods.toString());
    String out = Run.of("check", file).out();
    assertThat(out.lines().filter(line -> line.startsWith("warning:"))).hasSizeLessThanOrEqualTo(2);
    assertThat(out)
        .contains("must be a valid seccomp profile (5 times) [invalid-value]\n")
        .contains("  at          " + file + ":14: default/bad0 metadata.annotations.")
        .contains("\n              and 2 more; -v lists all\n");
    String each = Run.of("check", file, "-v").out();
    assertThat(each.lines().filter(line -> line.startsWith("refused: "))).hasSize(5);
    assertThat(each).doesNotContain("times)");
    Run quiet = Run.of("check", file, "-q");
    assertThat(quiet.out()).startsWith("refused: ").doesNotContain("warning:", "pods:");
    assertThat(quiet.err()).isEmpty();
    assertThat(Run.of("check", file, "-q", "-v").err()).contains("cannot be given together");
  }

  /// What is wrong is explained with -q, and nothing else.
  @Test
  void whatIsRefusedIsExplainedQuietly() throws IOException {
    String pods =
        file(
            "pods.yaml",
            ANNOTATED.formatted("good", "runtime/default")
                + "---\n"
                + ANNOTATED.formatted("bad", "localhost/x"));
    String policy =
        file(
            "policy.yaml",
            "{apiVersion: portcullis.dev/v1alpha1, kind: SeccompPolicy, metadata: {name: p}, spec:"
                + " {allowedProfiles: [runtime/default]}}");
    Run all = Run.of("check", pods, "--policy", policy, "--explain");
    assertThat(all.out()).contains("explain: default/good, c\n", "explain: default/bad, c\n");
    Run quiet = Run.of("check", pods, "--policy", policy, "--explain", "-q");
    assertThat(quiet.out())
        .contains(
            "explain: default/bad, c\n  container-field       -\n",
            "policy                SeccompPolicy \"p\" does not allow it\n",
            "  decision              refused\n")
        .doesNotContain("default/good", "warning:");
    for (String form : List.of("sarif", "junit", "github")) {
      Run tool = Run.of("check", pods, "--explain", "-o", form);
      assertThat(tool.code()).isEqualTo(2);
      assertThat(tool.err())
          .contains("--explain has no place in this output format; use table, wide, json or yaml");
    }
  }

  @Test
  void equalRefusalsOfContainersAreToldOnce() throws IOException {
    String policy =
        file(
            "policy.yaml",
            "{apiVersion: portcullis.dev/v1alpha1, kind: SeccompPolicy, metadata: {name: p}, spec:"
                + " {}}");
    String pods =
        file(
            "pods.yaml",
            ANNOTATED.formatted("a", "localhost/x")
                + "---\n"
                + ANNOTATED.formatted("b", "localhost/x"));
    assertThat(Run.of("check", pods, "-q", "--policy", policy).out())
        .startsWith(
            "refused: a container may not run under localhost/x (named by the pod's annotation) (2"
                + " times) [profile-not-allowed]\n  field       metadata.annotations.seccomp")
        .contains("  at          " + pods + ":6: default/a container \"c\"\n")
        .contains("  at          " + pods + ":14: default/b container \"c\"\n");
  }

  @Test
  void aRefusalIsABlock() {
    Run run =
        Run.of(
            "check",
            "examples/explorer.yaml",
            "--policy",
            "examples/policies",
            "--as",
            "ann",
            "--as-group",
            "developers");
    assertThat(run.out())
        .contains(
            """
            refused: examples/explorer.yaml:10: default/explorer: container "explorer" may not \
            run under localhost/example-explorer-profile (named by the container's annotation) \
            [profile-not-allowed]
              field       metadata.annotations.container.seccomp.security.alpha.kubernetes.io/explorer
              policies    user "ann" or service account "default" in namespace "default" may use \
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 140})
  void nothingIsWiderThanTheTerminal(int columns) {
    String[][] commands = {
      {"check", "examples", "--policy", "examples/policies", "--as", "ann"},
      {"check", "examples", "no.yaml", "-v"},
      {
        "policy",
        "who-can",
        "use",
        "localhost/batch/no-network.json",
        "--policy",
        "examples/policies"
      },
      {"profile", "validate", "examples/profiles", "no.json"},
      {"profile", "show", "examples/profiles/browser-sandbox.json"},
      {"profile", "compare", "examples/profiles/browser-sandbox.json", "unconfined"},
      {"run", "examples/refused.yaml", "--policy", "examples/policies", "--as", "ann"},
      {"version"},
      {"help"},
      {"help", "check"}
    };
    for (String[] command : commands) {
      Run run = Run.at(columns, command);
      assertThat((run.out() + run.err()).lines())
          .as(String.join(" ", command))
          .isNotEmpty()
          // A word of a command that is copied stays whole, with its option.
          .allMatch(line ->
              DisplayWidth.of(line) <= columns || line.matches(" {4}(--?[^ ]+ )?[^ ]+( \\\\)?"));
    }
    assertThat(Run.at(columns, "check", "examples", "-o", "wide").out())
        .isEqualTo(Run.of("check", "examples").out());
    assertThat(Run.at(columns, "exposure", "unconfined", "-o", "wide").out().lines())
        .anyMatch(line -> line.startsWith("  ") && line.length() > 140);
  }

  @Test
  void colourAsItsUserSays() {
    String escape = "\u001b[";
    assertThat(Run.of("check", "examples").out()).doesNotContain(escape);
    Run always = Run.of("check", "examples/refused.yaml", "no.yaml", "--color", "always");
    // Allowed, and no filter: not green.
    assertThat(always.out()).contains(escape + "33mallowed" + escape + "0m");
    assertThat(always.err()).contains(escape + "31merror:");
    assertThat(Run.of("help", "--color=always").code()).isZero();
    assertThat(Run.of("version", "--color=yes").err())
        .contains("--color: \"yes\" is not known; use auto, always or never");
  }
}

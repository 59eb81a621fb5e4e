package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// What `exposure` prints for tools that show findings.
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the calls that are expected are those of x86_64")
class ExposureFormsTest {
  private static final String ALG = "CVE-2026-31431";
  private static final String PTRACE = "CVE-2026-46333";
  private static final String SANDBOX = "examples/profiles/browser-sandbox.json";
  private static final String EXPLORER = "examples/profiles/example-explorer-profile";

  @TempDir Path temporary;

  private String pods() throws IOException {
    return Files.writeString(
            temporary.resolve("shop.yaml"),
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - name: app
                  image: i
                  securityContext:
                    seccompProfile: {type: Localhost, localhostProfile: browser-sandbox.json}
                - name: part
                  image: i
                  securityContext:
                    seccompProfile: {type: Localhost, localhostProfile: example-explorer-profile}
                - name: missing
                  image: i
                  securityContext:
                    seccompProfile: {type: Localhost, localhostProfile: none.json}
            """)
        .toString();
  }

  private static Run exposure(String form, String... more) {
    String[] words = new String[more.length + 5];
    System.arraycopy(
        new String[] {"exposure", "--seccomp-profile-root", "examples/profiles", "-o", form},
        0,
        words,
        0,
        5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Run.of(words);
  }

  @Test
  void githubHasALineForEachContainerThatIsNotClosed() throws IOException {
    String file = pods();
    Run run = exposure("github", ALG, file);
    assertThat(run.code()).isOne();
    assertThat(run.out().lines())
        .hasSize(3)
        .anyMatch(line ->
            line.startsWith(
                    "::error file="
                        + file
                        + ",line=6,col=7,title=portcullis%3A CVE-2026-31431::default/web app: Copy"
                        + " Fail: reachable with localhost/browser-sandbox.json by socket(0x26, 0,"
                        + " 0, 0, 0, 0), number 41 on x86_64; closed by portcullis profile derive"
                        + " --from ")
                && line.contains(" --without-arch x86,x32 --output-file "))
        .anyMatch(line ->
            line.contains("::default/web part: Copy Fail: closed only for x86_64, x32 with ")
                && line.contains(" by socketcall(0x1, 0, 0, 0, 0, 0), number 102 on x86"))
        .anyMatch(line ->
            line.contains(
                "line=14,col=7,title=portcullis%3A CVE-2026-31431::default/web missing: Copy Fail:"
                    + " cannot be said with localhost/none.json: "));
  }

  /// The exit code counts the same.
  @Test
  void whatIsClosedIsNoFinding() {
    Run run = exposure("github", PTRACE, EXPLORER);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void junitHasATestForEachContainer() throws Exception {
    Run run = exposure("junit", ALG, PTRACE, pods(), "unconfined", "no.yaml");
    assertThat(run.code()).isEqualTo(3);
    Document report =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(run.out().getBytes(UTF_8)));
    Element suite = (Element) report.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("name")).isEqualTo("portcullis exposure");
    assertThat(suite.getAttribute("tests")).isEqualTo("5");
    assertThat(suite.getAttribute("failures")).isEqualTo("4");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(((Element) report.getElementsByTagName("testcase").item(0)).getAttribute("name"))
        .isEqualTo("unconfined");
  }

  @Test
  void sarifSaysWhatEachVulnerabilityIs() throws IOException {
    Run run = exposure("sarif", ALG, pods(), SANDBOX, "unconfined");
    String out = run.out().replaceAll("\\s+", " ");
    assertThat(out)
        .contains(
            "\"id\" : \"CVE-2026-31431\", \"shortDescription\" : { \"text\" : \"Copy Fail\" }")
        .contains("\"helpUri\" : \"https://")
        .contains("\"uri\" : \"" + SANDBOX + "\"")
        .contains("\"startLine\" : 6")
        .contains("\"executionSuccessful\" : true");
    // What is no file has no address.
    assertThat(out)
        .contains("\"fullyQualifiedName\" : \"unconfined\"")
        .doesNotContain("\"uri\" : \"unconfined\"");
  }

  @Test
  void aProgramGetsADocumentWithTheErrors() throws IOException {
    for (String form : new String[] {"json", "yaml", "sarif", "junit", "github", "gitlab"}) {
      Run run = exposure(form, ALG, "no.yaml");
      assertThat(run.code()).as(form).isEqualTo(3);
      assertThat(run.out()).as(form).contains("no.yaml", "no such file");
      String wrong = Files.writeString(temporary.resolve("c.yaml"), "id: [").toString();
      Run catalogue = exposure(form, ALG, SANDBOX, "--catalogue", wrong);
      assertThat(catalogue.code()).as(form).isOne();
      assertThat(catalogue.out()).as(form).contains("c.yaml");
    }
    assertThat(exposure("table", ALG, "no.yaml").out()).isEmpty();
  }

  @Test
  void theCatalogueHasNoFindings() {
    assertThat(exposure("sarif").err()).contains("--output sarif needs something to ask about");
  }
}

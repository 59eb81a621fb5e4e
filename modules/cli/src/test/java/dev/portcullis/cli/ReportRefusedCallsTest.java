package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `report --denials`
class ReportRefusedCallsTest {
  private static final String DENIALS = "modules/cli/src/test/resources/denials";
  private static final String PODS = DENIALS + "/pods.yaml";

  @TempDir Path directory;

  private static Run report(String... more) {
    List<String> words =
        new ArrayList<>(List.of("report", PODS, "--seccomp-profile-root", "examples/profiles"));
    words.addAll(List.of(more));
    return Run.of(words.toArray(String[]::new));
  }

  private static String json(String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    words.add("-o=json");
    return report(words.toArray(String[]::new)).out().replaceAll("\\s+", "");
  }

  private Path document(String name, String... denials) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        "{\"apiVersion\": \"portcullis.dev/v1alpha1\", \"denials\": ["
            + String.join(",", denials)
            + "]}");
  }

  private static String denial(String pod, String container, String call, int count, String times) {
    return """
    {"container": {"namespace": "shop", "pod": "%s", "name": "%s"}, "syscall": "%s",
     "architecture": "x86_64", "result": {"action": "errno", "errno": "EPERM"}, "count": %d %s}
    """
        .formatted(pod, container, call, count, times);
  }

  private static String at(String first, String last) {
    return ", \"firstSeen\": \"2026-11-30T%sZ\", \"lastSeen\": \"2026-11-30T%sZ\""
        .formatted(first, last);
  }

  @Test
  void podsOfSeveralNodesAreTheirWorkload() {
    Run run = report("--denials", DENIALS, "-o", "json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().replaceAll("\\s+", ""))
        .contains(
            "\"refusedCalls\":{\"known\":true,\"containers\":[{\"namespace\":\"shop\","
                + "\"kind\":\"Deployment\",\"workload\":\"web\",\"name\":\"app\",\"pods\":2,"
                + "\"profiles\":[\"localhost/browser-sandbox.json\"],"
                + "\"refused\":1234,\"logged\":7,")
        .contains(
            "{\"syscall\":\"mkdir\",\"architecture\":\"x86_64\",\"answer\":\"EROFS\","
                + "\"logged\":false,\"count\":1234,\"firstSeen\":\"2026-11-30T20:00:00Z\","
                + "\"lastSeen\":\"2026-11-30T21:00:00Z\"}");
  }

  /// What was made needs no profile that allows it.
  @Test
  void theCommandAllowsWhatWasRefusedByTheProfileThatDidIt() {
    String json = report("--denials", DENIALS, "-o", "json").out();
    assertThat(json)
        .contains(
            "/examples/profiles/browser-sandbox.json --denials"
                + " modules/cli/src/test/resources/denials/node-a.json --allow mkdir --output-file .\"")
        .containsPattern(
            "portcullis profile heal containerd/default@[0-9.]+ --capabilities [A-Z_,]+ --denials"
                + " modules/cli/src/test/resources/denials/node-a.json --allow mount --output-file .\"");
  }

  @Test
  void thePageHasAllOfIt() {
    String page = report("--denials", DENIALS).out();
    assertThat(page)
        .contains(
            "<a href=\"#refused-calls\">Refused calls</a>",
            "1,235 calls were refused to 2 containers",
            "Each line begins at 2026-11-30 20:00:00 and ends at 2026-11-30 21:00:00 UTC.",
            "<h3>app of web (Deployment) in shop</h3>",
            "1,234 refused, 7 logged",
            "<td>made, and logged</td>",
            "aria-label=\"first 2026-11-30 20:20:00, last 2026-11-30 20:20:00 UTC\"",
            "3 events or containers are missing.",
            "1,234 calls were refused to app of web in shop");
    assertThat(report().out()).doesNotContain("Refused calls");
  }

  /// The command of a process is its author's word.
  @Test
  void whatIsNotInTheReportIsCountedAndSaid() {
    String page = report("--denials", DENIALS).out();
    assertThat(page)
        .contains("34 more calls were refused to what this report does not have: shop/cache-0 app,")
        .contains("&lt;b&gt;\\u{202e}&#39; x (pid 880)")
        .doesNotContain("<b>")
        .doesNotContain("\u202e");
    assertThat(report("--denials", DENIALS, "-o", "markdown").out())
        .contains(
            "| `shop/web` | `app` | `localhost/browser-sandbox.json` | `mkdir` | `EROFS` | 1,234 |")
        .contains("\\<b\\>\\\\u\\{202e\\}' x (pid 880)".replace("(", "\\(").replace(")", "\\)"))
        .doesNotContain("\u202e");
  }

  @Test
  void objectsOfTheClusterSayIt() {
    assertThat(report("--denials", DENIALS, "-o", "openreports").out())
        .contains("refused: \"1234\"", "refusedCalls: mkdir");
  }

  /// A node counts on; a second document has what the first one had, and more.
  @Test
  void twoDocumentsOfOneCounterAreNotAdded() throws IOException {
    document("1.json", denial("db", "db", "mkdir", 5, at("20:00:00", "20:01:00")));
    document("2.json", denial("db", "db", "mkdir", 9, at("20:00:00", "20:02:00")));
    assertThat(json("--denials", directory.toString()))
        .contains("\"refused\":9,", "\"lastSeen\":\"2026-11-30T20:02:00Z\"");
    document("2.json", denial("db", "db", "mkdir", 9, at("20:00:30", "20:02:00")));
    assertThat(json("--denials", directory.toString())).contains("\"refused\":14,");
  }

  @Test
  void aFileThatIsNamedTwiceIsReadOnce() throws IOException {
    Path file = document("1.json", denial("db", "db", "mkdir", 5, ""));
    Files.createSymbolicLink(directory.resolve("again.json"), file);
    assertThat(json("--denials", directory.toString(), "--denials", file.toString()))
        .contains("\"refused\":5,");
  }

  @Test
  void withoutTimesThereIsNoLine() throws IOException {
    Path file = document("1.json", denial("db", "db", "mkdir", 5, ""));
    String page = report("--denials", file.toString()).out();
    assertThat(page).contains("<td>not known</td>").doesNotContain("class=\"timeline\"");
    assertThat(json("--denials", file.toString())).doesNotContain("firstSeen");
    // One moment is no stretch of time.
    Path moment = document("2.json", denial("db", "db", "mkdir", 1, at("20:00:00", "20:00:00")));
    assertThat(report("--denials", moment.toString()).out())
        .contains("2026-11-30 20:00:00</span>")
        .doesNotContain("class=\"timeline\"");
  }

  @Test
  void aClockThatWasSetBackIsNoError() throws IOException {
    Path file = document("1.json", denial("db", "db", "mkdir", 5, at("20:01:00", "20:00:00")));
    assertThat(json("--denials", file.toString()))
        .contains("\"firstSeen\":\"2026-11-30T20:00:00Z\",\"lastSeen\":\"2026-11-30T20:01:00Z\"");
  }

  @Test
  void whatIsNoDocumentIsLeftOutAndNamed() throws IOException {
    document("good.json", denial("db", "db", "mkdir", 5, ""));
    document("time.json", denial("db", "db", "mkdir", 5, ", \"firstSeen\": \"yesterday\""));
    document(
        "far.json",
        denial("db", "db", "mkdir", 5, ", \"lastSeen\": \"+999999999-12-31T00:00:00Z\""));
    Files.writeString(
        directory.resolve("audit.json"), "type=1326 audit(1.0:1): syscall=83 comm=\"a\"\n");
    Run run = report("--denials", directory.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("time.json:2: `firstSeen` is no time like")
        .contains("far.json:2: `lastSeen` is no time like")
        .contains("the kernel's records name no pods");
    assertThat(run.out())
        .contains("5 calls were refused to 1 container")
        .contains("<h3>Not read</h3>");
    assertThat(report("--denials", "no.json").code()).isEqualTo(3);
    assertThat(report("--denials", "examples/workloads").err())
        .contains("examples/workloads: no file in it ends in .json");
  }

  /// Anyone who names pods must not put refusals into the account of others.
  @Test
  void aPodThatMayBeOfTwoWorkloadsIsOfNone() throws IOException {
    Path pods =
        Files.writeString(
            directory.resolve("pods.yaml"),
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec: {template: {spec: {containers: [{name: app, image: i}]}}}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: web-bcdfg, namespace: shop}
            spec: {template: {spec: {containers: [{name: app, image: i}]}}}
            """);
    Path file = document("1.json", denial("web-bcdfg-xk2zp", "app", "mkdir", 5, ""));
    assertThat(
            Run.of("report", pods.toString(), "--denials", file.toString(), "-o=json")
                .out()
                .replaceAll("\\s+", ""))
        .contains(
            "\"refusedCalls\":{\"known\":true,\"containers\":[],"
                + "\"elsewhere\":{\"count\":5,\"places\":[\"shop/web-bcdfg-xk2zpapp\"]}");
  }

  @Test
  void aContainerOrANamespaceOfAnotherNameIsElsewhere() throws IOException {
    Path file =
        document(
            "1.json",
            denial("db", "other", "mkdir", 5, ""),
            denial("web-aaaaaa-bbbbb", "app", "mkdir", 5, ""),
            denial("db", "db", "mkdir", 7, "").replace("\"shop\"", "\"prod\""));
    assertThat(json("--denials", file.toString()))
        .contains("\"containers\":[],\"elsewhere\":{\"count\":17,");
  }

  @Test
  void noProfileIsNamedWhereNoneIsKnown() throws IOException {
    Path file =
        document(
            "1.json",
            denial("web-6d4cf56db6-xk2zp", "app", "mkdir", 5, ""),
            denial("db", "db", "451", 7, ""));
    String json =
        Run.of("report", PODS, "--seccomp-profile-root=docs", "--denials", "" + file, "-o=json")
            .out();
    assertThat(json)
        .contains("\"portcullis profile heal PROFILE --denials ")
        .contains("The profile is not known here: ")
        .contains("The calls have no names, and no profile can allow them.");
  }

  @Test
  void manyCallsStayAPage() throws IOException {
    List<String> denials = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      denials.add(denial("db", "db", "call" + i, 1, at("20:00:00", "20:01:00")));
    }
    Path file = document("1.json", denials.toArray(String[]::new));
    Run run = report("--denials", file.toString());
    assertThat(run.out().length()).isLessThan(100_000);
    assertThat(run.out())
        .contains("and 19,988 more kinds of calls")
        .contains("The command has 12 of 20000 calls.");
  }
}

package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page of `report`, in a real browser.
class ReportPageTest {
  private static final Path EXAMPLES = Path.of("examples");

  @TempDir private static Path directory;

  private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    chromium = Chromium.start(directory);
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private static Path page(String name, String... arguments) {
    Path page = directory.resolve(name);
    List<String> words = new ArrayList<>(List.of("report"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--output-file", page.toString(), "--overwrite"));
    Portcullis.Result result = Portcullis.run(words.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return page;
  }

  private static Path examples() throws Exception {
    Path denials =
        Files.writeString(
            directory.resolve("denials.json"),
            """
            {"apiVersion": "portcullis.dev/v1alpha1", "lost": 2, "denials": [
              {"container": {"namespace": "default", "pod": "override", "name": "overrides"},
               "syscall": "socket", "architecture": "x86_64", "count": 1234,
               "result": {"action": "errno", "errno": "EPERM"},
               "firstSeen": "2026-11-30T20:00:00Z", "lastSeen": "2026-11-30T21:00:00Z"},
              {"container": {"namespace": "default", "pod": "override", "name": "overrides"},
               "syscall": "ptrace", "architecture": "x86_64", "count": 7,
               "result": {"action": "log"},
               "firstSeen": "2026-11-30T20:10:00Z", "lastSeen": "2026-11-30T20:10:00Z"},
              {"container": {"pid": 880, "command": "<script>alert(1)"},
               "syscall": "mkdir", "architecture": "x86_64", "count": 1,
               "result": {"action": "kill_process"}}]}
            """);
    return page(
        "examples.html",
        EXAMPLES.toString(),
        "--policy",
        EXAMPLES.resolve("policies").toString(),
        "--seccomp-profile-root",
        EXAMPLES.resolve("profiles").toString(),
        "--denials",
        denials.toString());
  }

  @ParameterizedTest
  @CsvSource({"screen,light,1200", "screen,dark,1200", "screen,light,420", "print,light,800"})
  void itCanBeRead(String media, String scheme, int width) throws Exception {
    chromium.show(media, scheme, width);
    chromium.open(examples());
    Pages.assertQuiet(chromium);
    // The style is there, so its digest is the one of the page's policy. Without one the list would
    // have bullets.
    assertThat(
            chromium.evaluate("getComputedStyle(document.querySelector('nav ul')).listStyleType"))
        .isEqualTo("none");
    // The lines of the calls are drawn, and as long as their column.
    assertThat(
            chromium.evaluate(
                "[...document.querySelectorAll('.timeline')].filter("
                    + "e => e.getBoundingClientRect().width > 60).length"))
        .isEqualTo("2");
    Pages.assertLegible(chromium);
    Pages.assertNoWiderThanTheWindow(chromium);
  }

  @Test
  void theKeyboardReachesIt() throws Exception {
    chromium.show("screen", "light", 1200);
    chromium.open(examples());
    chromium.tab();
    assertThat(chromium.evaluate("document.activeElement.textContent"))
        .isEqualTo("Skip to the report");
    for (int i = 0; i < 10; i++) {
      chromium.tab();
    }
    assertThat(chromium.evaluate("document.activeElement.tagName")).isEqualTo("SUMMARY");
    assertThat(chromium.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    assertThat(
            chromium.evaluate(
                "[...document.querySelectorAll('svg')].filter(e => !e.getAttribute('aria-label')"
                    + " && e.getAttribute('aria-hidden') !== 'true').length"))
        .isEqualTo("0");
  }

  @Test
  void whatANameHoldsDoesNotRun() throws Exception {
    Path pods = directory.resolve("hostile.yaml");
    Files.writeString(
        pods,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: "<script>alert(1)</script>", namespace: "\\u202e\\u2028<img src=x onerror=alert(1)>"}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: "</style><svg onload=alert(1)>"}}
          containers: [{name: "' onmouseover='alert(1)", image: i}]
        """);
    chromium.show("screen", "light", 1200);
    Path denials =
        Files.writeString(
            directory.resolve("hostile.json"),
            """
            {"apiVersion": "portcullis.dev/v1alpha1", "denials": [
              {"container": {"namespace": "<script>alert(1)</script>", "pod": "\\" onload=\\"alert(1)",
                 "name": "<img src=x onerror=alert(1)>"},
               "syscall": "socket", "architecture": "x86_64", "count": 3,
               "result": {"action": "errno", "errno": "EPERM"}},
              {"container": {"pid": 880, "command": "<svg onload=alert(1)>"},
               "syscall": "mkdir", "architecture": "x86_64", "count": 1,
               "result": {"action": "kill_process"}}]}
            """);
    Portcullis.Result result =
        Portcullis.run(
            "report",
            pods.toString(),
            "--policy",
            EXAMPLES.resolve("policies").toString(),
            "--denials",
            denials.toString());
    chromium.open(Files.writeString(directory.resolve("hostile.html"), result.out()));
    Pages.assertQuiet(chromium);
    assertThat(
            chromium.evaluate(
                "document.querySelectorAll('script, img, [onload], [onerror]').length"))
        .isEqualTo("0");
    assertThat(chromium.evaluate("document.querySelector('#refused-calls').textContent"))
        .contains("<svg onload=alert(1)> (pid 880)", "<script>alert(1)</script>/");
    assertThat(chromium.evaluate("document.querySelector('.workloads .name').textContent"))
        .isEqualTo("<script>alert(1)</script>");
  }

  @Test
  void fiveThousandPodsAreASmallPage() throws Exception {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      yaml.append(
          """
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web-%d, namespace: team-%d}
          spec: {template: {spec: {%s containers: [{name: app, image: i}]}}}
          """
              .formatted(
                  i,
                  i % 200,
                  i % 3 == 0 ? "" : "securityContext: {seccompProfile: {type: RuntimeDefault}},"));
    }
    Path pods = Files.writeString(directory.resolve("many.yaml"), yaml);
    Path page = page("many.html", pods.toString());
    assertThat(Files.size(page)).isLessThan(500_000);
    chromium.show("screen", "light", 1200);
    chromium.open(page);
    Pages.assertQuiet(chromium);
    assertThat(chromium.evaluate("document.querySelectorAll('.big strong')[0].textContent"))
        .isEqualTo("1,667");
  }
}

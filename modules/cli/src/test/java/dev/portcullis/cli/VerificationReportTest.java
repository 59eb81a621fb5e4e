package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.VerificationReport;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Relation;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationReportTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unconfined | true  | has no filter, as unconfined requires (proven)",
        "unconfined | false | runs the filter of unconfined (proven; stopped for 494 microseconds)",
        "a.json     | false | runs the filter of a.json (proven; stopped for 494 microseconds)"
      })
  void aProcessWithoutAFilterRunsNone(String profile, boolean unfiltered, String said) {
    assertThat(
            printed(
                new VerificationReport(
                    "pid:7",
                    7,
                    profile,
                    unfiltered,
                    new Proof.Proven(0, Duration.ofNanos(494_000)))))
        .isEqualTo("pid:7 " + said + "\n");
  }

  /// What such a process could do is no list of every call.
  @Test
  void aProcessWithoutAFilterDoesNotRunThatOfAProfile() {
    Comparison compared = new Comparison(Relation.WEAKER, List.of(), List.of());
    VerificationReport report =
        new VerificationReport("pid:7", 7, "a.json", true, new Proof.Different(compared));
    assertThat(printed(report))
        .isEqualTo(
            "pid:7 does not run the filter of a.json:\n"
                + "pid:7 is WEAKER than a.json: pid:7 has no seccomp filter\n");
  }

  private static String printed(VerificationReport report) {
    var out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    report.table(
        new Terminal(
            InputStream.nullInputStream(), stream, stream, Colour.OFF, Colour.OFF, 0, Map.of()));
    return out.toString(StandardCharsets.UTF_8);
  }
}

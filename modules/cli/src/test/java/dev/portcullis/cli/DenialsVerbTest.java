package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.input.DenialPlace;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.DenialsReport;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Architecture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can be said without a process; the rest is tested with real ones.
class DenialsVerbTest {
  private static final Instant FIRST = Instant.parse("2026-11-29T20:37:10.5Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "denials                               | 2 | denials needs a process or a pod: denials pid:1234",
        "denials pid:1 pid:2                   | 2 | denials needs a process or a pod",
        "denials pid:x                         | 2 | is neither a process nor a pod; write 1234",
        "denials pid:1 --for soon              | 2 | --for: \"soon\" is not a duration",
        "denials pid:1 --follow -o json        | 2 | --follow is for people",
        "denials pid:1 -c app                  | 2 | --container is for pod/NAME",
        "denials pid:2147483647                | 3 | there is no such process, or it has ended",
        "denials pod/web --runtime-endpoint unix:///nowhere/x.sock | 3 | /nowhere/x.sock",
      })
  void mistakes(String command, int code, String said) {
    Run run = Run.of(command.split(" +"));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(said);
    assertThat(run.out()).isEmpty();
  }

  private static NamedDenial<DenialPlace> call(
      String name, int verdict, long result, DenialPlace place, String... changes) {
    Denial<DenialPlace> denial =
        new Denial<>(place, 90, Verdict.of(verdict), result, "", 4711, FIRST, FIRST.plusSeconds(5));
    return new NamedDenial<>(denial, name, Architecture.X86_64, List.of(changes));
  }

  private static final DenialsReport REPORT =
      new DenialsReport(
          List.of(
              call(
                  "chmod", 0x50001, -1, new DenialPlace.OfContainer("shop", "web", "app"), "chmod"),
              call(
                  "socket",
                  0x7fc00000,
                  -97,
                  new DenialPlace.OfProcess(7, "sh\u001b[31m"),
                  "socket:domain==40",
                  "socket:domain==16"),
              call("471", 0x80000000, 471, new DenialPlace.OfProcess(8, "x"))),
          2,
          0,
          0,
          List.of("the filters of \"x\" are not known"));

  private static String table(DenialsReport report) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    report.table(
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            print,
            print,
            Colour.OFF,
            Colour.OFF,
            80,
            Map.of()));
    return out.toString(StandardCharsets.UTF_8);
  }

  /// The commands are whole, however narrow the terminal is.
  @Test
  void eachRefusedCallHasTheLineThatAllowsIt() {
    assertThat(table(REPORT))
        .contains("KILL_PROCESS")
        .contains("  portcullis profile derive --from PROFILE --allow chmod\n")
        .contains(
            "  portcullis profile derive --from PROFILE --allow 'socket:domain==40' --allow"
                + " 'socket:domain==16'\n")
        .contains("no profile can allow by name: 471")
        .doesNotContain("\u001b");
  }

  /// It went on: what to do is about the profile that is tried.
  @Test
  void aLoggedCallIsNoRefusal() {
    DenialsReport logged =
        new DenialsReport(
            List.of(call("chmod", 0x7ffc0000, 0, new DenialPlace.OfProcess(7, "sh"), "chmod")),
            0,
            0,
            0,
            List.of());
    assertThat(logged.isClean()).isFalse();
    assertThat(table(logged))
        .contains("LOG  ")
        .contains(
            "LOG: the call went on", "  portcullis profile derive --from PROFILE --allow chmod\n")
        .doesNotContain("what allows them:");
    assertThat(JsonWriter.pretty(logged.document()).replaceAll("\\s", ""))
        .contains("\"result\":{\"action\":\"log\"},\"count\"");
  }

  /// An empty list is no proof that nothing was refused.
  @Test
  void nothingToListIsNotNothingRefused() {
    assertThat(table(new DenialsReport(List.of(), 0, 0, 0, List.of())))
        .isEqualTo("nothing was refused or logged\n");
    for (DenialsReport report :
        List.of(
            new DenialsReport(List.of(), 1, 0, 0, List.of()),
            new DenialsReport(List.of(), 0, 1, 0, List.of()),
            new DenialsReport(List.of(), 0, 0, 0, List.of("x")))) {
      assertThat(table(report)).isEqualTo("nothing to list, and something may have been refused\n");
    }
  }

  @Test
  void theDocument() {
    assertThat(JsonWriter.pretty(REPORT.document()).replaceAll("\\s", ""))
        .startsWith("{\"apiVersion\":\"portcullis.dev/v1alpha1\",\"denials\":[{\"container\":{")
        .contains(
            "{\"namespace\":\"shop\",\"pod\":\"web\",\"name\":\"app\"},\"syscall\":\"chmod\","
                + "\"architecture\":\"x86_64\",\"result\":{\"action\":\"errno\",\"errno\":\"EPERM\"},"
                + "\"count\":4711,\"firstSeen\":\"2026-11-29T20:37:10.500Z\","
                + "\"lastSeen\":\"2026-11-29T20:37:15.500Z\"}")
        .contains("\"result\":{\"action\":\"notify\",\"errno\":\"EAFNOSUPPORT\"}")
        .contains("\"result\":{\"action\":\"kill_process\"}")
        .endsWith(
            "\"lost\":2,\"undecided\":0,\"omitted\":0,"
                + "\"remarks\":[\"thefiltersof\\\"x\\\"arenotknown\"]}");
  }
}

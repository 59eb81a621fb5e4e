package dev.portcullis.cli.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.effect.Cost;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShowReportTest {
  /// The groups are known, and only the questions were too much.
  @Test
  void whyThereAreNoAnswersIsSaid() {
    List<Architecture> one = List.of(Architecture.X86_64);
    SyscallTable table = SyscallTable.ofThisMachine();
    Effects effects =
        switch (Effects.of(Filters.NONE, one, table)) {
          case Analysis.Understood(Effects understood) -> understood;
          case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
        };
    ShowReport report =
        new ShowReport(
            "x",
            1,
            new AbilityAnswers(Map.of(), "the filter is too complex"),
            effects,
            Cost.of(Filters.NONE, one, table),
            SyscallGroups.load(),
            1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    report.table(
        new Terminal(
            InputStream.nullInputStream(), stream, stream, Colour.OFF, Colour.OFF, 80, Map.of()));
    assertThat(out.toString(UTF_8))
        .contains(
            "\n\nat a glance\n  not known     the filter is too complex\n\nfiles: to open",
            "  allowed       access, ");
    assertThat(JsonWriter.pretty(report.document())).contains("\"abilities\" : [ ]");
  }
}

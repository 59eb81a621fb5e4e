package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.compare.Comparison;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;

/// Whether a process runs the filter of a profile, for people and for programs.
///
/// @param process what it is called: `pid:N`, or the container of a pod
/// @param profile as it was named there
/// @param unfiltered whether no thread of the process has a filter; one may have some that allow
///   everything
public record VerificationReport(
    String process, long pid, String profile, boolean unfiltered, Proof proof) implements Report {
  private static final long NANOS_A_MICROSECOND = 1_000;

  /// For people; what is unknown is not a result, and goes to standard error.
  @Override
  public void table(Terminal terminal) {
    PrintStream out = terminal.out();
    Colour colour = terminal.colour();
    switch (proof) {
      case Proof.Proven(_, Duration stopped) -> {
        String detail = proof.detail();
        if (unfiltered && profile.equals("unconfined")) {
          out.println(
              Escape.line(process)
                  + " "
                  + colour.paint(Paint.GOOD, "has no filter")
                  + ", as unconfined requires (proven)");
          return;
        }
        out.println(
            Escape.line(process)
                + " "
                + colour.paint(Paint.GOOD, "runs")
                + " the filter of "
                + Escape.line(profile)
                + (detail.isEmpty() ? "" : "; " + detail)
                + " (proven; stopped for "
                + stopped.toNanos() / NANOS_A_MICROSECOND
                + " microseconds)");
      }
      case Proof.Equal(Comparison compared, _, _) -> {
        out.println(
            Escape.line(process)
                + " "
                + colour.paint(Paint.WARNING, "does not run exactly")
                + " the filter of "
                + Escape.line(profile)
                + ": it is as severe with every call, and answers some with another errno");
        new ComparisonReport(process, profile, compared).table(terminal);
      }
      case Proof.Different(Comparison compared) -> {
        out.println(
            Escape.line(process)
                + " "
                + colour.paint(Paint.BAD, "does not run")
                + " the filter of "
                + Escape.line(profile)
                + ":");
        new ComparisonReport(
                process, profile, compared, "", unfiltered ? Set.of(process) : Set.of())
            .table(terminal);
      }
      case Proof.Unknown _ -> {}
    }
  }

  /// For programs: one document.
  @Override
  public Mapping document() {
    MappingBuilder object =
        new MappingBuilder()
            .put("process", process)
            .put("pid", pid)
            .put("profile", profile)
            .put("result", proof.text());
    switch (proof) {
      case Proof.Proven(int further, Duration stopped) ->
          object
              .put("furtherFilters", further)
              .put("stoppedMicroseconds", stopped.toNanos() / NANOS_A_MICROSECOND);
      case Proof.Equal(Comparison compared, int further, Duration stopped) ->
          object
              .put("furtherFilters", further)
              .put("stoppedMicroseconds", stopped.toNanos() / NANOS_A_MICROSECOND)
              .put("comparison", new ComparisonReport(process, profile, compared).mapping());
      case Proof.Different(Comparison compared) ->
          object.put("comparison", new ComparisonReport(process, profile, compared).mapping());
      case Proof.Unknown(String reason) -> object.put("reason", reason);
    }
    return object.build();
  }
}

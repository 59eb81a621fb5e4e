package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.RecordedFiles;
import dev.portcullis.cli.result.RecordingSummary;
import dev.portcullis.cli.running.PodRecorder;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodOutcome.ContainerOutcome;
import dev.portcullis.run.pod.PodOutcome.Phase;
import dev.portcullis.run.recording.RecordedContainer;
import dev.portcullis.run.recording.RunRecorder;
import dev.portcullis.seccomp.recording.RecordedProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The two runs of a recording: the first is written down, the second held against it.
final class RecordedRuns {
  private final PodRecorder pods;
  private final RunRecorder recorder;
  private final ProfileMaker maker;
  private final Reporter reporter;
  private final Terminal terminal;
  private final List<ContainerOutcome> first = new ArrayList<>();
  private boolean again;

  RecordedRuns(
      PodRecorder pods,
      RunRecorder recorder,
      ProfileMaker maker,
      Reporter reporter,
      Terminal terminal) {
    this.pods = pods;
    this.recorder = recorder;
    this.maker = maker;
    this.reporter = reporter;
    this.terminal = terminal;
  }

  /// Writes what was recorded, also where the run was ended early.
  ///
  /// @return whether it is worth running again
  boolean recorded(List<PodOutcome> outcomes) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      boolean whole = failures(outcomes);
      outcomes.forEach(outcome -> first.addAll(outcome.containers()));
      whole &= write();
      again = whole && !interrupted;
      return again;
    } catch (InterruptedException impatient) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Writes what was recorded of all containers.
  ///
  /// @return whether nothing is missing
  boolean write() throws IOException, InterruptedException {
    boolean whole = true;
    Map<String, Map<String, RecordedFiles>> files = pods.filesByContainer();
    for (RecordedContainer record : recorder.records()) {
      RecordedFiles of = files.getOrDefault(record.pod(), Map.of()).get(record.container());
      whole &= write(record, Objects.requireNonNull(of, record.container()));
    }
    return whole;
  }

  private boolean write(RecordedContainer record, RecordedFiles files) throws IOException {
    String who = "container \"" + record.container() + "\"";
    for (String failure : record.failures()) {
      reporter.complain(List.of(new Diagnostic(who + ": " + failure, ExitCode.WORLD)));
    }
    if (record.recording().program().isEmpty()) {
      reporter.complain(
          List.of(
              new Diagnostic(
                  who + ": nothing was recorded: its program was never executed", ExitCode.WORLD)));
      return false;
    }
    ProfileMaker.MadeProfile result = maker.make("the profile of " + who, record.recording());
    reporter.complain(result.complaints());
    RecordedProfile made = result.profile();
    if (made == null || !record.failures().isEmpty() || !result.complaints().isEmpty()) {
      return false;
    }
    files.write(record.recording(), made, terminal);
    RecordingSummary summary =
        new RecordingSummary(who, record.recording(), made, result.relation());
    summary.print(terminal);
    summary.printInterrupted(record.interrupted(), terminal);
    summary.printWritten(files, terminal);
    summary.printRelation(terminal);
    return true;
  }

  private boolean failures(List<PodOutcome> outcomes) {
    boolean none = true;
    for (PodOutcome outcome : outcomes) {
      none &= reporter.complainOf(outcome);
    }
    return none;
  }

  /// Reports whether the containers did again what they did before.
  void compare(List<PodOutcome> outcomes) {
    if (!again) {
      return;
    }
    if (!failures(outcomes)) {
      reporter.complain(
          List.of(new Diagnostic("the pods do not run under what was recorded", ExitCode.REFUSED)));
      return;
    }
    Map<String, ContainerOutcome> before = new HashMap<>();
    for (ContainerOutcome outcome : first) {
      before.put(key(outcome), outcome);
    }
    for (PodOutcome pod : outcomes) {
      for (ContainerOutcome now : pod.containers()) {
        compare(Objects.requireNonNull(before.get(key(now)), key(now)), now);
      }
    }
  }

  /// A container has one place in its file, which no other has.
  private static String key(ContainerOutcome outcome) {
    return outcome.plan().decision().container().path() + " " + outcome.plan().name();
  }

  private void compare(ContainerOutcome before, ContainerOutcome now) {
    String who = "container \"" + now.plan().name() + "\"";
    String end = end(now);
    if (!end.equals(end(before))) {
      reporter.complain(
          List.of(
              new Diagnostic(
                  who
                      + ": it "
                      + end(before)
                      + " while it was recorded, and "
                      + end
                      + " under the profile: the profile denies something that it needs. Record it"
                      + " for longer, or several times, and merge the recordings",
                  ExitCode.REFUSED)));
      return;
    }
    terminal
        .out()
        .println(
            who
                + " ran again under the profile"
                + (now.proof() instanceof Proof.Proven
                    ? ", proven to have its filter,"
                    : now.proof() == null ? ", and ended before that could be proven," : "")
                + " and "
                + end);
    if (now.phase() == Phase.ENDED && !Objects.equals(now.exitCode(), 0)) {
      reporter.warn(
          who + " " + end + ", both times: the recording may lack what it does when it works");
      reporter.worsen(ExitCode.CONTAINER);
    }
  }

  private static String end(ContainerOutcome outcome) {
    return switch (outcome.phase()) {
      case ENDED -> "ended with exit code " + outcome.exitCode();
      case STOPPED, RUNNING -> "ran until it was stopped";
      case NOT_STARTED -> "did not start";
      case UNFILTERED, EXCESS, UNPROVEN -> "was " + outcome.phase().text();
    };
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UnixSocket;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.cli.result.RecordedFiles;
import dev.portcullis.cli.result.RefusedPods;
import dev.portcullis.cli.result.RemedyLines;
import dev.portcullis.cli.running.ImagePod;
import dev.portcullis.cli.running.KeptProfiles;
import dev.portcullis.cli.running.PodChoice;
import dev.portcullis.cli.running.PodPreparation;
import dev.portcullis.cli.running.PodRecorder;
import dev.portcullis.cli.running.PreparedPod;
import dev.portcullis.cli.running.RunOptions;
import dev.portcullis.cli.running.RunReport;
import dev.portcullis.cli.running.RunSession;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PodPlanReader;
import dev.portcullis.run.pod.RunDirectory;
import dev.portcullis.run.pod.RunLeniency;
import dev.portcullis.run.recording.RunRecorder;
import dev.portcullis.seccomp.recording.ArgumentConditions;
import dev.portcullis.seccomp.recording.NeededCalls;
import dev.portcullis.seccomp.recording.ProfileWish;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `portcullis run`
final class RunCommand {
  private static final Option FOR =
      Option.value(
          "for",
          "DURATION",
          "end the pods after this time, such as 10s or 1m30s (default: when they end)");
  private static final Option PROVE =
      NodeRunOptions.PROVE.meaning(
          "prove that each container's filter is that of its profile, or stop it");
  private static final Option KEEP = Option.flag("keep", "leave everything as it is at the end");
  private static final Option LENIENT =
      Option.flag(
          "lenient",
          "leave out fields that run does not support, each with a warning: probes, ...");
  private static final Option EMPTY_CLAIMS =
      Option.flag("pvc-as-emptydir", "mount an empty directory for each volume of a claim");
  private static final Option RECORD =
      Option.value(
              "record",
              "DIR",
              "also write a profile and a recording for each container, named POD-CONTAINER; what"
                  + " its profile refuses stays refused")
          .usually("nothing is recorded");
  static final Verb VERB =
      new Verb(
          "run",
          new Help(
              "run pods on a runtime, each container under its profile",
              List.of(
                  "FILE|DIR|-... [options]",
                  "--image IMAGE [--profile X] [options] [-- ARGUMENT...]"),
              "Checks the pods as check does, starts them on a containerd of its own or on "
                  + "the runtime of --runtime-endpoint, shows what their containers print, and "
                  + "removes everything at the end. A containerd of its own needs root.",
              List.of(
                  new Help.Example(
                      "run examples/default.yaml", "under the runtime's default profile; as root"),
                  new Help.Example(
                      "run --seccomp-profile-root examples/profiles --for 10s "
                          + "examples/explorer.yaml",
                      "under a profile from a file, for ten seconds"),
                  new Help.Example(
                      "run --prove --image localhost/portcullis/busybox:1 --profile "
                          + "examples/profiles/browser-sandbox.json -- ls /",
                      "an image under a profile, without a pod in a file")),
              Map.of(
                  ExitCode.OK,
                  "the containers ended with zero, or were ended as asked",
                  ExitCode.REFUSED,
                  "a pod or a profile is refused; nothing was started",
                  ExitCode.CONTAINER,
                  "a container ended with another code than zero"),
              "run.md"),
          Grammar.of(
                  JudgeOptions.ALL,
                  ImagePod.IMAGE,
                  ImagePod.PROFILE,
                  ImagePod.COMMAND,
                  RuntimeOptions.ENDPOINT_OR_OWN,
                  RuntimeOptions.HANDLER,
                  RuntimeOptions.LOAD_IMAGE,
                  FOR,
                  KEEP,
                  PROVE,
                  RECORD,
                  LENIENT,
                  EMPTY_CLAIMS,
                  PodChoice.ONLY,
                  PodChoice.ALL,
                  ProfileRootOptions.ALLOW_LISTENER,
                  OutputOptions.OUTPUT)
              .taking(Operands.many(Values.FILES).wordsWith(ImagePod.IMAGE)),
          RunCommand::run);

  private RunCommand() {}

  private static ExitCode run(Arguments arguments, Terminal given)
      throws UsageException, IOException, InterruptedException {
    ImagePod image = ImagePod.read(arguments);
    if (image == null) {
      arguments.requireOperands("run needs a file with a pod, or --image");
    }
    RunOptions options = options(arguments);
    Path record = record(arguments, options);
    PodChoice choice = PodChoice.read(arguments);
    Terminal terminal = options.output() == OutputFormat.WIDE ? given.unbounded() : given;
    Reporter reporter = new Reporter(terminal);
    JudgedInput input = JudgedInput.read(arguments, image, terminal.in(), reporter);
    if (input == null) {
      return reporter.code();
    }
    List<JudgedPod> pods = chosen(input, choice, reporter, terminal);
    JudgedInput.requirePods(pods, arguments, reporter);
    if (!pods.stream().allMatch(pod -> pod.judgement().admitted())) {
      refuse(pods, input.pods().complaints(), options, terminal);
      reporter.worsen(ExitCode.REFUSED);
    }
    if (reporter.stops()) {
      return reporter.code();
    }
    ThisMachine machine = ThisMachine.ask(System.getProperty("os.arch"));
    PodPreparation preparation = new PodPreparation();
    Map<JudgedPod, PodPlan> plans =
        preparation.plan(
            pods, new PodPlanReader(input.objects(), machine.name(), leniency(arguments)));
    reporter.complain(preparation.complaints());
    if (reporter.stops()) {
      return reporter.code();
    }
    requireRoot(options);
    PodRecorder recorder = record == null ? null : recorder(plans, options, record, reporter);
    if (reporter.stops()) {
      return reporter.code();
    }
    if (recorder != null) {
      recorder.requirePossible();
    }
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out())) {
      RunDirectory directory = RunDirectory.create(RunOptions.STATE);
      try {
        Path usual = ProfileRootOptions.profileRoot(arguments);
        Path root = image == null ? usual : image.profileRoot(usual, directory);
        RunOptions found = options.withProfileRoot(root);
        List<PreparedPod> prepared =
            preparation.prepare(
                plans,
                root,
                new Snapshots(directory.profiles()),
                machine,
                found,
                image == null || !image.isBuiltIn());
        preparation.warnings().forEach(reporter::warn);
        reporter.complain(preparation.complaints());
        if (reporter.stops()) {
          return reporter.code();
        }
        List<PodOutcome> outcomes =
            recorder == null
                ? new RunSession(found, directory, terminal).run(prepared)
                : recorded(
                    recorder,
                    KeptProfiles.of(prepared, found, machine),
                    machine,
                    directory,
                    reporter,
                    terminal);
        if (!outcomes.isEmpty()) {
          report(prepared, outcomes, options, reporter, terminal);
        }
        return reporter.code();
      } finally {
        if (!directory.isKept()) {
          reporter.complainOfRest(directory.remove());
        }
      }
    }
  }

  private static @Nullable Path record(Arguments arguments, RunOptions options)
      throws UsageException {
    Path record = arguments.path(RECORD);
    if (record != null && (options.keep() || options.prove())) {
      throw new UsageException(
          RECORD.text()
              + (options.keep()
                  ? " and --keep: somebody must answer the calls of a recorded container"
                  : " and --prove: a recorded container has a filter that asks, not that of its"
                      + " profile; profile record proves the profile that it writes"));
    }
    return record;
  }

  private static PodRecorder recorder(
      Map<JudgedPod, PodPlan> plans, RunOptions options, Path directory, Reporter reporter)
      throws IOException {
    PodRecorder recorder =
        new PodRecorder(
            plans,
            options.withProfileRoot(null),
            new RecordedFiles(directory.toAbsolutePath().resolve("profile"), false),
            true);
    reporter.complain(recorder.complaints());
    return recorder;
  }

  /// The pods that are meant; none where that is not clear. What is to be known of them is printed.
  private static List<JudgedPod> chosen(
      JudgedInput input, PodChoice choice, Reporter reporter, Terminal terminal) {
    List<JudgedPod> pods = chosen(input.pods().pods(), choice, reporter, terminal);
    input.judge().notes().forEach(reporter::note);
    input.pods().notes().forEach(reporter::note);
    for (JudgedPod pod : pods) {
      pod.judgement().warnings().forEach(warning -> reporter.warn(PodReport.text(pod, warning)));
    }
    return pods;
  }

  /// Runs pods under filters that ask about their calls, and writes what was recorded.
  ///
  /// @return none where nothing was started
  private static List<PodOutcome> recorded(
      PodRecorder pods,
      KeptProfiles kept,
      ThisMachine machine,
      RunDirectory directory,
      Reporter reporter,
      Terminal terminal)
      throws IOException, InterruptedException {
    reporter.complain(kept.complaints());
    kept.notes().forEach(reporter::note);
    if (reporter.stops()) {
      return List.of();
    }
    Files.createDirectories(pods.files().profile().getParent());
    Snapshots snapshots = new Snapshots(directory.profiles());
    SyscallTable table = SyscallTable.ofThisMachine();
    try (RunRecorder recorder = new RunRecorder(directory.path(), machine, table, snapshots)) {
      List<PodOutcome> outcomes =
          new RunSession(pods.options(), directory, terminal)
              .run(pods.recorded(recorder, kept.byPod()));
      boolean interrupted = Thread.interrupted();
      ProfileWish wish =
          new ProfileWish(
              ArgumentConditions.USUAL, NeededCalls.ociRuntimes(), machine.architecture());
      boolean _ =
          new RecordedRuns(
                  pods,
                  recorder,
                  new ProfileMaker(wish, null),
                  reporter,
                  pods.options().table() ? terminal : terminal.toError())
              .write();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return outcomes;
    }
  }

  private static RunOptions options(Arguments arguments) throws UsageException {
    Duration time = arguments.duration(FOR);
    String endpoint = arguments.value(RuntimeOptions.ENDPOINT);
    if (endpoint != null) {
      UnixSocket.path(RuntimeOptions.ENDPOINT, endpoint);
    }
    return new RunOptions(
        ProfileRootOptions.profileRoot(arguments),
        ProfileRootOptions.allowedListeners(arguments),
        endpoint,
        RuntimeOptions.handler(arguments),
        arguments.paths(RuntimeOptions.LOAD_IMAGE),
        time,
        arguments.has(KEEP),
        arguments.has(PROVE),
        arguments.output());
  }

  private static RunLeniency leniency(Arguments arguments) {
    return new RunLeniency(arguments.has(LENIENT), arguments.has(EMPTY_CLAIMS));
  }

  /// The pods that are run; none where that is not clear.
  private static List<JudgedPod> chosen(
      List<JudgedPod> pods, PodChoice choice, Reporter reporter, Terminal terminal) {
    return switch (choice.of(pods)) {
      case PodChoice.Chosen(List<JudgedPod> chosen) -> chosen;
      case PodChoice.Unclear unclear -> {
        reporter.complain(List.of(new Diagnostic(unclear.why(), ExitCode.USAGE)));
        unclear.print(terminal.toError());
        yield List.of();
      }
    };
  }

  private static void refuse(
      List<JudgedPod> pods, List<Diagnostic> errors, RunOptions options, Terminal terminal) {
    new RefusedPods(pods, errors).print(options.output(), terminal);
    PodReport.refusals(pods, terminal.toError(), false);
    RemedyLines.print(pods, terminal.toError());
  }

  /// Asked before anything is installed or started.
  private static void requireRoot(RunOptions options) throws IOException {
    if (options.endpoint() == null && !"root".equals(System.getProperty("user.name"))) {
      throw new IOException(
          "starting containers needs root: run the same command with sudo, or name the socket of a"
              + " runtime that you may use with --runtime-endpoint");
    }
  }

  private static void report(
      List<PreparedPod> pods,
      List<PodOutcome> outcomes,
      RunOptions options,
      Reporter reporter,
      Terminal terminal) {
    if (options.table()) {
      terminal.out().println();
    }
    new RunReport(pods, outcomes, options.prove()).print(options.output(), terminal);
    for (PodOutcome outcome : outcomes) {
      boolean _ = reporter.complainOf(outcome);
      if (outcome.endedBadly() && reporter.code() == ExitCode.OK) {
        reporter.worsen(ExitCode.CONTAINER);
      }
    }
  }
}

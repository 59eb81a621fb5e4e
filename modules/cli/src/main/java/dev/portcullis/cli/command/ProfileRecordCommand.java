package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.RecordingOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UnixSocket;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.cli.result.RecordedFiles;
import dev.portcullis.cli.running.ImagePod;
import dev.portcullis.cli.running.KeptProfiles;
import dev.portcullis.cli.running.PodPreparation;
import dev.portcullis.cli.running.PodRecorder;
import dev.portcullis.cli.running.PreparedPod;
import dev.portcullis.cli.running.RunOptions;
import dev.portcullis.cli.running.RunSession;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PodPlanReader;
import dev.portcullis.run.pod.RunDirectory;
import dev.portcullis.run.recording.RunRecorder;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `portcullis profile record`
final class ProfileRecordCommand {
  private static final Option FOR =
      Option.value(
          "for",
          "DURATION",
          "end the pods after this time, such as 30s (default: when they end, or at Ctrl-C)");
  private static final Option NO_PROVE =
      Option.flag("no-prove", "do not run the pods again under what was recorded");
  private static final String IMAGE =
      "record this image, without a file; what stands after -- are its arguments";
  private static final Option KEEP_DENIED =
      Option.flag(
          "keep-denied",
          "what the profile of a container refuses stays refused, and is listed; without it, that"
              + " profile is not in use meanwhile");
  static final Verb VERB =
      new Verb(
          "profile record",
          new Help(
              "make a profile of what a pod does",
              List.of(
                  "FILE... --output-file PROFILE [options]",
                  "--image IMAGE --output-file PROFILE [options] [-- ARGUMENT...]"),
              "Runs pods as run does, and asks the kernel about each of their system calls. Writes "
                  + "a profile for each container, and beside it a recording with counts and "
                  + "arguments. Then runs the pods again under the profiles, with the proof that "
                  + "each container's filter is that of its profile. Needs root.",
              List.of(
                  new Help.Example(
                      "profile record --for 30s examples/default.yaml --output-file web.json",
                      "writes web.json and web.recording.json"),
                  new Help.Example(
                      "profile record --image localhost/portcullis/busybox:1 --base"
                          + " containerd/default --output-file web.json -- ls /",
                      "an image, and containerd's default with what it needs beyond that"),
                  new Help.Example(
                      "profile record --runtime-handler crun --arguments all --no-prove "
                          + "examples/default.yaml --output-file web.json",
                      "with crun and more conditions, and without the second run")),
              Map.of(
                  ExitCode.OK,
                  "the profiles are written, and the pods ran under them as before",
                  ExitCode.REFUSED,
                  "a pod cannot be recorded, or does not run under its profile as before",
                  ExitCode.CONTAINER,
                  "a container ended with another code than zero, both times"),
              "record.md"),
          Grammar.of(
                  Stream.of(
                          List.of(
                              ImagePod.IMAGE.meaning(IMAGE),
                              ImagePod.PROFILE,
                              ImagePod.COMMAND,
                              FOR,
                              KEEP_DENIED),
                          ProfileRootOptions.ALL,
                          RecordingOptions.ALL,
                          List.of(
                              NO_PROVE,
                              RuntimeOptions.ENDPOINT_OR_OWN,
                              RuntimeOptions.HANDLER,
                              RuntimeOptions.LOAD_IMAGE),
                          OutputOptions.NEW_FILE)
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(Values.FILES).wordsWith(ImagePod.IMAGE)),
          ProfileRecordCommand::run);

  private ProfileRecordCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    ImagePod image = ImagePod.read(arguments);
    if (image == null) {
      arguments.requireOperands("profile record needs a file with a pod, or --image");
    }
    if (!arguments.has(KEEP_DENIED)) {
      for (Option option :
          List.of(
              ImagePod.PROFILE,
              ProfileRootOptions.ROOT_DIR,
              ProfileRootOptions.SECCOMP_PROFILE_ROOT)) {
        if (arguments.has(option)) {
          throw new UsageException(
              option.text()
                  + " is for "
                  + KEEP_DENIED.text()
                  + ": without it, the profile of a container is not in use");
        }
      }
    }
    NewFile file = NewFile.of(arguments);
    Path path = file.path();
    if (path == null) {
      throw new UsageException(
          "profile record needs a name for the profile: "
              + OutputOptions.FILE.text()
              + " web.json");
    }
    RunOptions options = options(arguments);
    ThisMachine machine = ThisMachine.ask(System.getProperty("os.arch"));
    Reporter reporter = new Reporter(terminal);
    ProfileMaker maker = ProfileMaker.of(arguments, machine.architecture(), terminal, reporter);
    Map<JudgedPod, PodPlan> plans = plans(arguments, image, machine, reporter, terminal);
    PodRecorder pods =
        new PodRecorder(plans, options, new RecordedFiles(path, file.overwrite()), false);
    reporter.complain(pods.complaints());
    if (reporter.stops()) {
      return reporter.code();
    }
    pods.requirePossible();
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out())) {
      RunDirectory directory = RunDirectory.create(RunOptions.STATE);
      Snapshots snapshots = new Snapshots(directory.profiles());
      try (RunRecorder recorder =
          new RunRecorder(directory.path(), machine, SyscallTable.ofThisMachine(), snapshots)) {
        KeptProfiles kept =
            arguments.has(KEEP_DENIED)
                ? kept(arguments, plans, image, options, machine, directory, snapshots, reporter)
                : null;
        if (reporter.stops()) {
          return reporter.code();
        }
        RecordedRuns runs = new RecordedRuns(pods, recorder, maker, reporter, terminal);
        boolean prove = !arguments.has(NO_PROVE);
        RunSession session = new RunSession(options, directory, terminal, false);
        List<PodOutcome> last =
            session.run(
                pods.recorded(recorder, kept == null ? Map.of() : kept.byPod()),
                outcomes -> runs.recorded(outcomes) && prove ? pods.again(snapshots) : List.of());
        if (prove) {
          runs.compare(last);
        }
        return reporter.code();
      } finally {
        reporter.complainOfRest(directory.remove());
      }
    }
  }

  private static Map<JudgedPod, PodPlan> plans(
      Arguments arguments,
      @Nullable ImagePod image,
      ThisMachine machine,
      Reporter reporter,
      Terminal terminal)
      throws UsageException, IOException {
    JudgedInput input = JudgedInput.read(arguments, image, terminal.in(), reporter);
    if (input == null) {
      return Map.of();
    }
    JudgedPods judged = input.pods();
    judged.notes().forEach(reporter::note);
    JudgedInput.requirePods(judged.pods(), arguments, reporter);
    if (!judged.allAdmitted()) {
      reporter.complain(
          List.of(
              new Diagnostic("a pod is not valid; portcullis check says why", ExitCode.REFUSED)));
    }
    if (reporter.code() != ExitCode.OK) {
      return Map.of();
    }
    PodPreparation preparation = new PodPreparation();
    Map<JudgedPod, PodPlan> plans =
        preparation.plan(judged.pods(), new PodPlanReader(input.objects(), machine.name()));
    reporter.complain(preparation.complaints());
    return plans;
  }

  /// The profiles of the containers, by which they are refused calls.
  private static KeptProfiles kept(
      Arguments arguments,
      Map<JudgedPod, PodPlan> plans,
      @Nullable ImagePod image,
      RunOptions options,
      ThisMachine machine,
      RunDirectory directory,
      Snapshots snapshots,
      Reporter reporter)
      throws UsageException, IOException {
    Path usual = ProfileRootOptions.profileRoot(arguments);
    PodPreparation preparation = new PodPreparation();
    List<PreparedPod> prepared =
        preparation.prepare(
            plans,
            image == null ? usual : image.profileRoot(usual, directory),
            snapshots,
            machine,
            options,
            image == null || !image.isBuiltIn());
    preparation.warnings().forEach(reporter::warn);
    reporter.complain(preparation.complaints());
    if (!preparation.complaints().isEmpty()) {
      prepared = List.of();
    }
    KeptProfiles kept = KeptProfiles.of(prepared, options, machine);
    reporter.complain(kept.complaints());
    kept.notes().forEach(reporter::note);
    return kept;
  }

  private static RunOptions options(Arguments arguments) throws UsageException {
    String endpoint = arguments.value(RuntimeOptions.ENDPOINT);
    if (endpoint != null) {
      UnixSocket.path(RuntimeOptions.ENDPOINT, endpoint);
    }
    return new RunOptions(
        null,
        AllowedListeners.NONE,
        endpoint,
        RuntimeOptions.handler(arguments),
        arguments.paths(RuntimeOptions.LOAD_IMAGE),
        arguments.duration(FOR),
        false,
        false,
        OutputFormat.TABLE);
  }
}

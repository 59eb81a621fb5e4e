package dev.portcullis.cli;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.compilation.StartupCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Does what users do, once, while the JVM writes down what it loads for it: the start-up caches
/// (JEP 514) are made of that. What is not trained here works, and starts slower.
///
/// There are several, because the JVM loads and links all of a cache before the first line of Java
/// runs (JEP 483): `version` would pay for the readers of `check` and the gRPC client of `run`.
/// Those of `webhook` and of `distribute` are for the container image.
final class Training {
  private static final Set<ExitCode> JUDGED = EnumSet.of(ExitCode.OK, ExitCode.REFUSED);

  /// A new verb is trained by a line here. The working directory is the checkout.
  private static final List<Lesson> LESSONS =
      List.of(
          new Lesson("version"),
          new Lesson("version -o json"),
          new Lesson("help"),
          new Lesson("help version"));

  private static final List<Lesson> LESSONS_OF_CHECK =
      List.of(
          new Lesson("check examples/"),
          new Lesson("check -o json examples/"),
          new Lesson(
              "check --policy examples/policies --as developer --as-group developers"
                  + " -o json examples/"),
          new Lesson(
              "check --policy examples/policies --as developer --as-group developers examples/"),
          new Lesson("policy convert examples/policies"),
          new Lesson("policy who-can use localhost/x --policy examples/policies"));

  private static final List<Lesson> LESSONS_OF_PROFILE =
      List.of(
          new Lesson("profile validate examples/profiles"),
          new Lesson(
              "profile compare examples/profiles/browser-sandbox.json"
                  + " examples/profiles/example-explorer-profile"),
          new Lesson("profile compare unconfined examples/profiles/browser-sandbox.json -o json"),
          new Lesson("profile show examples/profiles/browser-sandbox.json"),
          new Lesson("profile show examples/profiles/browser-sandbox.json -o json"),
          new Lesson("profile derive --from examples/profiles/browser-sandbox.json --allow ptrace"),
          new Lesson("profile convert examples/profiles/browser-sandbox.json --to systemd"));

  /// What `run` needs once a runtime has answered, beyond what it needs to ask.
  private static final List<String> OF_RUNNING_PODS =
      List.of(
          "dev.portcullis.cli.running.PodThreads",
          "dev.portcullis.cli.running.RunReport",
          "dev.portcullis.run.containerd.ContainerdConfig",
          "dev.portcullis.run.containerd.PrivateContainerd",
          "dev.portcullis.cri.CriReplies",
          "dev.portcullis.cri.Requests",
          "dev.portcullis.kernel.process.ContainerProcessWatch",
          "dev.portcullis.kernel.process.LiveProcess",
          "dev.portcullis.run.pod.ContainerMaker",
          "dev.portcullis.run.pod.LogTail",
          "dev.portcullis.run.pod.PodRun",
          "dev.portcullis.run.pod.RunningContainer",
          "dev.portcullis.run.pod.VolumeMaker",
          "runtime.v1.Api$ContainerConfig$Builder",
          "runtime.v1.Api$ContainerStatusRequest$Builder",
          "runtime.v1.Api$ContainerStatusResponse",
          "runtime.v1.Api$CreateContainerRequest$Builder",
          "runtime.v1.Api$CreateContainerResponse",
          "runtime.v1.Api$ImageStatusRequest$Builder",
          "runtime.v1.Api$ImageStatusResponse",
          "runtime.v1.Api$LinuxContainerResources$Builder",
          "runtime.v1.Api$LinuxContainerSecurityContext$Builder",
          "runtime.v1.Api$LinuxSandboxSecurityContext$Builder",
          "runtime.v1.Api$PodSandboxConfig$Builder",
          "runtime.v1.Api$RemovePodSandboxRequest$Builder",
          "runtime.v1.Api$RemovePodSandboxResponse",
          "runtime.v1.Api$RunPodSandboxRequest$Builder",
          "runtime.v1.Api$RunPodSandboxResponse",
          "runtime.v1.Api$SecurityProfile$Builder",
          "runtime.v1.Api$StartContainerRequest$Builder",
          "runtime.v1.Api$StartContainerResponse",
          "runtime.v1.Api$StatusResponse",
          "runtime.v1.Api$StopPodSandboxRequest$Builder",
          "runtime.v1.Api$StopPodSandboxResponse");

  private Training() {}

  /// A command, and how it may end.
  private record Lesson(List<String> command, Set<ExitCode> ends) {
    Lesson(String command) {
      this(List.of(command.split(" ")), JUDGED);
    }

    void take() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Output output = new Output(bytes);
      Terminal terminal =
          Terminal.ofProcess(
              InputStream.nullInputStream(), output, new PrintStream(bytes), System.getenv());
      int code = Cli.run(command, output, terminal);
      if (ends.stream().noneMatch(end -> end.number() == code)) {
        throw new IOException(
            command + " ended with " + code + ": " + bytes.toString(StandardCharsets.UTF_8));
      }
    }
  }

  /// @param args the verb of which the cache is made; nothing for that of the verbs without one; or
  ///   `compilation` and a file, which the process makes that calls libseccomp
  static void main(String[] args) throws IOException, ClassNotFoundException, InterruptedException {
    if (args.length == 2 && args[0].equals("compilation")) {
      StartupCache.make(Path.of(args[1]));
      return;
    }
    // The cache takes what was loaded; this class takes the place of Main.
    Class.forName("dev.portcullis.cli.Main");
    switch (args.length == 0 ? "" : args[0]) {
      case "run" -> run();
      case "check" -> take(LESSONS_OF_CHECK);
      case "profile" -> take(LESSONS_OF_PROFILE);
      case "webhook" -> WebhookLesson.take();
      case "distribute" -> DistributionLesson.take();
      case "node" -> NodeLesson.take();
      default -> take(LESSONS);
    }
  }

  private static void take(List<Lesson> lessons) throws IOException {
    for (Lesson lesson : lessons) {
      lesson.take();
    }
  }

  private static void run() throws IOException, ClassNotFoundException {
    try (SilentRuntime runtime = SilentRuntime.listen()) {
      new Lesson(
              List.of(
                  "run",
                  "--runtime-endpoint",
                  runtime.endpoint(),
                  "--seccomp-profile-root",
                  "examples/profiles",
                  "examples/explorer.yaml"),
              EnumSet.of(ExitCode.WORLD))
          .take();
    }
    for (String name : OF_RUNNING_PODS) {
      Class.forName(name);
    }
  }
}

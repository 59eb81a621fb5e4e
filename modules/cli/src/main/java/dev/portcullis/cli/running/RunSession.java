package dev.portcullis.cli.running;

import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.RuntimeStatus;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodRun;
import dev.portcullis.run.pod.RunDirectory;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One run, from a runtime to the last trace removed.
public final class RunSession {
  /// What pods that come after others have at the least.
  private static final Duration LEAST = Duration.ofSeconds(20);

  private final RunOptions options;
  private final RunDirectory directory;
  private final Terminal terminal;
  private final RunConsole console;
  private final boolean tables;

  /// What is to run after pods, on the same runtime.
  public interface Sequel {
    /// Nothing where that is all.
    List<PreparedPod> after(List<PodOutcome> outcomes) throws IOException;
  }

  public RunSession(RunOptions options, RunDirectory directory, Terminal terminal) {
    this(options, directory, terminal, options.table());
  }

  /// @param tables whether to show how the pods stand once they run
  public RunSession(RunOptions options, RunDirectory directory, Terminal terminal, boolean tables) {
    this.tables = tables;
    this.options = options;
    this.directory = directory;
    this.terminal = terminal;
    // JSON has standard output for itself.
    PrintStream lines = options.table() ? terminal.out() : terminal.err();
    Colour colour = options.table() ? terminal.colour() : terminal.errColour();
    this.console = new RunConsole(terminal, lines, colour);
  }

  /// Runs the pods to their end.
  public List<PodOutcome> run(List<PreparedPod> pods) throws IOException {
    return run(pods, _ -> List.of());
  }

  /// Runs the pods to their end, and then those that come after them, whose filters are proven. A
  /// program that does not end because of its profile is ended.
  ///
  /// @return how the last ones ended
  public List<PodOutcome> run(List<PreparedPod> pods, Sequel sequel) throws IOException {
    ChosenRuntime runtime = runtime();
    boolean keep = false;
    try {
      for (Path archive : options.images()) {
        console.say("loaded " + String.join(", ", runtime.load(archive, console::say)));
      }
      requireNetwork(runtime, pods);
      long begin = System.nanoTime();
      List<PodOutcome> outcomes =
          run(asReadBehind(runtime, pods), runtime, options.prove(), options.time());
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      List<PreparedPod> next = sequel.after(outcomes);
      if (!next.isEmpty()) {
        Duration time = options.time() == null ? LEAST.plus(took.multipliedBy(3)) : options.time();
        outcomes = run(asReadBehind(runtime, next), runtime, true, time);
      }
      // A pod that failed is removed; the files and the runtime of those that did not are needed.
      keep = options.keep() && outcomes.stream().anyMatch(outcome -> outcome.failure() == null);
      return outcomes;
    } catch (CriException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      if (keep) {
        keep(runtime);
      } else {
        close(runtime);
      }
    }
  }

  private ChosenRuntime runtime() throws IOException {
    String endpoint = options.endpoint();
    return endpoint == null
        ? ChosenRuntime.ownContainerd(console::say)
        : ChosenRuntime.named(endpoint);
  }

  private static void requireNetwork(ChosenRuntime runtime, List<PreparedPod> pods)
      throws CriException, IOException {
    RuntimeStatus.Condition network = runtime.cri().status().network();
    if (network.ready()) {
      return;
    }
    for (PreparedPod pod : pods) {
      if (!pod.plan().shape().network().host()) {
        throw new IOException(
            pod.plan().identity().source()
                + ": pod "
                + pod.plan().identity().label()
                + " wants a network of its own, and the runtime at "
                + runtime.endpoint()
                + " has none for pods ("
                + network.message()
                + "). Say hostNetwork: true in its spec, or install CNI plugins and their"
                + " configuration (Debian: containernetworking-plugins)");
      }
    }
  }

  /// A runtime reads our snapshots. The Portcullis of a node reads the files by itself, and no
  /// others than those below its profile root.
  private List<PreparedPod> asReadBehind(ChosenRuntime runtime, List<PreparedPod> pods)
      throws CriException, IOException {
    Path nodeRoot = runtime.cri().profileRootOfNode().orElse(null);
    if (nodeRoot == null) {
      return pods;
    }
    Path ours = options.profileRoot();
    if (ours == null) {
      throw new IOException(
          "the Portcullis of a node is behind "
              + runtime.endpoint()
              + ", and gives containers no profiles but its own; say --runtime-endpoint with the"
              + " socket of the runtime itself");
    }
    if (pods.stream().noneMatch(PreparedPod::namesFile)) {
      return pods;
    }
    if (!Files.isDirectory(nodeRoot) || !Files.isSameFile(nodeRoot, ours)) {
      throw new IOException(
          "the Portcullis of a node is behind "
              + runtime.endpoint()
              + ", and its profiles are below "
              + nodeRoot
              + ", not below "
              + ours
              + "; say --seccomp-profile-root "
              + nodeRoot);
    }
    return pods.stream().map(pod -> pod.forNode(nodeRoot)).toList();
  }

  private List<PodOutcome> run(
      List<PreparedPod> pods, ChosenRuntime runtime, boolean prove, @Nullable Duration time) {
    console.expect(pods);
    PodRun.Settings settings =
        new PodRun.Settings(
            directory.id(),
            runtime.cgroupParent(),
            options.handler(),
            time,
            options.keep(),
            prove ? Prover.by(CommandCompiler.get(), Bounds.USUAL) : null);
    CountDownLatch ended = new CountDownLatch(pods.size());
    List<PodRun> runs = new ArrayList<>();
    for (PreparedPod pod : pods) {
      runs.add(new PodRun(runtime.cri(), pod.plan(), pod.profiles(), directory, settings, console));
    }
    PodThreads threads = new PodThreads(runs, ended);
    try {
      List<PodOutcome> running = console.awaitRunning(pods.size(), ended);
      if (tables && !running.isEmpty()) {
        synchronized (console) {
          new RunReport(List.of(), running, prove).table(terminal);
          terminal.out().flush();
        }
      }
    } catch (InterruptedException e) {
      console.say("stopping");
      Thread.currentThread().interrupt();
    }
    return threads.outcomes();
  }

  private void keep(ChosenRuntime runtime) throws IOException {
    List<String> commands = runtime.keep();
    directory.keep();
    console.say("everything is left running at " + runtime.endpoint() + " (--keep)");
    for (String command : commands) {
      console.say("  " + command);
    }
    console.say("the files of the pods are in " + directory.path());
  }

  private static void close(ChosenRuntime runtime) throws IOException {
    // An interruption must not keep what was made from being removed.
    boolean interrupted = Thread.interrupted();
    try {
      runtime.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

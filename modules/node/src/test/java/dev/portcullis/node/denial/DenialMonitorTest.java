package dev.portcullis.node.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.denial.ContainerDenials;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf(value = "possible", disabledReason = "needs root and tracefs on Linux, x86_64")
class DenialMonitorTest {
  /// Of version 2 or 1 (cgroups(7)). Its name has the id of the container `own`.
  private static final Path GROUP =
      Path.of(
          Files.exists(Path.of("/sys/fs/cgroup/cgroup.procs"))
              ? "/sys/fs/cgroup"
              : "/sys/fs/cgroup/pids",
          "id-of-own-" + ProcessHandle.current().pid());

  /// Gives itself a filter that refuses mkdir(2), its child one that refuses rmdir(2), as a runtime
  /// would, and that gives itself one that refuses chmod(2).
  private static final String CONTAINER =
      """
      import ctypes, os, struct, sys, time
      libc = ctypes.CDLL(None, use_errno=True)
      def refuse(number):
          code = b"".join(struct.pack("HBBI", *each) for each in
                          [(0x20, 0, 0, 0), (0x15, 0, 1, number), (6, 0, 0, 0x5001e),
                           (6, 0, 0, 0x7fff0000)])
          held = ctypes.create_string_buffer(code)
          program = struct.pack("HxxxxxxQ", 4, ctypes.addressof(held))
          if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program):
              raise OSError("no filter")
      def wait(file):
          while not os.path.exists(file):
              time.sleep(0.05)
      refuse(83)
      if os.fork():
          os.wait()
      open("GROUP/cgroup.procs", "w").write(str(os.getpid()))
      refuse(84)
      refuse(90)
      print(os.getpid(), flush=True)
      for file in ["once", "twice"]:
          wait(file)
          for call in [lambda: os.mkdir("x"), lambda: os.rmdir("x"), lambda: os.chmod(".", 0)]:
              try:
                  call()
              except OSError:
                  pass
          open("done-" + file, "w").close()
      wait("end")
      """;

  @TempDir private Path directory;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /// How many of each.
  private final Map<String, Long> refused = new ConcurrentHashMap<>();

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (Process each : started) {
      each.descendants().forEach(ProcessHandle::destroyForcibly);
      each.destroyForcibly().waitFor();
    }
    Wait.until("nobody is in its group", () -> !Files.exists(GROUP) || GROUP.toFile().delete());
  }

  static boolean possible() {
    try (ContainerDenials<String> _ = ContainerDenials.begin(Architecture.X86_64, _ -> true)) {
      return "amd64".equals(System.getProperty("os.arch"));
    } catch (IOException | UnsatisfiedLinkError e) {
      return false;
    }
  }

  private final class Told implements DenialMonitor.Listener {
    /// That it still throws.
    private final AtomicInteger errors = new AtomicInteger();

    /// Whether something was written before it was known who is watched.
    private final AtomicBoolean early = new AtomicBoolean();

    @Override
    public void seen(NamedDenial<DeniedContainer> denial, long more) {
      refused.merge(denial.name() + " " + denial.result(), more, Long::sum);
    }

    @Override
    public void incomplete(long lost, long omitted, long undecided) {}

    @Override
    public void watched(int seen, int unseen) {
      if (told.isEmpty() && Files.exists(file())) {
        early.set(true);
      }
      if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new OutOfMemoryError("for a test");
      }
      told.add(seen + " of " + (seen + unseen));
    }
  }

  private static ContainerFacts facts(String name, @Nullable Long pid) {
    return new ContainerFacts(
        "id-of-" + name, "shop/web", null, name, null, false, pid, 0, null, List.of(), null);
  }

  /// One that the runtime says it made a filter for.
  private ContainerFacts container(@Nullable ContainerRecord record) throws IOException {
    Files.createDirectory(GROUP);
    Path script =
        Files.writeString(
            directory.resolve("container.py"), CONTAINER.replace("GROUP", GROUP.toString()));
    Process process =
        new ProcessBuilder("python3", script.toString()).directory(directory.toFile()).start();
    started.add(process);
    long pid = Long.parseLong(process.inputReader().readLine());
    return new ContainerFacts(
        "id-of-own", "shop/web", null, "own", record, false, pid, 0, null, List.of(), null);
  }

  private void create(String name) throws IOException {
    Files.createFile(directory.resolve(name));
  }

  private void awaitTold(String text) throws Exception {
    Wait.until(text, () -> told.contains(text));
  }

  private void awaitDone(String name) throws Exception {
    Wait.until(name, () -> Files.exists(directory.resolve("done-" + name)));
  }

  /// What the runtime has itself, and one more, are of the profile.
  @Test
  void whatIsRefusedByTheRuntimesFiltersIsToldAndWritten() throws Exception {
    try (DenialMonitor monitor = monitor()) {
      monitor.running(List.of(container(null)));
      monitor.begin();
      awaitTold("1 of 1");
      create("once");
      Wait.until(
          "it is written",
          () -> Files.exists(file()) && Files.readString(file()).contains("rmdir"));
      assertThat(refused).isEqualTo(Map.of("mkdir EROFS", 1L, "rmdir EROFS", 1L));
      assertThat(Files.readString(file())).contains("\"count\" : 1").doesNotContain("chmod");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
      create("twice");
      Wait.until(
          "it is told again", () -> Map.of("mkdir EROFS", 2L, "rmdir EROFS", 2L).equals(refused));
    }
    assertThat(file()).doesNotExist();
  }

  /// It has the filters that the runtime has, and all others are its program's own.
  @Test
  void anUnconfinedOneHasNoProfileThatRefusesAnything() throws Exception {
    ContainerRecord record = new ContainerRecord("unconfined", "kubelet", null, null, null, false);
    try (DenialMonitor monitor = monitor()) {
      monitor.running(List.of(container(record)));
      monitor.begin();
      awaitTold("1 of 1");
      create("once");
      Wait.until(
          "it is written",
          () -> Files.exists(file()) && Files.readString(file()).contains("mkdir"));
      assertThat(refused).isEqualTo(Map.of("mkdir EROFS", 1L));
    }
  }

  /// Before it is forgotten.
  @Test
  void theLastCallsOfAContainerAreTold() throws Exception {
    try (DenialMonitor monitor = monitor()) {
      monitor.running(List.of(container(null)));
      monitor.begin();
      awaitTold("1 of 1");
      create("once");
      awaitDone("once");
      monitor.running(List.of());
      awaitTold("0 of 0");
      assertThat(refused).isEqualTo(Map.of("mkdir EROFS", 1L, "rmdir EROFS", 1L));
    }
  }

  /// It may be of an agent that was killed.
  @Test
  void whatAnAgentBeforeKnewIsForgotten() throws Exception {
    Files.writeString(file(), "old");
    Told listener = new Told();
    try (DenialMonitor monitor = monitor(listener)) {
      monitor.begin();
      assertThat(file())
          .satisfiesAnyOf(
              file -> assertThat(file).doesNotExist(),
              file -> assertThat(file).content().doesNotContain("old"));
      assertThat(told.take()).isEqualTo("0 of 0");
      // It would say that nothing was refused.
      assertThat(listener.early).isFalse();
    }
  }

  private Path file() {
    return directory.resolve("denials.json");
  }

  private DenialMonitor monitor() {
    return monitor(new Told());
  }

  private DenialMonitor monitor(Told listener) {
    return new DenialMonitor(Architecture.X86_64, new DenialFile(file()), listener);
  }

  @Test
  void whyAContainerIsNotWatchedIsSaid() throws Exception {
    long self = ProcessHandle.current().pid();
    try (DenialMonitor monitor = monitor()) {
      monitor.running(List.of(facts("nameless", null), facts("moved", self)));
      monitor.begin();
      assertThat(told.take()).isEqualTo("0 of 2");
      Wait.until(
          "it is written",
          () -> Files.exists(file()) && Files.readString(file()).contains("nameless"));
      assertThat(Files.readString(file()))
          .contains(
              "refused calls of container \\\"nameless\\\" of pod shop/web are not watched: the"
                  + " runtime does not tell its first process",
              "\\\"moved\\\"",
              "the control group of its first process "
                  + self
                  + " does not have the container's id id-of-moved");
    }
  }

  /// The runtime still says that it runs.
  @Test
  void whoseFirstProcessHasEndedIsNotWatched() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    try (DenialMonitor monitor = monitor()) {
      monitor.running(List.of(facts("ended", ended.pid())));
      monitor.begin();
      assertThat(told.take()).isEqualTo("0 of 1");
      Wait.until(
          "it is said",
          () -> Files.exists(file()) && Files.readString(file()).contains("has ended"));
    }
  }

  /// Figures that nobody renews any more look as if all were well.
  @Test
  void afterAnErrorNobodyIsWatched() throws Exception {
    Told listener = new Told();
    try (DenialMonitor monitor = monitor(listener)) {
      monitor.running(List.of(facts("any", null)));
      monitor.begin();
      Wait.until("it is written", () -> Files.exists(file()));
      assertThat(told.take()).isEqualTo("0 of 1");
      listener.errors.set(1);
      monitor.running(List.of(facts("any", null)));
      assertThat(told.take()).isEqualTo("0 of 1");
      assertThat(listener.errors).hasValue(0);
      assertThat(file()).doesNotExist();
    }
  }
}

package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.process.ContainerProcessGroups;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// Shells that are to {@link ContainerDenials} what containers are: each has filters, a control
/// group of its own, and waits for the file `go`.
final class ContainerShells {
  private static final int SOCKET = 41;
  private static final int AF_NETLINK = 16;

  /// Refuses one call with some arguments only, with EPERM.
  static final Program NO_NETLINK =
      CallMatcherTest.program(
          Instruction.of(0x20, 0),
          new Instruction(0x15, 0, 3, SOCKET),
          Instruction.of(0x20, 16),
          new Instruction(0x15, 0, 1, AF_NETLINK),
          Instruction.of(0x06, 0x50001),
          Instruction.of(0x06, Filters.ALLOW));

  /// An end of all waiting: no test takes so long.
  private static final long PATIENCE = 60_000_000_000L;

  private final Path directory;
  private final ContainerProcessGroups groups;
  private ContainerDenials<String> denials;

  ContainerShells(Path directory) throws IOException {
    this.directory = directory;
    groups = new ContainerProcessGroups(directory);
    denials = ContainerDenials.begin(Architecture.X86_64, _ -> true);
  }

  /// Begins anew.
  void begin(IntPredicate named, int mostKinds) throws IOException {
    denials.close();
    denials = ContainerDenials.begin(Architecture.X86_64, named, mostKinds);
  }

  ContainerDenials<String> denials() {
    return denials;
  }

  void close() throws Exception {
    denials.close();
    groups.close();
  }

  /// The control group of a container.
  Path group(String name) throws IOException {
    return groups.group(name);
  }

  /// A group that is removed at the end.
  Path made(Path group) throws IOException {
    return groups.made(group);
  }

  String id(String name) {
    return groups.id(name);
  }

  /// A shell that does this once the file `go` is there.
  long start(String name, List<Program> filters, String script) throws Exception {
    Path own = Files.createDirectory(directory.resolve(name));
    Path group = group(name);
    String waiting =
        "cd %s; until [ -e ../go ]; do sleep 0.05; done; %s\ntouch ../done-%s; sleep 300"
            .formatted(own, script, name);
    Path file = Files.writeString(own.resolve("script"), waiting);
    Process shell =
        run(
            filters,
            "sh",
            "-c",
            "echo $$ >%s/cgroup.procs; sh %s >%s/out 2>&1 & echo $!; wait"
                .formatted(group, file, own));
    return Long.parseLong(shell.inputReader().readLine());
  }

  /// A program in no group of a container.
  Process run(List<Program> filters, String... command) throws Exception {
    return groups.run(filters, command);
  }

  void follow(String name, long pid) throws Exception {
    followSoon(name, pid, 1);
  }

  /// Follows it as soon as it can be stopped: it may just have started another program (vfork(2)).
  void followSoon(String name, long pid, int ofRuntime) throws Exception {
    Wait.until(
        name + " is followed",
        () -> {
          try {
            return follow(name, pid, ofRuntime);
          } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("does not stop")) {
              return false;
            }
            throw e;
          }
        });
  }

  boolean follow(String name, long pid, int ofRuntime) throws Exception {
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      return denials.follow(name, id(name), process, ofRuntime);
    }
  }

  /// Lets all begin, and sees them through.
  void goUntilDone(String... names) throws Exception {
    Files.createFile(directory.resolve("go"));
    pollUntilDone(names);
  }

  void pollUntilDone(String... names) throws Exception {
    pollUntil(Stream.of(names).map("done-"::concat).toArray(String[]::new));
  }

  /// Sees what happens until these files are there.
  void pollUntil(String... files) throws Exception {
    long end = System.nanoTime() + PATIENCE;
    int left = 4;
    while (left > 0 && System.nanoTime() < end) {
      if (Stream.of(files).map(directory::resolve).allMatch(Files::exists)) {
        left--;
      }
      denials.poll();
      Thread.sleep(denials.pause());
    }
    assertThat(left).as("it is done").isZero();
  }

  /// What was counted, as `links 266 EPERM x2`.
  List<String> texts() {
    return denials.denials().stream()
        .map(each ->
            each.subject() + " " + each.number() + " " + each.verdict() + " x" + each.count())
        .toList();
  }
}

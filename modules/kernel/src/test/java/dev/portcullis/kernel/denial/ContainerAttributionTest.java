package dev.portcullis.kernel.denial;

import static dev.portcullis.kernel.process.FilteredThread.denying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose a refused call is, also where processes come, go, and change their control groups.
@NeedsTracefs
class ContainerAttributionTest {
  private static final int EPERM = 1;
  private static final int SYMLINKAT = 266;
  private static final int SYMLINK = 88;

  /// As programs of the C library and of Python make links.
  private static final List<Program> NO_LINKS =
      List.of(denying(SYMLINKAT, EPERM), denying(SYMLINK, EPERM));

  private static final String UNTIL = "until [ -e ../%s ]; do sleep 0.05; done; ";

  @TempDir private Path directory;
  private ContainerShells shells;

  @BeforeEach
  void begin() throws IOException {
    shells = new ContainerShells(directory);
  }

  @AfterEach
  void end() throws Exception {
    shells.close();
  }

  private long start(String name, String script) throws Exception {
    return shells.start(name, NO_LINKS, script);
  }

  private void follow(String name, long pid) throws Exception {
    shells.followSoon(name, pid, NO_LINKS.size());
  }

  private void create(String file) throws IOException {
    Files.createFile(directory.resolve(file));
  }

  private boolean isThere(String file) {
    return Files.exists(directory.resolve(file));
  }

  private void move(long pid, String container) throws IOException {
    Files.writeString(shells.group(container).resolve("cgroup.procs"), Long.toString(pid));
  }

  /// A program in Python, which is not made by a shell each time.
  private String python(String name, String text) throws IOException {
    return "python3 " + Files.writeString(directory.resolve(name + ".py"), PYTHON + text);
  }

  private static final String PYTHON =
      """
      import os, sys, time
      def link():
          try:
              os.symlink("a", "b")
              print("it is made")
          except PermissionError:
              pass
      def say(file):
          open(file, "w").close()
      def wait(file):
          while not os.path.exists(file):
              time.sleep(0.05)
      """;

  /// It counts its calls, and not those of the one that it names.
  @ParameterizedTest
  @ValueSource(strings = {"victim attacker", "attacker victim"})
  void aGroupBelowAContainersOwnIsItsOwnWhateverItsName(String order) throws Exception {
    long victim = start("victim", "true");
    Path below = shells.group("attacker").resolve(shells.id("victim"));
    String program = python("link", "link(); say('../done-link'); time.sleep(300)");
    long attacker =
        start("attacker", "sh -c 'echo $$ >%s/cgroup.procs; exec %s' &".formatted(below, program));
    assertThat(shells.made(below)).isDirectory();
    for (String each : order.split(" ", -1)) {
      follow(each, each.equals("victim") ? victim : attacker);
    }
    shells.goUntilDone("victim", "link");
    assertThat(shells.texts()).containsExactly("attacker " + SYMLINK + " EPERM x1");
  }

  /// It is in another one since it was seen, as what a runtime has started is.
  @Test
  void whoExecutesAProgramIsLookedUpAgain() throws Exception {
    long first =
        start(
            "first", UNTIL.formatted("moved") + "exec sh -c 'ln -s a b; touch ../done; sleep 300'");
    long second = start("second", "true");
    follow("first", first);
    follow("second", second);
    move(first, "second");
    create("moved");
    create("go");
    shells.pollUntil("done");
    assertThat(shells.texts()).containsExactly("second " + SYMLINKAT + " EPERM x1");
  }

  /// Whose a thread was, nobody knows any more: its number may have been given out again. Nor
  /// whether the first call of each had a beginning.
  @Test
  void afterALossEachIsLookedUpAgain() throws Exception {
    String many =
        """
        import socket
        say('../begun')
        wait('../moved')
        for _ in range(200000):
            try:
                socket.socket(16, socket.SOCK_RAW, 0)
            except PermissionError:
                pass
        say('../tried')
        time.sleep(300)
        """;
    List<Program> filters = List.of(ContainerShells.NO_NETLINK);
    long first = shells.start("first", filters, "exec " + python("many", many));
    long second = shells.start("second", filters, "true");
    shells.follow("first", first);
    shells.follow("second", second);
    create("go");
    shells.pollUntil("begun");
    move(first, "second");
    create("moved");
    Wait.until("all are tried, and nobody reads", () -> isThere("tried"));
    shells.pollUntil("tried");
    ContainerDenials<String> denials = shells.denials();
    assertThat(denials.lost()).isPositive();
    assertThat(denials.undecided()).isPositive();
    assertThat(denials.denials())
        .hasSize(1)
        .first()
        .satisfies(denial -> {
          assertThat(denial.subject()).isEqualTo("second");
          assertThat(denial.count()).isBetween(1L, 199_999L);
        });
  }

  /// A shim makes it, and it goes into the container by itself, as for `kubectl exec`.
  private String shim(String name, String first, String later) throws Exception {
    Path shim = Files.copy(Path.of("/bin/sh"), directory.resolve("containerd-shim-" + name));
    assertThat(shim.toFile().setExecutable(true)).isTrue();
    Process process =
        shells.run(
            NO_LINKS,
            shim.toString(),
            "-c",
            "mkdir own; cd own; "
                + "sh -c 'echo $$ >%s/cgroup.procs; %s; sleep 300' & echo $!; read go; %s"
                    .formatted(shells.group(name), first, later)
                + " & wait; sleep 300");
    String pid = process.inputReader().readLine();
    follow(name, Long.parseLong(pid));
    process.outputWriter().write("\n");
    process.outputWriter().flush();
    return pid;
  }

  private String enter(String name) throws IOException {
    return "open('%s/cgroup.procs', 'w').write(str(os.getpid()))\n".formatted(shells.group(name));
  }

  @Test
  void whatAShimStartsInAContainerIsSeen() throws Exception {
    String script = UNTIL.formatted("go") + "ln -s a b; touch ../done-own; sleep 300";
    String later =
        enter("own") + "say('../in'); os.execlp('sh', 'sh', '-c', '%s')".formatted(script);
    assertThat(shim("own", "true", python("later", later))).isNotEmpty();
    shells.pollUntil("in");
    shells.goUntilDone("own");
    assertThat(shells.texts()).containsExactly("own " + SYMLINKAT + " EPERM x1");
    assertThat(shells.denials().omitted()).isZero();
  }

  /// What it did before, as a runtime, was of no container.
  @Test
  void whoEntersAContainerAndEndsUnseenIsOmitted() throws Exception {
    String later =
        "child = os.fork()\nif child == 0:\n    link(); say('../is-out'); wait('../go')\n    "
            + enter("own")
            + "    os.execlp('ln', 'ln', '-s', 'a', 'b')\nos.waitpid(child, 0); say('../done-own')";
    assertThat(shim("own", "true", python("later", later))).isNotEmpty();
    shells.pollUntil("is-out");
    assertThat(shells.denials().omitted()).isZero();
    create("go");
    Wait.until("it has ended", () -> isThere("done-own"));
    shells.pollUntilDone("own");
    assertThat(shells.texts()).isEmpty();
    assertThat(shells.denials().omitted()).isEqualTo(1);
  }

  /// Its parent has not asked yet how it ended, and the kernel shows it in no group any more.
  @Test
  void whoHasEndedAndIsStillListedIsOmitted() throws Exception {
    String later =
        "child = os.fork()\nif child == 0:\n    "
            + enter("own")
            + "    link()\n    os._exit(0)\n"
            + "os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)\n"
            + "say('../done-own'); time.sleep(300)";
    assertThat(shim("own", "true", python("later", later))).isNotEmpty();
    Wait.until("it has ended", () -> isThere("done-own"));
    shells.pollUntilDone("own");
    assertThat(shells.texts()).isEmpty();
    assertThat(shells.denials().omitted()).isEqualTo(1);
  }

  /// Its number was that of a container's process. This one executes nothing, by which it would be
  /// looked up.
  @Test
  void aNumberThatIsGivenOutAgainIsNobodys() throws Exception {
    String later =
        """
        wait('../number')
        wanted = int(open('../number').read())
        for attempt in range(10000):
            open('/proc/sys/kernel/ns_last_pid', 'w').write(str(wanted - 1))
            child = os.fork()
            if child == 0:
                if os.getpid() == wanted:
                    link()
                os._exit(0)
            os.waitpid(child, 0)
            if child == wanted:
                say('../done-own')
                break
        """;
    String first = "python3 -c \"import os; os.getpid()\" & echo $! >../was; wait; touch ../ended";
    assertThat(shim("own", first, python("later", later))).isNotEmpty();
    shells.pollUntil("ended");
    Files.move(directory.resolve("was"), directory.resolve("number"));
    shells.pollUntilDone("own");
    assertThat(shells.texts()).isEmpty();
    assertThat(Files.readString(directory.resolve("number"))).isNotBlank();
  }

  /// Where its group cannot be had, it is what its first process has started.
  @Test
  void withoutAGroupItIsTheTreeOfItsProcesses() throws Exception {
    long pid = start("own", "true");
    Process tree =
        shells.run(
            NO_LINKS,
            "sh",
            "-c",
            "mkdir tree; cd tree; (echo; "
                + UNTIL.formatted("go")
                + "ln -s a b; touch ../done-tree)"
                + " & wait; sleep 300");
    assertThat(tree.inputReader().readLine()).isEmpty();
    follow("own", pid);
    follow("tree", tree.pid());
    shells.goUntilDone("own", "tree");
    assertThat(shells.texts()).containsExactly("tree " + SYMLINKAT + " EPERM x1");
  }
}

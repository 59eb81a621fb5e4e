package dev.portcullis.kernel.denial;

import static dev.portcullis.kernel.denial.CallMatcherTest.program;
import static dev.portcullis.kernel.process.FilteredThread.answering;
import static dev.portcullis.kernel.process.FilteredThread.denying;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.kernel.trace.TraceFiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several programs under several filters, by one trace.
@NeedsTracefs
class ContainerDenialsTest {
  private static final int EPERM = 1;
  private static final int EINTR = 4;
  private static final int SYMLINKAT = 266;
  private static final int MKDIR = 83;
  private static final int SOCKET = 41;
  private static final int CLONE = 56;
  private static final int OPENAT = 257;
  private static final int LOG = 0x7ffc0000;
  private static final int RT_SIGTIMEDWAIT = 128;

  private static final Program NO_LINKS = denying(SYMLINKAT, EPERM);
  private static final Program NO_DIRECTORIES = denying(MKDIR, EPERM);

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

  @Test
  void eachRefusalBelongsToTheContainerWhoseFilterItIs() throws Exception {
    String script = "ln -s a b; ln -s a c; mkdir d";
    long links = shells.start("links", List.of(NO_LINKS), script);
    long directories = shells.start("directories", List.of(NO_DIRECTORIES), script);
    long free = shells.start("free", List.of(), script);
    long stranger = shells.start("stranger", List.of(NO_LINKS), script);
    shells.follow("links", links);
    shells.follow("directories", directories);
    shells.follow("free", free);
    assertThat(stranger).isPositive();
    shells.goUntilDone("links", "directories", "free", "stranger");
    assertThat(shells.texts())
        .containsExactlyInAnyOrder(
            "links " + SYMLINKAT + " EPERM x2", "directories " + MKDIR + " EPERM x1");
    ContainerDenials<String> denials = shells.denials();
    assertThat(denials.lost() + denials.undecided() + denials.omitted()).isZero();
    assertThat(denials.filters("links").newestFirst()).containsExactly(NO_LINKS);
  }

  /// A thread that is not the first of its process goes on with the number of the first.
  @Test
  void whatAThreadExecutesInPlaceOfItsProcessIsCounted() throws Exception {
    Path program =
        Files.writeString(
            directory.resolve("thread.py"),
            """
            import os, threading, time
            def execute():
                os.execv("/bin/sh", ["sh", "-c", "sleep 1; ln -s a b; touch ../executed; sleep 300"])
            threading.Thread(target=execute).start()
            time.sleep(300)
            """);
    long own = shells.start("own", List.of(NO_LINKS), "exec python3 " + program);
    shells.follow("own", own);
    Files.createFile(directory.resolve("go"));
    shells.pollUntil("executed");
    assertThat(shells.texts()).containsExactly("own " + SYMLINKAT + " EPERM x1");
    ContainerDenials<String> denials = shells.denials();
    assertThat(denials.lost() + denials.undecided() + denials.omitted()).isZero();
    assertThat(denials.denials()).extracting(each -> each.command()).containsExactly("ln");
  }

  private static final Program LOGS_DIRECTORIES = answering(MKDIR, LOG);

  /// It is made, and what the kernel says to it is no refusal.
  @Test
  void whatIsLoggedIsCountedByItselfWithItsProgram() throws Exception {
    String script = "mkdir a; mkdir a; ln -s a b";
    long trial = shells.start("trial", List.of(NO_LINKS, LOGS_DIRECTORIES), script);
    long free = shells.start("free", List.of(NO_LINKS), script);
    shells.followSoon("trial", trial, 2);
    shells.follow("free", free);
    shells.goUntilDone("trial", "free");
    assertThat(shells.texts())
        .containsExactlyInAnyOrder(
            "trial " + SYMLINKAT + " EPERM x1",
            "trial " + MKDIR + " LOG x2",
            "free " + SYMLINKAT + " EPERM x1");
    assertThat(directory.resolve("trial/a")).isDirectory();
    assertThat(shells.denials().denials())
        .filteredOn(each -> each.isLogged())
        .extracting(each -> each.command())
        .containsExactly("mkdir");
    ContainerDenials<String> denials = shells.denials();
    assertThat(denials.lost() + denials.undecided() + denials.omitted()).isZero();
  }

  /// Else a program under a profile that logs could have all its calls read for ever.
  @Test
  void aCallThatWasLoggedOftenIsNotTracedAnyMore() throws Exception {
    String loop =
        "python3 -c 'import ctypes, time; mkdir = ctypes.CDLL(None).mkdir; [(mkdir(b\".\", 0),"
            + " n %% 1000 or time.sleep(0.1)) for n in range(%d)]'"
                .formatted(FollowedContainer.MOST_LOGGED + 100);
    String again = "until [ -e ../again ]; do sleep 0.05; done";
    long busy =
        shells.start(
            "busy",
            List.of(NO_LINKS, LOGS_DIRECTORIES),
            String.join("; ", loop, "ln -s a b", "touch ../often", again, "mkdir c", "mkdir d"));
    long other = shells.start("other", List.of(NO_DIRECTORIES), again);
    shells.followSoon("busy", busy, 2);
    assertThat(shells.denials().traces(MKDIR)).isTrue();
    Files.createFile(directory.resolve("go"));
    shells.pollUntil("often");
    assertThat(shells.texts())
        .containsExactlyInAnyOrder(
            "busy " + SYMLINKAT + " EPERM x1",
            "busy " + MKDIR + " LOG x" + FollowedContainer.MOST_LOGGED);
    assertThat(shells.denials().traces(MKDIR)).isFalse();
    assertThat(shells.denials().traces(SYMLINKAT)).isTrue();
    // Another one, whose profile can refuse it, has it traced again.
    shells.follow("other", other);
    assertThat(shells.denials().traces(MKDIR)).isTrue();
    Files.createFile(directory.resolve("again"));
    shells.pollUntilDone("busy", "other");
    assertThat(shells.texts()).contains("busy " + MKDIR + " LOG x" + FollowedContainer.MOST_LOGGED);
    assertThat(shells.denials().omitted()).isZero();
  }

  /// A socket of AF_NETLINK is refused by the filter, one of AF_PACKET by the kernel: both EPERM.
  @Test
  void whatTheKernelRefusesIsNoDenial() throws Exception {
    Path script =
        Files.writeString(
            directory.resolve("sockets.py"),
            """
            import os, socket
            os.setgid(65534); os.setuid(65534)
            seen = 0
            for family in [17, 17, 16, 16, 17, 16, 17]:
                try:
                    socket.socket(family, socket.SOCK_RAW, 0)
                except PermissionError:
                    seen += 1
            print(seen, "refused")
            """);
    directory.toFile().setExecutable(true, false);
    long pid = shells.start("own", List.of(ContainerShells.NO_NETLINK), "python3 " + script);
    shells.follow("own", pid);
    shells.goUntilDone("own");
    assertThat(Files.readString(directory.resolve("own/out"))).contains("7 refused");
    assertThat(shells.texts()).containsExactly("own " + SOCKET + " EPERM x3");
  }

  /// A loop of refusals is counted without being looked at: each of two threads, and what one is
  /// allowed in between.
  @Test
  void aLoopIsCountedToTheLast() throws Exception {
    Path script =
        Files.writeString(
            directory.resolve("loop.py"),
            """
            import os, threading
            here = os.open(".", os.O_RDONLY)
            def loop():
                for i in range(20000):
                    try:
                        os.symlink("a", "b", dir_fd=here)
                    except PermissionError:
                        pass
                    if i % 100 == 0:
                        os.mkdir("d%d-%d" % (threading.get_native_id(), i))
            threads = [threading.Thread(target=loop) for _ in range(2)]
            [t.start() for t in threads]
            [t.join() for t in threads]
            """);
    long pid = shells.start("own", List.of(NO_LINKS), "python3 " + script);
    long other = shells.start("other", List.of(NO_DIRECTORIES), "sleep 0");
    shells.follow("own", pid);
    shells.follow("other", other);
    shells.goUntilDone("own");
    ContainerDenials<String> denials = shells.denials();
    assertThat(denials.lost() + denials.undecided() + denials.omitted()).isZero();
    assertThat(shells.texts()).containsExactly("own " + SYMLINKAT + " EPERM x40000");
    Denial<String> all = denials.denials().getFirst();
    assertThat(all.last()).isAfter(all.first()).isBefore(Instant.now());
  }

  @Test
  void oneThatIsGoneIsForgottenAndOthersGoOn() throws Exception {
    long first = shells.start("first", List.of(NO_LINKS), "ln -s a b");
    long second = shells.start("second", List.of(NO_DIRECTORIES), "ln -s a b; mkdir c");
    shells.follow("first", first);
    shells.follow("second", second);
    assertThat(shells.denials().follows("first")).isTrue();
    shells.denials().retain(Set.of("second"));
    assertThat(shells.denials().follows("first")).isFalse();
    shells.goUntilDone("first", "second");
    assertThat(shells.texts()).containsExactly("second " + MKDIR + " EPERM x1");
  }

  /// A filter that refuses all calls from one number on.
  private static Program noCallsFrom(int number) {
    return program(
        Instruction.of(0x20, 0),
        new Instruction(0x35, 0, 1, number),
        Instruction.of(0x06, 0x50000 | EPERM),
        Instruction.of(0x06, Filters.ALLOW));
  }

  private static String calls(int first, int count) {
    return "python3 -c 'import ctypes; [ctypes.CDLL(None).syscall(%d+n) for n in range(%d)]'"
        .formatted(first, count);
  }

  /// A filter that logs all calls from one number on.
  private static Program loggingFrom(int number) {
    return program(
        Instruction.of(0x20, 0),
        new Instruction(0x35, 0, 1, number),
        Instruction.of(0x06, LOG),
        Instruction.of(0x06, Filters.ALLOW));
  }

  /// Else a program could hide what is refused to it.
  @Test
  void manyLoggedKindsHideNoRefusedOne() throws Exception {
    long pid =
        shells.start("many", List.of(loggingFrom(449), NO_LINKS), calls(449, 150) + "; ln -s a b");
    shells.followSoon("many", pid, 2);
    shells.goUntilDone("many");
    assertThat(shells.denials().denials()).hasSize(FollowedContainer.MOST_KINDS + 1);
    assertThat(shells.texts()).contains("many " + SYMLINKAT + " EPERM x1");
    assertThat(shells.denials().omitted()).isEqualTo(150 - FollowedContainer.MOST_KINDS);
  }

  /// Each number is a kind: most kinds of a container are few.
  @Test
  void kindsOfCallsAreBounded() throws Exception {
    long pid = shells.start("many", List.of(noCallsFrom(449)), calls(449, 150));
    shells.follow("many", pid);
    shells.goUntilDone("many");
    assertThat(shells.denials().denials()).hasSize(FollowedContainer.MOST_KINDS);
    assertThat(shells.denials().omitted()).isEqualTo(150 - FollowedContainer.MOST_KINDS);
  }

  @Test
  void callsWithoutANameAreOneKind() throws Exception {
    shells.begin(number -> number < 500, 5000);
    long pid =
        shells.start("invented", List.of(noCallsFrom(499)), calls(499, 50) + "; " + calls(600, 50));
    shells.follow("invented", pid);
    shells.goUntilDone("invented");
    assertThat(shells.texts()).containsExactly("invented 499 EPERM x1", "invented 500 EPERM x99");
    assertThat(shells.denials().omitted()).isZero();
  }

  /// However many kinds another one has.
  @Test
  void theFirstKindsOfAContainerHaveRoom() throws Exception {
    shells.begin(_ -> true, 9);
    long greedy = shells.start("greedy", List.of(noCallsFrom(449)), calls(449, 20));
    long modest =
        shells.start(
            "modest",
            List.of(noCallsFrom(449)),
            "until [ -e ../greedy-is-read ]; do sleep 0.05; done; " + calls(449, 7));
    shells.follow("greedy", greedy);
    shells.follow("modest", modest);
    shells.goUntilDone("greedy");
    Files.createFile(directory.resolve("greedy-is-read"));
    shells.pollUntilDone("modest");
    assertThat(shells.denials().denials())
        .filteredOn(each -> each.subject().equals("modest"))
        .hasSize(FollowedContainer.RESERVED_KINDS);
    assertThat(shells.denials().denials()).hasSize(9 + FollowedContainer.RESERVED_KINDS);
  }

  /// Also where its processes go on for a while.
  @Test
  void whatIsForgottenTakesNoRoom() throws Exception {
    shells.begin(_ -> true, 9);
    Path script =
        Files.writeString(
            directory.resolve("gone.py"),
            """
            import ctypes, os, time
            call = ctypes.CDLL(None).syscall
            [call(449 + n) for n in range(9)]
            open("../full", "w").close()
            while not os.path.exists("../forgotten"):
                time.sleep(0.05)
            [call(470 + n) for n in range(9)]
            """);
    long gone = shells.start("gone", List.of(noCallsFrom(449)), "python3 " + script);
    long late =
        shells.start(
            "late",
            List.of(noCallsFrom(449)),
            "until [ -e ../done-gone ]; do sleep 0.05; done; " + calls(449, 7));
    shells.follow("gone", gone);
    shells.follow("late", late);
    Files.createFile(directory.resolve("go"));
    shells.pollUntil("full");
    assertThat(shells.denials().denials()).hasSize(9);
    shells.denials().retain(Set.of("late"));
    Files.createFile(directory.resolve("forgotten"));
    shells.pollUntilDone("gone", "late");
    assertThat(shells.denials().denials())
        .hasSize(7)
        .allSatisfy(each -> assertThat(each.subject()).isEqualTo("late"));
  }

  /// Its first event is the end of the call that made it, with the result of one that is refused.
  @Test
  void aNewProcessIsNoRefusalThatFakesSuccess() throws Exception {
    Program fake =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 3, CLONE),
            Instruction.of(0x20, 16),
            new Instruction(0x15, 0, 1, 77),
            Instruction.of(0x06, 0x50000),
            Instruction.of(0x06, Filters.ALLOW));
    String script =
        "python3 -c 'import os; [os.fork() or os._exit(0) for _ in range(5)]; os.wait();"
            + " import ctypes; ctypes.CDLL(None).syscall(56, 77)'";
    long pid = shells.start("own", List.of(fake), script);
    shells.follow("own", pid);
    shells.goUntilDone("own");
    assertThat(shells.texts()).containsExactly("own " + CLONE + " errno 0 x1");
  }

  /// A filter that a program gave itself refuses a call that is traced because of another one.
  @Test
  void whatWasUndecidedStaysSo() throws Exception {
    long own = shells.start("own", List.of(NO_LINKS, NO_DIRECTORIES), "mkdir c");
    long other = shells.start("other", List.of(NO_DIRECTORIES), "true");
    shells.follow("own", own);
    shells.follow("other", other);
    shells.goUntilDone("own", "other");
    assertThat(shells.denials().undecided()).isEqualTo(1);
    shells.denials().retain(Set.of("other"));
    assertThat(shells.denials().undecided()).isEqualTo(1);
    assertThat(shells.texts()).isEmpty();
  }

  /// Neither one of the same profile, nor one of which other calls are traced.
  @Test
  void whatTheFollowingOfOthersDoesNotTouchIsCounted() throws Exception {
    Path pipe = directory.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    Path script =
        Files.writeString(
            directory.resolve("twice.py"),
            """
            import socket
            def refused(file):
                try:
                    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
                except PermissionError:
                    open(file, "w").close()
            refused("../once")
            open("../pipe").read()
            refused("../done-own")
            """);
    List<Program> filters = List.of(ContainerShells.NO_NETLINK);
    long own = shells.start("own", filters, "exec python3 " + script);
    long same = shells.start("same", filters, "true");
    long more = shells.start("more", List.of(NO_LINKS), "true");
    shells.follow("own", own);
    Files.createFile(directory.resolve("go"));
    Wait.until("it waits", () -> Files.exists(directory.resolve("once")));
    Wait.until("it waits", () -> CallMatcher.callOf(own) == OPENAT);
    shells.follow("same", same);
    shells.pollUntil("once");
    assertThat(shells.texts()).containsExactly("own " + SOCKET + " EPERM x1");
    shells.follow("more", more);
    Files.writeString(pipe, "on");
    shells.pollUntilDone("own");
    assertThat(shells.texts()).containsExactly("own " + SOCKET + " EPERM x2");
    assertThat(shells.denials().undecided()).isZero();
  }

  /// It ends as the filter would refuse it with other arguments, and began unseen.
  @Test
  void aCallThatHadBegunIsUndecided() throws Exception {
    Program interrupted =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 3, RT_SIGTIMEDWAIT),
            Instruction.of(0x20, 40),
            new Instruction(0x15, 0, 1, 77),
            Instruction.of(0x06, 0x50000 | EINTR),
            Instruction.of(0x06, Filters.ALLOW));
    Files.createFile(directory.resolve("go"));
    // The first process is stopped for its filters to be read, and begins its call anew; its child
    // is not.
    long pid =
        shells.start(
            "own",
            List.of(interrupted),
            """
            exec python3 -c '
            import os, signal
            if os.fork():
                os.wait()
            signal.signal(10, lambda *_: open("../done-own", "w"))
            signal.pthread_sigmask(0, [12])
            open("../in", "w").write(str(os.getpid()))
            signal.sigwaitinfo([12])'
            """);
    Path in = directory.resolve("in");
    Wait.until("it waits", () -> Files.exists(in) && waits(Files.readString(in)));
    shells.follow("own", pid);
    assertThat(waits(Files.readString(in))).isTrue();
    new ProcessBuilder("kill", "-USR1", Files.readString(in)).start().waitFor();
    shells.pollUntilDone("own");
    assertThat(shells.texts()).isEmpty();
    assertThat(shells.denials().undecided()).isEqualTo(1);
  }

  private static boolean waits(String pid) {
    return !pid.isEmpty() && CallMatcher.callOf(Long.parseLong(pid)) == RT_SIGTIMEDWAIT;
  }

  /// The kernel makes no events of what all filters allow, nor of whom nobody follows.
  @Test
  void onlyWhatSomeFilterRefusesIsTraced() throws Exception {
    long self = ProcessHandle.current().pid();
    try (TraceFiles files = TraceFiles.open()) {
      Path trace = trace(files, self);
      assertThat(Files.readAllLines(trace.resolve("set_event_pid"))).contains(Long.toString(self));
      Path limit = trace.resolve("events/raw_syscalls/sys_exit/filter");
      String none = atOnce(limit);
      long links = shells.start("links", List.of(NO_LINKS), "true");
      long directories = shells.start("directories", List.of(NO_DIRECTORIES), "true");
      shells.follow("links", links);
      assertThat(atOnce(limit))
          .isNotEqualTo(none)
          .contains("" + SYMLINKAT)
          .doesNotContain("" + MKDIR);
      shells.follow("directories", directories);
      assertThat(atOnce(limit)).contains("" + SYMLINKAT, "" + MKDIR);
      shells.denials().retain(Set.of("directories"));
      assertThat(atOnce(limit)).contains("" + MKDIR).doesNotContain("" + SYMLINKAT);
    }
  }

  /// Anyone who asks for a part of it gets no other part.
  private static String atOnce(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4096), US_ASCII);
    }
  }

  private static Path trace(TraceFiles files, long owner) throws IOException {
    try (Stream<Path> all = Files.list(files.instances())) {
      return all.filter(each -> each.getFileName().toString().startsWith("portcullis-" + owner))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void soManyContainersAreFollowedAndNoMore() throws Exception {
    long pid = shells.start("many", List.of(NO_LINKS), "true");
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      for (int i = 0; i < ContainerDenials.MOST_CONTAINERS; i++) {
        String name = "many " + i;
        assertThat(shells.denials().isFull()).isFalse();
        Wait.until("it is followed", () -> shells.denials().follow(name, "no id", process, 1));
      }
      assertThat(shells.denials().isFull()).isTrue();
      assertThatIOException()
          .isThrownBy(() -> shells.denials().follow("one more", "no id", process, 1))
          .withMessageContaining("as many as 1000 containers");
    }
  }

  /// A runtime's own process may not have the container's filter yet.
  @Test
  void whoIsNotTheProgramYetIsNotFollowed() throws Exception {
    Path runtime = Files.copy(Path.of("/bin/sleep"), directory.resolve("runc"));
    assertThat(runtime.toFile().setExecutable(true)).isTrue();
    long early = shells.run(List.of(), runtime.toString(), "300").pid();
    Wait.until(
        "it is the runtime",
        () -> Files.readString(Path.of("/proc/" + early + "/comm")).equals("runc\n"));
    assertThat(shells.follow("early", early, 1)).isFalse();
    assertThat(shells.denials().follows("early")).isFalse();
  }

  @Test
  void whatAProgramGaveItselfIsNotOfItsProfile() throws Exception {
    long pid = shells.start("own", List.of(NO_LINKS, NO_DIRECTORIES), "ln -s a b; mkdir c");
    shells.follow("own", pid);
    long unconfined = shells.start("unconfined", List.of(NO_LINKS), "ln -s a b");
    Wait.until("it is followed", () -> shells.follow("unconfined", unconfined, 0));
    shells.goUntilDone("own", "unconfined");
    assertThat(shells.texts()).containsExactly("own " + SYMLINKAT + " EPERM x1");
    assertThat(shells.denials().filters("own")).isEqualTo(Filters.of(NO_LINKS));
    assertThat(shells.denials().filters("unconfined")).isEqualTo(Filters.NONE);
  }

  /// As `kubectl exec` starts them.
  @Test
  void whoIsInTheGroupBelongsToTheContainerThoughNoChildOfIt() throws Exception {
    long first = shells.start("shared", List.of(NO_LINKS), "true");
    Path marker = directory.resolve("done-other");
    Process other =
        shells.run(
            List.of(NO_LINKS),
            "sh",
            "-c",
            "echo $$ >%s/cgroup.procs; echo; read go; ln -s a b; touch %s; sleep 300"
                .formatted(shells.group("shared"), marker));
    assertThat(other.inputReader().readLine()).isEmpty();
    shells.follow("shared", first);
    Files.createFile(directory.resolve("go"));
    other.outputWriter().write("\n");
    other.outputWriter().flush();
    shells.pollUntilDone("shared", "other");
    assertThat(shells.texts()).containsExactly("shared " + SYMLINKAT + " EPERM x1");
  }

  /// A call that another container waits in fails, and that it began was not traced yet.
  @Test
  void aContainerMorePutsNoCallOfTheOthersInDoubt() throws Exception {
    long waiting =
        shells.start(
            "waiting",
            List.of(NO_LINKS),
            "python3 -c 'import signal; open(\"../in\", \"w\").close();"
                + " signal.sigtimedwait([10], 4)'");
    shells.follow("waiting", waiting);
    Files.createFile(directory.resolve("go"));
    Path in = directory.resolve("in");
    Wait.until(
        "it waits",
        () -> {
          shells.denials().poll();
          return Files.exists(in);
        });
    long more = shells.start("more", List.of(denying(RT_SIGTIMEDWAIT, EPERM)), "true");
    shells.follow("more", more);
    shells.pollUntilDone("waiting", "more");
    assertThat(shells.denials().undecided()).isZero();
  }

  /// Its first process waits for a child of vfork(2), which waits for ever.
  @Test
  void whoCannotBeStoppedNowHoldsNobodyUp() throws Exception {
    Path pipe = directory.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    Files.createFile(directory.resolve("go"));
    long pid =
        shells.start(
            "stuck",
            List.of(NO_LINKS),
            "exec python3 -c 'import os; os.posix_spawn(\"/bin/true\", [\"true\"], {},"
                + " file_actions=[(os.POSIX_SPAWN_OPEN, 0, \"../pipe\", os.O_RDONLY, 0)])'");
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      // The shell before it waits for its own children for a moment.
      Path command = Path.of("/proc/" + pid + "/comm");
      Wait.until(
          "it waits",
          () -> Files.readString(command).startsWith("python") && process.isUnstoppable());
    }
    // Who tries to stop it all the same fails, after some seconds.
    assertThat(shells.follow("stuck", pid, 1)).isFalse();
  }

  /// The others have room beside it.
  @Test
  void aFilterOfManyAnswersIsNotFollowed() throws Exception {
    Program manyAnswers =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x35, 0, 4, 500),
            Instruction.of(0x20, 16),
            Instruction.of(0x54, 63),
            Instruction.of(0x44, 0x50000),
            Instruction.of(0x16, 0),
            Instruction.of(0x06, Filters.ALLOW));
    long hostile = shells.start("hostile", List.of(manyAnswers), "true");
    assertThatIOException()
        .isThrownBy(() -> shells.follow("hostile", hostile))
        .withMessageContaining("its filters give more than 5000 answers");
    long links = shells.start("links", List.of(NO_LINKS), "ln -s a b");
    shells.follow("links", links);
    shells.goUntilDone("links", "hostile");
    assertThat(shells.texts()).containsExactly("links " + SYMLINKAT + " EPERM x1");
  }
}

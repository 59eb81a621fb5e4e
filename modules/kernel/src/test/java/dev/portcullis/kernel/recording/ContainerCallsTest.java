package dev.portcullis.kernel.recording;

import static dev.portcullis.kernel.process.FilteredThread.denying;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.kernel.process.ContainerProcessGroups;
import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes in control groups as containers have them.
@NeedsTracefs
class ContainerCallsTest {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int SYMLINKAT = 266;
  private static final int CLONE_3 = 435;

  @TempDir private Path directory;
  private final List<ContainerCalls> open = new ArrayList<>();
  private ContainerProcessGroups groups;

  @BeforeEach
  void begin() {
    groups = new ContainerProcessGroups(directory);
  }

  @AfterEach
  void end() throws Exception {
    for (ContainerCalls each : open) {
      each.close();
    }
    groups.close();
  }

  /// A shell that stands for a shim: on each line that it reads it does the next of these. A
  /// `python3` that is a script of a version manager would make calls of its own, so its
  /// interpreter goes before it.
  private Process maker(List<Program> filters, String... steps) throws Exception {
    StringBuilder script =
        new StringBuilder(
            """
            python=$(python3 -c 'import os, sys; print(os.path.dirname(sys.executable))')
            PATH=$python:$PATH
            """);
    for (String step : steps) {
      script.append("read line; ").append(step).append('\n');
    }
    Path file = Files.writeString(directory.resolve("maker"), script + "sleep 300");
    return groups.run(filters, "sh", file.toString());
  }

  private static void go(Process maker) throws IOException {
    maker.outputWriter().write("\n");
    maker.outputWriter().flush();
  }

  private void pollUntil(ContainerCalls calls, String file) throws Exception {
    Wait.until(
        file,
        () -> {
          calls.poll();
          return Files.exists(directory.resolve(file));
        });
    // What is younger than a pass comes with the next but one.
    for (int i = 0; i < 3; i++) {
      calls.poll();
      Thread.sleep(calls.pause());
    }
  }

  private ContainerCalls kept(ContainerCalls calls) {
    open.add(calls);
    return calls;
  }

  private ContainerCalls ofRunning(String name, long pid) throws IOException {
    return kept(
        ContainerCalls.ofRunning(
            Architecture.X86_64, SyscallTable.ofThisMachine(), groups.id(name), pid, List.of()));
  }

  private ContainerCalls ofNext(Process maker) throws IOException {
    return kept(
        ContainerCalls.ofNext(
            Architecture.X86_64, SyscallTable.ofThisMachine(), List.of(maker.pid())));
  }

  private static List<String> names(ContainerCalls calls) {
    return calls.calls().stream().map(RecordedCall::name).toList();
  }

  private static RecordedCall call(ContainerCalls calls, String name) {
    return calls.calls().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> refused(ContainerCalls calls) {
    return calls.refused().stream().map(each -> each.call().name() + " " + each.errno()).toList();
  }

  /// As an OCI runtime does, it executes nothing else between.
  private static String inGroup(Path group, String script) {
    return "(umask 077; echo 0 >%s/cgroup.procs; exec sh -c '%s') &".formatted(group, script);
  }

  @Test
  void fromItsFirstCallAndNothingOfTheRuntime() throws Exception {
    Process maker =
        maker(
            List.of(),
            inGroup(groups.group("whole"), "ln -s a b; mkdir c; touch done; sleep 300"),
            "mknod p p");
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("whole"));
    go(maker);
    pollUntil(calls, "done");
    assertThat(calls.lost() + calls.omitted()).isZero();
    go(maker);
    pollUntil(calls, "p");
    assertThat(names(calls))
        .contains("execve", "arch_prctl", "symlinkat", "mkdir", "exit_group", "wait4")
        .doesNotContain("umask", "mknod", "mknodat");
  }

  @Test
  void ofOneThatRunsWithTheValuesOfItsArguments() throws Exception {
    Path script =
        Files.writeString(
            directory.resolve("sockets.py"),
            """
            import os, socket, time
            socket.socket(1, socket.SOCK_DGRAM, 0)
            open("one", "w").close()
            while not os.path.exists("two"):
                time.sleep(0.05)
            for family in [16, 16, 2]:
                socket.socket(family, socket.SOCK_DGRAM, 0)
            open("done", "w").close()
            time.sleep(300)
            """);
    Process maker =
        maker(
            List.of(),
            inGroup(
                    groups.group("late"),
                    "ln -s a b; touch begun; until [ -e on ]; do sleep 0.05; done; python3 "
                        + script)
                + " touch on-its-way");
    go(maker);
    Wait.until("it runs", () -> Files.exists(directory.resolve("begun")));
    long pid =
        Long.parseLong(Files.readAllLines(groups.group("late").resolve("cgroup.procs")).getFirst());
    ContainerCalls calls = ofRunning("late", pid);
    Files.createFile(directory.resolve("on"));
    // What was seen is left out from now on, but for what has arguments.
    pollUntil(calls, "one");
    Files.createFile(directory.resolve("two"));
    pollUntil(calls, "done");
    assertThat(names(calls)).contains("execve", "socket", "openat").doesNotContain("symlinkat");
    RecordedCall socket = call(calls, "socket");
    assertThat(socket.count()).isEqualTo(4);
    assertThat(socket.isComplete()).isTrue();
    assertThat(socket.values())
        .extracting(each -> each.of().getFirst())
        .containsExactly(1L, 2L, 16L);
    assertThat(socket.values()).extracting(RecordedCall.Values::count).containsExactly(1L, 1L, 2L);
  }

  /// What is refused has no beginning, and nothing of it is allowed.
  @Test
  void whatItsFilterRefusesIsToldApart() throws Exception {
    Process maker =
        maker(
            List.of(denying(SYMLINKAT, EPERM), denying(CLONE_3, ENOSYS)),
            inGroup(
                groups.group("refused"),
                "ln -s a b; ls /none; python3 -c \"import threading as t;"
                    + " x = t.Thread(target=print); x.start(); x.join()\"; touch done; sleep 300"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("refused"));
    go(maker);
    pollUntil(calls, "done");
    assertThat(names(calls)).contains("clone").doesNotContain("symlinkat", "clone3");
    assertThat(refused(calls)).containsExactlyInAnyOrder("symlinkat 1", "clone3 38");
  }

  @Test
  void whatTheKernelHadNoRoomForIsSaid() throws Exception {
    Process maker =
        maker(
            List.of(),
            inGroup(
                groups.group("busy"),
                "python3 -c \"import os; [os.kill(os.getpid(), 0) for i in range(300000)]\";"
                    + " touch done"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("busy"));
    go(maker);
    Wait.until("it is done", () -> Files.exists(directory.resolve("done")));
    pollUntil(calls, "done");
    assertThat(calls.lost()).isPositive();
  }

  /// As `kubectl exec` does.
  @Test
  void whatItsMakerExecutesInItLaterIsOfIt() throws Exception {
    Path group = groups.group("more");
    Process maker =
        maker(
            List.of(),
            inGroup(group, "touch first; sleep 300"),
            inGroup(group, "ln -s a b; touch second; sleep 300"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("more"));
    go(maker);
    pollUntil(calls, "first");
    assertThat(names(calls)).doesNotContain("symlinkat");
    go(maker);
    pollUntil(calls, "second");
    assertThat(names(calls)).contains("symlinkat");
  }

  @Test
  void aContainerBesideItIsNotOfIt() throws Exception {
    Process maker =
        maker(
            List.of(),
            inGroup(groups.group("own"), "touch first; sleep 300"),
            inGroup(groups.group("other"), "ln -s a b; touch second"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    go(maker);
    pollUntil(calls, "first");
    go(maker);
    pollUntil(calls, "second");
    assertThat(names(calls)).contains("execve").doesNotContain("symlinkat");
  }

  private void leaveOut(ContainerCalls calls) throws IOException {
    for (int i = 0; i < 4; i++) {
      calls.poll();
      calls.leaveOut();
    }
  }

  private static final String LOOP = "exec dd if=/dev/zero of=/dev/null bs=1";

  /// Until the file is there.
  private static String awaiting(String file) {
    return "until [ -e %s ]; do sleep 0.05; done; ".formatted(file);
  }

  /// It makes a million calls a second, and nobody reads them.
  @Test
  void aBusyContainerBesideItDoesNotFillItsBuffers() throws Exception {
    Path other = groups.group("other");
    Process maker =
        maker(
            List.of(),
            inGroup(
                groups.group("own"), "touch first; " + awaiting("last") + "ln -s a b; touch done"),
            inGroup(other, "(touch begun; " + awaiting("on") + LOOP + ") & wait"),
            inGroup(other, "touch executed; " + awaiting("on") + LOOP));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    calls.know(Set.of(groups.id("other"), "none"));
    go(maker);
    pollUntil(calls, "first");
    // As a container that starts, and as what `kubectl exec` starts in it.
    for (String begun : List.of("begun", "executed")) {
      go(maker);
      pollUntil(calls, begun);
      leaveOut(calls);
    }
    Files.createFile(directory.resolve("on"));
    Thread.sleep(1500);
    Files.createFile(directory.resolve("last"));
    pollUntil(calls, "done");
    assertThat(calls.lost() + calls.omitted()).isZero();
    assertThat(calls.gaps()).isEmpty();
    assertThat(calls.strangeEvents()).isZero();
    assertThat(names(calls)).contains("symlinkat");
    assertThat(call(calls, "symlinkat").count()).isEqualTo(1);
  }

  /// What is executed in this one comes from the same maker, and must not be left out with others.
  @Test
  void whatIsExecutedInItWhileOthersAreLeftOutIsOfIt() throws Exception {
    Path own = groups.group("own");
    Path other = groups.group("other");
    Process maker =
        maker(
            List.of(),
            inGroup(other, "touch begun; sleep 300"),
            inGroup(own, "touch first; sleep 300"),
            inGroup(own, "ln -s a b; touch second; sleep 300"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    calls.know(Set.of(groups.id("other"), groups.id("own")));
    for (String begun : List.of("begun", "first", "second")) {
      go(maker);
      pollUntil(calls, begun);
      leaveOut(calls);
    }
    assertThat(names(calls)).contains("symlinkat");
  }

  /// Anyone who may make groups in a container calls one after another.
  @Test
  void aGroupBelowItsOwnIsNotLeftOut() throws Exception {
    Path own = groups.group("own");
    Path below = own.resolve(groups.id("other"));
    var _ = groups.made(below);
    Process maker =
        maker(
            List.of(),
            inGroup(below, "touch first; " + awaiting("go") + "ln -s a b; touch second"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    calls.know(Set.of(groups.id("other")));
    go(maker);
    pollUntil(calls, "first");
    leaveOut(calls);
    Files.createFile(directory.resolve("go"));
    pollUntil(calls, "second");
    assertThat(names(calls)).contains("symlinkat");
  }

  /// The kernel leaves it out until it has freed what it knew of the one before.
  @Test
  void aThreadThatGetsTheNumberOfOneThatWasLeftOutIsSaid() throws Exception {
    Path last = Path.of("/proc/sys/kernel/ns_last_pid");
    assumeTrue(Files.isWritable(last), "NOT TESTED: this kernel has no " + last);
    Path other = groups.group("other");
    Process maker =
        maker(
            List.of(),
            inGroup(
                groups.group("own"),
                "touch first; "
                    + awaiting("go")
                    + "number=$(cat go); kill -9 $number; until ! [ -e /proc/$number ]; do :; done;"
                    + " echo $((number - 1)) >"
                    + last
                    + "; (echo) ; touch second; sleep 300"),
            inGroup(other, "touch begun; exec sleep 300"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    calls.know(Set.of(groups.id("other")));
    go(maker);
    pollUntil(calls, "first");
    go(maker);
    pollUntil(calls, "begun");
    leaveOut(calls);
    assertThat(calls.gaps()).isEmpty();
    String number = Files.readAllLines(other.resolve("cgroup.procs")).getFirst();
    Files.move(Files.writeString(directory.resolve("number"), number), directory.resolve("go"));
    pollUntil(calls, "second");
    assertThat(calls.gaps()).singleElement().asString().contains("got the number of one");
  }

  @Test
  void aGroupThatAnotherOneNamedSoIsNotOfIt() throws Exception {
    Path own = groups.group("own");
    Path other = groups.group("other");
    Path below = other.resolve(groups.id("own"));
    var _ = groups.made(below);
    Process maker =
        maker(
            List.of(),
            inGroup(own, "touch first; sleep 300"),
            inGroup(below, "ln -s a b; touch second; sleep 300"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("own"));
    go(maker);
    pollUntil(calls, "first");
    go(maker);
    pollUntil(calls, "second");
    assertThat(names(calls)).contains("execve").doesNotContain("symlinkat");
  }

  /// That began before it was the container's.
  @Test
  void theExecutionOfItsProgramIsItsOwn() throws Exception {
    Process maker = maker(List.of(), inGroup(groups.group("still"), "echo >begun; kill -STOP $$"));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id("still"));
    go(maker);
    pollUntil(calls, "begun");
    assertThat(calls.calls())
        .filteredOn(call -> call.name().equals("execve"))
        .singleElement()
        .satisfies(call -> assertThat(call.count()).isEqualTo(1));
  }

  /// A thread that is not the first of its process executes a program: it goes on with the number
  /// of the first (de_thread of fs/exec.c), whose end the kernel has traced before.
  private Path executedByAThread() throws IOException {
    return Files.writeString(
        directory.resolve("thread.py"),
        """
        import os, threading, time
        def execute():
            open("begun", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.02)
            os.execv("/bin/sh", ["sh", "-c", "sleep 1; ln -s a b; touch done; sleep 300"])
        threading.Thread(target=execute).start()
        time.sleep(300)
        """);
  }

  @Test
  void whatAThreadExecutesInPlaceOfItsProcessIsOfIt() throws Exception {
    ContainerCalls calls = begun("thread", executedByAThread());
    pollUntil(calls, "begun");
    Files.createFile(directory.resolve("go"));
    pollUntil(calls, "done");
    calls.finish();
    assertThat(names(calls)).contains("symlinkat", "wait4");
    assertThat(call(calls, "symlinkat").count()).isEqualTo(1);
    assertThat(refused(calls)).isEmpty();
    assertThat(calls.lost() + calls.omitted()).isZero();
    assertThat(calls.hasOtherClass()).isFalse();
    assertThat(calls.gaps()).isEmpty();
  }

  /// Both threads are found in calls, of which one never ends.
  @Test
  void alsoWhereTheThreadWasFoundWhileItRan() throws Exception {
    Process maker =
        maker(List.of(), inGroup(groups.group("found"), "exec python3 " + executedByAThread()));
    go(maker);
    Wait.until("it runs", () -> Files.exists(directory.resolve("begun")));
    long pid =
        Long.parseLong(
            Files.readAllLines(groups.group("found").resolve("cgroup.procs")).getFirst());
    ContainerCalls calls = ofRunning("found", pid);
    Files.createFile(directory.resolve("go"));
    pollUntil(calls, "done");
    calls.finish();
    assertThat(names(calls)).contains("execve", "symlinkat", "wait4");
    assertThat(refused(calls)).isEmpty();
    assertThat(calls.hasOtherClass()).isFalse();
  }

  /// A program of 64 bits that makes calls of 32 by `int 0x80`.
  private Path narrow(String... steps) throws IOException {
    return Files.writeString(
        directory.resolve("narrow.py"),
        """
        import ctypes, mmap, os, signal, time
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        at = ctypes.addressof(ctypes.c_char.from_buffer(code))
        def narrow(number):
            code.seek(0)
            code.write(b"\\xb8" + number.to_bytes(4, "little") + b"\\xcd\\x80\\xc3")
            return ctypes.CFUNCTYPE(ctypes.c_int)(at)()
        def wide(number):
            return ctypes.CDLL(None).syscall(number)
        def on(file):
            open(file, "w").close()
        def wait(file):
            while not os.path.exists(file):
                time.sleep(0.02)
        """
            + String.join("\n", steps)
            + "\n");
  }

  /// Loudly: what the tests of this promise would show is not shown where the kernel has no such
  /// calls.
  private void requireNarrowCalls() throws Exception {
    Process tried =
        new ProcessBuilder("python3", narrow("print(narrow(20) == os.getpid())").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(tried.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(
        said.equals("True\n"),
        "NOT TESTED: this kernel runs no calls of 32 bits (int 0x80): " + said);
  }

  private ContainerCalls begun(String name, Path program) throws Exception {
    Process maker = maker(List.of(), inGroup(groups.group(name), "exec python3 " + program));
    ContainerCalls calls = ofNext(maker);
    calls.become(groups.id(name));
    go(maker);
    return calls;
  }

  /// getuid32 of i386 has the number of fremovexattr.
  @Test
  void aCallOf32BitsIsNotTakenForTheOneThatHasItsNumber() throws Exception {
    requireNarrowCalls();
    ContainerCalls calls =
        begun("narrow", narrow("narrow(199)", "os.sync()", "on('done')", "time.sleep(300)"));
    pollUntil(calls, "done");
    assertThat(names(calls)).contains("sync", "execve").doesNotContain("fremovexattr");
    Wait.until(
        "it is noticed",
        () -> {
          calls.poll();
          return calls.hasOtherClass();
        });
    assertThat(calls.lost()).isZero();
  }

  /// exit_group of i386 has the number of ioprio_get, and no end.
  @Test
  void noCallOf32BitsWithoutAnEndEither() throws Exception {
    requireNarrowCalls();
    ContainerCalls calls = begun("ending", narrow("on('done')", "wait('go')", "narrow(252)"));
    pollUntil(calls, "done");
    assertThat(calls.hasOtherClass()).isFalse();
    Files.createFile(directory.resolve("go"));
    Wait.until(
        "it has ended",
        () -> {
          calls.poll();
          return Files.readString(groups.group("ending").resolve("cgroup.procs")).isEmpty();
        });
    calls.finish();
    assertThat(names(calls)).doesNotContain("ioprio_get");
    assertThat(calls.hasOtherClass()).isTrue();
  }

  /// pause of i386 has the number of shmget.
  @Test
  void nothingWaitsForItInACallOf32BitsEither() throws Exception {
    requireNarrowCalls();
    ContainerCalls calls =
        foundInACall("signal.signal(signal.SIGALRM, lambda *_: None)", "on('begun')", "narrow(29)");
    assertThat(names(calls)).contains("sync").doesNotContain("shmget");
  }

  /// The control: pause of x86_64.
  @Test
  void theCallThatAThreadIsInWhenItIsFoundWasMadeToo() throws Exception {
    ContainerCalls calls =
        foundInACall("signal.signal(signal.SIGALRM, lambda *_: None)", "on('begun')", "wide(34)");
    assertThat(names(calls)).contains("sync", "pause");
    assertThat(calls.hasOtherClass()).isFalse();
  }

  private ContainerCalls foundInACall(String... steps) throws Exception {
    List<String> all = new ArrayList<>(List.of(steps));
    all.addAll(List.of("os.sync()", "on('done')", "time.sleep(300)"));
    Path program = narrow(all.toArray(String[]::new));
    Process maker = maker(List.of(), inGroup(groups.group("found"), "exec python3 " + program));
    go(maker);
    Wait.until("it runs", () -> Files.exists(directory.resolve("begun")));
    long pid =
        Long.parseLong(
            Files.readAllLines(groups.group("found").resolve("cgroup.procs")).getFirst());
    Wait.until(
        "it waits",
        () -> {
          String call = Files.readString(Path.of("/proc/" + pid + "/syscall"));
          return call.startsWith("29 ") || call.startsWith("34 ");
        });
    ContainerCalls calls = ofRunning("found", pid);
    int _ = new ProcessBuilder("kill", "-ALRM", Long.toString(pid)).start().waitFor();
    pollUntil(calls, "done");
    return calls;
  }

  /// It has no event of its own, and is no call of 32 bits for that. _sysctl went with Linux 5.5.
  @Test
  void aCallThatTheKernelDoesNotHaveIsAnsweredSo() throws Exception {
    ContainerCalls calls =
        begun(
            "none",
            narrow("wide(156)", "wide(900)", "wide(5000)", "on('done')", "time.sleep(300)"));
    pollUntil(calls, "done");
    calls.finish();
    assertThat(calls.hasOtherClass()).isFalse();
    assertThat(names(calls)).doesNotContain("_sysctl");
    assertThat(refused(calls)).contains("_sysctl 38");
  }
}

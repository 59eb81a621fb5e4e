package dev.portcullis.kernel.denial;

import static dev.portcullis.kernel.denial.CallMatcherTest.program;
import static dev.portcullis.kernel.process.FilteredThread.answering;
import static dev.portcullis.kernel.process.FilteredThread.denying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.kernel.process.FilteredThread;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.kernel.trace.TraceFiles;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs under filters, watched from outside.
@NeedsTracefs
class DenialWatchTest {
  private static final int SYMLINK = 88;
  private static final int SOCKET = 41;
  private static final int EPERM = 1;
  private static final FilterInstallation CALLS = new FilterInstallation(Set.of(317), Set.of(157));

  /// What a refused call does with the tools of any system: `ln -s` makes symlinkat.
  private static final Program NO_LINKS = denying(266, EPERM);

  /// A socket of AF_NETLINK fails with EPERM, as one of AF_PACKET does without CAP_NET_RAW.
  private static final Program NO_NETLINK =
      program(
          Instruction.of(0x20, 0),
          new Instruction(0x15, 0, 3, SOCKET),
          Instruction.of(0x20, 16),
          new Instruction(0x15, 0, 1, 16),
          Instruction.of(0x06, 0x50000 | EPERM),
          Instruction.of(0x06, Filters.ALLOW));

  @TempDir private Path directory;
  private final List<Process> shells = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (Process shell : shells) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly().waitFor();
    }
  }

  /// A shell under filters that does this once the file `go` is there; its process is no child of
  /// the JVM.
  private long start(List<Program> filters, String script) throws Exception {
    String waiting = "cd " + directory + "; until [ -e go ]; do sleep 0.05; done; " + script;
    Path file = Files.writeString(directory.resolve("script"), waiting);
    Process shell =
        FilteredThread.call(
            filters,
            () ->
                new ProcessBuilder("sh", "-c", "sh " + file + " >out 2>&1 & echo $!; wait")
                    .directory(directory.toFile())
                    .start());
    shells.add(shell);
    return Long.parseLong(shell.inputReader().readLine());
  }

  private void go() throws IOException {
    Files.createFile(directory.resolve("go"));
  }

  private static DenialWatch watch(long pid) throws Exception {
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      return DenialWatch.begin(process, Architecture.X86_64, CALLS);
    }
  }

  /// All until it has ended.
  private static List<Denial<String>> all(DenialWatch watch) throws Exception {
    DenialTally<String> tally = new DenialTally<>(100, "others");
    int left = 3;
    long end = System.nanoTime() + 120_000_000_000L;
    while (left > 0 && System.nanoTime() < end) {
      if (watch.hasEnded()) {
        left--;
      }
      for (CallAnswer refusal : watch.poll()) {
        tally.add(watch.process(refusal).command(), refusal, Instant.EPOCH);
      }
      Thread.sleep(watch.pause());
    }
    assertThat(left).as("it has ended").isZero();
    return tally.denials();
  }

  private String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private static List<String> texts(List<Denial<String>> denials) {
    return denials.stream()
        .map(each ->
            each.subject() + " " + each.number() + " " + each.verdict() + " x" + each.count())
        .sorted()
        .toList();
  }

  /// What it starts has its filters, too: what those log is logged. Of filters that a process gives
  /// itself, nobody knows who else has them.
  @Test
  void whatIsLoggedIsSeenAndIsNoRefusal() throws Exception {
    long pid =
        start(
            List.of(answering(83, 0x7ffc0000), NO_LINKS),
            "mkdir d; mkdir d; ln -s a b; echo $?; rmdir d");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch))).containsExactly("ln 266 EPERM x1", "mkdir 83 LOG x2");
      assertThat(watch.undecided()).isZero();
    }
  }

  @Test
  void silentRefusalsOfWhatItStarts() throws Exception {
    long pid = start(List.of(NO_LINKS), "ln -s a b; ln -s a c; mkdir d; mkdir d; echo done");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch))).containsExactly("ln 266 EPERM x2");
      assertThat(watch.lost()).isZero();
      assertThat(watch.undecided()).isZero();
      assertThat(watch.isFiltered()).isTrue();
    }
    assertThat(out()).contains("done").contains("Operation not permitted");
  }

  /// Each fails; chmod by the filter, and the sockets by the kernel, with what the filter answers
  /// for another.
  private static final String REFUSED_BY_THE_KERNEL =
      """
      import os, socket, errno, signal, ctypes
      os.setgid(65534); os.setuid(65534)
      seen = 0
      def no(what, *args):
          global seen
          try: what(*args); print("allowed", what)
          except OSError as e:
              if e.errno not in (errno.EPERM, errno.EACCES, 99): print(what, e)
              seen += 1
      for i in range(200):
          no(os.kill, 1, signal.SIGTERM)
          no(os.chown, "/etc/passwd", 65534, 65534)
          no(os.chmod, "/etc/passwd", 0o777)
          no(os.mkdir, "/etc/x")
          no(os.setuid, 0)
          no(os.open, "/etc/shadow", os.O_RDONLY)
          no(os.symlink, "a", "/etc/x")
          no(socket.socket, socket.AF_PACKET, socket.SOCK_RAW, 0)
          no(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
          no(os.sethostname if hasattr(os, "sethostname") else socket.sethostname, "x")
          no(os.nice, -5)
          no(os.unlink, "/etc/passwd")
          no(os.setpriority, os.PRIO_PROCESS, 0, -5)
      print("seen", seen)
      try: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
      except OSError as e: print("netlink", e.errno)
      """;

  @Test
  void whatTheKernelRefusesItselfIsNoAlarm() throws Exception {
    Files.writeString(directory.resolve("refused.py"), REFUSED_BY_THE_KERNEL);
    long pid = start(List.of(NO_NETLINK, denying(90, 99)), "python3 refused.py");
    try (DenialWatch watch = watch(pid)) {
      go();
      List<Denial<String>> denials = all(watch);
      assertThat(out()).contains("seen 2600").contains("netlink 1");
      assertThat(texts(denials))
          .containsExactly("python3 41 EPERM x1", "python3 90 EADDRNOTAVAIL x200");
      assertThat(watch.undecided()).isZero();
    }
  }

  /// As many as the buffers hold for a second.
  @Test
  void aLoopIsCountedToTheLast() throws Exception {
    String loop =
        """
        import ctypes, time
        c = ctypes.CDLL(None)
        for i in range(20000):
            if i % 200 == 0: time.sleep(0.01)
            c.symlink(b"a", b"b")
        """;
    Files.writeString(directory.resolve("loop.py"), loop);
    long pid = start(List.of(denying(SYMLINK, EPERM)), "python3 loop.py");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch))).containsExactly("python3 88 EPERM x20000");
      assertThat(watch.lost()).isZero();
    }
  }

  @Test
  void killsAndTrapsAreSeen() throws Exception {
    long pid =
        start(
            List.of(answering(266, 0x80000000), answering(SYMLINK, 0x30000)),
            "ln -s a b; echo $?; python3 -c 'import ctypes; ctypes.CDLL(None).symlink(b\"a\", b\"b\")'; echo $?");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch)))
          .containsExactly("ln 266 KILL_PROCESS x1", "python3 88 TRAP 0 x1");
      assertThat(out()).contains("159");
    }
  }

  @Test
  void twoWatchesSeeTheSame() throws Exception {
    long pid = start(List.of(NO_LINKS), "ln -s a b; ln -s a c");
    try (DenialWatch one = watch(pid);
        DenialWatch other = watch(pid)) {
      assertThat(instances()).hasSizeGreaterThanOrEqualTo(2);
      go();
      assertThat(texts(all(one))).containsExactly("ln 266 EPERM x2");
      assertThat(texts(all(other))).containsExactly("ln 266 EPERM x2");
    }
  }

  /// Some are gone between the look at who is there and the kernel's taking it.
  @Test
  void whatEndsAsTheWatchBeginsIsNotFollowed() throws Exception {
    long pid =
        start(
            List.of(NO_LINKS),
            "loop() { until [ -e end ]; do /bin/true; done; }; for i in 1 2 3 4 5 6 7 8; do loop & done; loop; wait");
    go();
    List<DenialWatch> watches = new ArrayList<>();
    try {
      for (int i = 0; i < 30; i++) {
        watches.add(watch(pid));
      }
      Files.createFile(directory.resolve("end"));
      for (DenialWatch watch : watches) {
        Wait.until("it has ended", watch::hasEnded);
      }
    } finally {
      for (DenialWatch watch : watches) {
        watch.close();
      }
    }
  }

  /// By prctl(2), after the watch has begun.
  @Test
  void aFilterThatAProcessGivesItself() throws Exception {
    Files.writeString(directory.resolve("own.py"), OWN + "sleep(3); symlink()");
    long pid = start(List.of(), "python3 own.py");
    try (DenialWatch watch = watch(pid)) {
      assertThat(watch.isFiltered()).isFalse();
      go();
      assertThat(texts(all(watch))).containsExactly("python3 88 EPERM x1");
      assertThat(watch.remarks()).isEmpty();
      assertThat(watch.undecided()).isZero();
    }
    assertThat(out()).contains("-1");
  }

  private static final String OWN =
      """
      import ctypes, struct, os, signal, sys
      from time import sleep
      c = ctypes.CDLL(None)
      class Program(ctypes.Structure):
          _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
      def filter(number, value):
          code = b"".join(struct.pack("HBBI", *i) for i in [
              (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, value),
              (0x06, 0, 0, 0x7fff0000)])
          buffer = ctypes.create_string_buffer(code, len(code))
          c.prctl(38, 1, 0, 0, 0)
          if c.prctl(22, 2, ctypes.byref(Program(4, ctypes.addressof(buffer))), 0, 0) != 0:
              print("no filter", number)
      def symlink(): print(c.symlink(b"a", b"b"), flush=True)
      filter(88, 0x50001)
      """;

  /// The first has more filters than the second.
  @Test
  void filtersOfSeveralProcesses() throws Exception {
    Files.writeString(
        directory.resolve("more.py"), OWN + "filter(1000, 0x50002); sleep(3); symlink()");
    Files.writeString(
        directory.resolve("less.py"),
        OWN.replace("filter(88", "filter(83") + "sleep(3); c.mkdir(b\"x\", 0)");
    long pid = start(List.of(), "python3 more.py & sleep 1; python3 less.py; wait");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch))).containsExactly("python3 83 EPERM x1", "python3 88 EPERM x1");
      assertThat(watch.remarks()).isEmpty();
    }
  }

  /// It and a thread of another have filters that the first process does not have.
  @Test
  void filtersThatAreThereBefore() throws Exception {
    Files.writeString(
        directory.resolve("child.py"),
        OWN + "open('up1', 'w')\nwhile not os.path.exists('now'): sleep(0.05)\nsymlink()\n");
    Files.writeString(
        directory.resolve("thread.py"),
        OWN.replace("filter(88, 0x50001)", "")
            + """
            import threading
            def thread():
                filter(83, 0x50001)
                open('up2', 'w')
                while not os.path.exists('now'): sleep(0.05)
                c.mkdir(b"x", 0)
            threading.Thread(target=thread).start()
            """);
    long pid = start(List.of(NO_LINKS), "python3 child.py & python3 thread.py; wait");
    go();
    for (String name : List.of("up1", "up2")) {
      Wait.until(name, () -> Files.exists(directory.resolve(name)));
    }
    try (DenialWatch watch = watch(pid)) {
      Files.createFile(directory.resolve("now"));
      assertThat(texts(all(watch))).containsExactly("python3 83 EPERM x1", "python3 88 EPERM x1");
      assertThat(watch.remarks()).isEmpty();
    }
  }

  /// Its own first, then those of the next ones.
  @Test
  void filtersThatAreNotKnownAreSaid() throws Exception {
    Files.writeString(directory.resolve("short.py"), OWN);
    Files.writeString(
        directory.resolve("many.py"),
        OWN
            + """
            import threading
            done = threading.Event()
            def thread(number): filter(number, 0x50001); done.wait()
            for i in range(70): threading.Thread(target=thread, args=(1000 + i,)).start()
            sleep(3); done.set()
            """);
    long pid = start(List.of(), "python3 short.py; python3 many.py");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(all(watch)).isEmpty();
      List<String> remarks = watch.remarks();
      assertThat(remarks).hasSize(2);
      assertThat(remarks.getFirst())
          .startsWith("the filters of python3 (pid ")
          .endsWith("what they alone refuse is not seen: it ended before they were read");
      assertThat(remarks.getLast()).endsWith("it has given itself filters more than 64 times");
    }
  }

  /// One waits in a call that ends as if the filter that another gives itself meanwhile had refused
  /// it.
  @Test
  void whatBeganBeforeAFilterCameIsNoRefusal() throws Exception {
    Files.writeString(
        directory.resolve("waits.py"),
        "import signal; print(signal.sigtimedwait([signal.SIGUSR1], 4))");
    Files.writeString(
        directory.resolve("other.py"),
        OWN.replace("filter(88, 0x50001)", "filter(128, 0x5000b)\nsleep(3)"));
    long pid = start(List.of(), "python3 waits.py & sleep 1; python3 other.py; wait");
    try (DenialWatch watch = watch(pid)) {
      go();
      assertThat(texts(all(watch))).isEmpty();
      assertThat(watch.undecided()).isOne();
    }
    assertThat(out()).contains("None");
  }

  /// Where the process may open no more files.
  @Test
  void whatFailsAtItsEndIsRemovedToo() throws Exception {
    long pid = start(List.of(NO_LINKS), "sleep 60");
    Process other = startOther(pid);
    assertThat(other.inputReader().readLine()).isEqualTo("watching");
    String mine = "portcullis-" + other.pid() + "-";
    assertThat(instances()).anyMatch(name -> name.startsWith(mine));
    new ProcessBuilder("prlimit", "--pid", Long.toString(other.pid()), "--nofile=3")
        .start()
        .waitFor();
    other.outputWriter().append("end\n").flush();
    assertThat(other.inputReader().readLine()).isEqualTo("ended");
    assertThat(instances()).noneMatch(name -> name.startsWith(mine));
    other.destroyForcibly().waitFor();
  }

  /// What a program is, its owner can change. Its getpid is 20, which is writev of x86_64.
  @Test
  void programsOf32BitsAreReportedToo() throws Exception {
    Path program = directory.resolve("narrow");
    Files.write(program, narrowProgram());
    assertThat(program.toFile().setExecutable(true)).isTrue();
    long pid = start(List.of(denying(20, EPERM)), "./narrow; echo $?");
    try (DenialWatch watch = watch(pid)) {
      go();
      List<String> denials = texts(all(watch));
      assumeTrue(out().contains("7\n"), "this kernel runs no programs of 32 bits");
      assertThat(denials).containsExactly("narrow 20 EPERM x1");
    }
  }

  /// getpid, then exit(7), by int 0x80.
  private static byte[] narrowProgram() {
    byte[] code = {
      (byte) 0xb8,
      20,
      0,
      0,
      0,
      (byte) 0xcd,
      (byte) 0x80,
      (byte) 0xb8,
      1,
      0,
      0,
      0,
      (byte) 0xbb,
      7,
      0,
      0,
      0,
      (byte) 0xcd,
      (byte) 0x80
    };
    int base = 0x08048000;
    ByteBuffer elf = ByteBuffer.allocate(84 + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) 3).putInt(1).putInt(base + 84).putInt(52).putInt(0);
    elf.putInt(0).putShort((short) 52).putShort((short) 32).putShort((short) 1);
    elf.putShort((short) 40).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(0).putInt(base).putInt(base).putInt(elf.capacity()).putInt(elf.capacity());
    elf.putInt(5).putInt(0x1000);
    return elf.put(code).array();
  }

  @Test
  void nothingIsLeftOfItAndWhatAKilledOneLeavesIsRemoved() throws Exception {
    long pid = start(List.of(NO_LINKS), "sleep 60");
    Set<String> before = instances();
    Process other = startOther(pid);
    assertThat(other.inputReader().readLine()).isEqualTo("watching");
    String mine = "portcullis-" + other.pid() + "-";
    assertThat(instances()).anyMatch(name -> name.startsWith(mine));
    other.destroyForcibly().waitFor();
    assertThat(instances()).anyMatch(name -> name.startsWith(mine));
    try (DenialWatch _ = watch(pid)) {
      assertThat(instances()).noneMatch(name -> name.startsWith(mine));
    }
    String own = "portcullis-" + ProcessHandle.current().pid() + "-";
    assertThat(instances()).noneMatch(name -> name.startsWith(own));
    assertThat(before).noneMatch(name -> name.startsWith(own));
  }

  /// With tracefs where the machine usually has it, for this program alone.
  @Test
  void whatAKilledOneLeavesIsRemovedAlsoWithoutAnother() throws Exception {
    long pid = start(List.of(NO_LINKS), "sleep 60");
    Process other = startOther(pid);
    assertThat(other.inputReader().readLine()).isEqualTo("watching");
    String mine = "portcullis-" + other.pid() + "-";
    other.destroyForcibly().waitFor();
    assertThat(instances()).anyMatch(name -> name.startsWith(mine));
    List<String> remove =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tracefs tracefs /sys/kernel/tracing && exec \"$@\"",
                "sh"));
    remove.addAll(other("remove"));
    assertThat(new ProcessBuilder(remove).inheritIO().start().waitFor()).isZero();
    assertThat(instances()).noneMatch(name -> name.startsWith(mine));
  }

  private static Process startOther(long pid) throws IOException {
    return new ProcessBuilder(other(Long.toString(pid))).start();
  }

  private static List<String> other(String argument) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        DenialWatchTest.class.getName(),
        argument);
  }

  static void main(String[] args) throws Exception {
    if (args[0].equals("remove")) {
      TraceInstance.removeAbandoned();
      return;
    }
    try (DenialWatch _ = watch(Long.parseLong(args[0]))) {
      System.out.println("watching");
      System.in.read();
    } finally {
      System.out.println("ended");
      System.in.read();
    }
  }

  private static Set<String> instances() throws IOException {
    try (var files = TraceFiles.open();
        var all = Files.list(files.instances())) {
      return all.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void aProcessThatHasEnded() throws Exception {
    long pid = start(List.of(NO_LINKS), "exit 3");
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      go();
      Wait.until("it has ended", () -> process.seccomp().isEmpty());
      assertThatThrownBy(() -> DenialWatch.begin(process, Architecture.X86_64, CALLS))
          .hasMessageContaining("process " + pid + " has ended");
    }
  }
}

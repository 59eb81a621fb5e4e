package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `run` with a containerd of its own, as a process that can be sent signals.
class EmbeddedRuntimeTest {
  private static final Path STATE = Path.of("/var/lib/portcullis");
  private static final Path OTHERS = Path.of("/var/lib/portcullis-e2e");
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final String STOPPED_AT_ONCE = "sleep 100";

  @TempDir private Path directory;
  private String forwarding = "";
  private List<String> stateBefore = List.of();
  private List<String> bridgesBefore = List.of();
  private List<Process> processes = new ArrayList<>();

  @BeforeEach
  void remember() throws IOException {
    RealRuntime.requireMachine();
    forwarding = Files.readString(FORWARDING);
    stateBefore = state();
    bridgesBefore = bridges();
  }

  @AfterEach
  void nothingRuns() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  /// Those of runs. A cluster in the other lane comes and goes with its own, `NAME` and `NAME-k`.
  private static List<String> bridges() {
    String[] links = Path.of("/sys/class/net").toFile().list();
    return links == null
        ? List.of()
        : Stream.of(links)
            .filter(name -> name.startsWith("pc-"))
            .filter(name -> !Files.exists(OTHERS.resolve(name.replaceFirst("-k$", ""))))
            .toList();
  }

  private static List<String> state() throws IOException {
    if (!Files.isDirectory(STATE)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(STATE)) {
      return entries.map(Path::toString).sorted().toList();
    }
  }

  private Process start(String... args) throws IOException {
    Process process = Portcullis.process(args).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  /// Reads lines until one contains a text; returns that line.
  private static String until(BufferedReader lines, String text, StringBuilder all)
      throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      all.append(line).append('\n');
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("no line with \"" + text + "\" in:\n" + all);
  }

  private void assertNothingIsLeft() throws IOException {
    // What was stale before may be gone now; nothing may have come.
    assertThat(stateBefore).containsAll(state());
    assertThat(Files.readString(FORWARDING)).isEqualTo(forwarding);
    // Other tests have a containerd and a cluster that outlive them.
    assertThat(bridges()).isSubsetOf(bridgesBefore);
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      assertThat(
              all.map(process -> process.info().commandLine().orElse(""))
                  .filter(line -> line.contains(STATE + "/pc-"))
                  .filter(line -> stateBefore.stream().noneMatch(line::contains)))
          .isEmpty();
    }
  }

  /// The explorer really serves, on the pod's own address.
  @Test
  void theExplorerIsReachedFromTheNode() throws Exception {
    Process run =
        start(
            "run",
            "--seccomp-profile-root",
            RealRuntime.example("profiles"),
            "--for=6s",
            RealRuntime.example("explorer.yaml"));
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines = run.inputReader()) {
      String line = until(lines, "serving http://", all);
      String address = line.replaceAll(".*http://([0-9.]+):8080/.*", "$1");
      assertThat(get(address)).contains("200 OK", "Hello from explorer");
      until(lines, "stopped", all);
    }
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(all.toString()).isZero();
    assertNothingIsLeft();
  }

  private static String get(String address) throws IOException, InterruptedException {
    IOException last = new IOException("never tried");
    for (int attempt = 0; attempt < 50; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, 8080), 2000);
        socket.setSoTimeout(5000);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException notYet) {
        last = notYet;
        Thread.sleep(50);
      }
    }
    throw last;
  }

  /// At every stage: while the runtime starts, while the pod starts, while it runs.
  @ParameterizedTest
  @CsvSource({
    "INT, starting a private containerd, 130",
    "TERM, runs at, 143",
    "INT, ready to be stopped, 130",
  })
  void aSignalEndsARunAndLeavesNothing(String signal, String stage, int code) throws Exception {
    String pod =
        PodText.shell(
            directory, "long", "trap \"exit 0\" TERM; echo ready to be stopped; sleep 100 & wait");
    Process run = start("run", pod);
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines = run.inputReader()) {
      until(lines, stage, all);
      new ProcessBuilder("kill", "-" + signal, Long.toString(run.pid())).start().waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
      }
    }
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).as(all.toString()).isTrue();
    assertThat(run.exitValue()).as(all.toString()).isEqualTo(code);
    assertThat(all.toString()).doesNotContain("left behind");
    assertNothingIsLeft();
  }

  /// A process that is killed cannot clean up; the next one does it.
  @Test
  void whatAKilledRunLeftIsRemovedByTheNext() throws Exception {
    Process run = start("run", PodText.shell(directory, "doomed", STOPPED_AT_ONCE));
    try (BufferedReader lines = run.inputReader()) {
      until(lines, "runs at", new StringBuilder());
    }
    run.destroyForcibly().waitFor();
    assertThat(state()).anyMatch(entry -> entry.contains("/run-" + run.pid() + "-"));
    assertThat(Portcullis.run("run", PodText.shell(directory, "next", "true")).code()).isZero();
    assertNothingIsLeft();
  }

  /// The runtime dies in the middle: the run ends, says so, and removes what it can.
  @Test
  void aRuntimeThatDies() throws Exception {
    Process run = start("run", PodText.shell(directory, "orphan", STOPPED_AT_ONCE));
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines = run.inputReader()) {
      until(lines, "runs at", all);
      kill(run);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
      }
    }
    assertThat(run.waitFor(120, TimeUnit.SECONDS)).as(all.toString()).isTrue();
    assertThat(run.exitValue()).as(all.toString()).isEqualTo(3);
    assertThat(all.toString()).contains("orphan", "left behind: container", "left behind: sandbox");
    assertNothingIsLeft();
  }

  /// Kills the containerd that a run started.
  private static void kill(Process run) {
    List<ProcessHandle> containerd =
        run.descendants()
            .filter(process -> process.info().command().orElse("").endsWith("/containerd"))
            .toList();
    assertThat(containerd).hasSize(1);
    containerd.getFirst().destroyForcibly();
  }

  @Test
  void aFullDisk() throws Exception {
    String pod = PodText.shell(directory, "full", "true");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mkdir -p /var/lib/portcullis && mount -t tmpfs -o size=64k none"
                    + " /var/lib/portcullis && exec \"$@\"",
                "sh"));
    command.addAll(Portcullis.process("run", pod).command());
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(run);
    String all = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(all).isEqualTo(3);
    assertThat(all).contains("No space left on device").doesNotContain("a bug in Portcullis");
  }
}

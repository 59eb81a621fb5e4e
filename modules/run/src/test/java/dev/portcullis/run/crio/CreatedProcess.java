package dev.portcullis.run.crio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A real process of this machine in the place of a container's: it waits, filtered, until it is
/// started, as one of runc does after `runc create`. Needs root and python3.
final class CreatedProcess implements AutoCloseable {
  private static final String CREATED = "created ";

  /// Its parent, which ends as it does.
  private final Process process;

  private final long pid;

  private CreatedProcess(Process process, long pid) {
    this.process = process;
    this.pid = pid;
  }

  /// @param profile seccomp JSON, whose filter it really has; null for none
  /// @param capabilities the numbers of those that it may have
  /// @param command with its program by name or path
  static CreatedProcess create(
      @Nullable String profile,
      boolean noNewPrivileges,
      Collection<Integer> capabilities,
      List<String> command)
      throws Exception {
    String script;
    try (InputStream in = CreatedProcess.class.getResourceAsStream("/created.py")) {
      script = new String(in.readAllBytes(), UTF_8);
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                "python3",
                "-SEc",
                script,
                "runc:[2:INIT]",
                profile == null ? "-" : filter(profile),
                noNewPrivileges ? "1" : "0",
                capabilities.stream().map(String::valueOf).collect(Collectors.joining(","))));
    words.addAll(command);
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader();
    String said = out.readLine();
    if (said == null || !said.startsWith(CREATED)) {
      throw new IOException("the process of a container said " + said);
    }
    return new CreatedProcess(process, Long.parseLong(said.substring(CREATED.length())));
  }

  private static String filter(String profile) {
    return switch (Prover.by(Compiler.inThisProcess(), Bounds.USUAL)
        .expectation(profile.getBytes(UTF_8))) {
      case Expectation.Known(List<Filters> ways, var _) -> {
        Program program = ways.getFirst().newestFirst().getFirst();
        yield HexFormat.of().formatHex(program.encode(ByteOrder.nativeOrder()));
      }
      case Expectation.Unknown(String reason) -> throw new AssertionError(reason);
    };
  }

  long pid() {
    return pid;
  }

  /// Executes the program.
  void start() throws IOException {
    try (var in = process.outputWriter()) {
      in.write("start\n");
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    Process _ = process.destroyForcibly().onExit().join();
  }
}

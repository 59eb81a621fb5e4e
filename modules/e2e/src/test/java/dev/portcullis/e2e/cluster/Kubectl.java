package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real kubectl, as a process each time.
record Kubectl(Layout layout) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// @param input what it reads where it is told `-f -`
  Result run(Path kubeconfig, String input, List<String> arguments) throws IOException {
    Path home = layout.file("kubectl");
    Path in = Files.createTempFile(home, "in", "");
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    try {
      Files.writeString(in, input);
      List<String> command =
          new ArrayList<>(
              List.of(
                  layout.programs().path("kubectl"),
                  "--kubeconfig=" + kubeconfig,
                  "--cache-dir=" + home.resolve("cache")));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(Component.ENVIRONMENT);
      builder.environment().put("HOME", home.toString());
      int code = await(builder.start(), arguments);
      return new Result(code, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static int await(Process process, List<String> arguments) throws IOException {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            "kubectl "
                + String.join(" ", arguments)
                + " did not end in "
                + PATIENCE.toSeconds()
                + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while kubectl ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}

package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A checkout that has only some of `tools/`, whose scripts are tried in it.
///
/// @param machine a directory of programs that come before those of this machine
record ToolsCheckout(Path directory, Path machine) {

  /// Of a script.
  record Ended(int code, String out, String err) {}

  static ToolsCheckout of(Path directory, List<String> scripts) throws IOException {
    Path tools = Files.createDirectories(directory.resolve("tools"));
    Files.createDirectories(directory.resolve(".build"));
    for (String script : scripts) {
      Files.copy(Path.of("tools").resolve(script), tools.resolve(script));
      assertThat(tools.resolve(script).toFile().setExecutable(true)).isTrue();
    }
    return new ToolsCheckout(directory, Files.createDirectories(directory.resolve("machine")));
  }

  Ended sh(String script) throws IOException, InterruptedException {
    Path err = directory.resolve("err");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", script)
            .directory(directory.toFile())
            .redirectError(err.toFile());
    shell.environment().merge("PATH", machine.toString(), (path, first) -> first + ":" + path);
    Process process = shell.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  /// What is in `.build/`, by its names.
  List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(".build"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

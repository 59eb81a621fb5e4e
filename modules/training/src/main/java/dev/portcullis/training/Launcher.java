package dev.portcullis.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts Portcullis so that it makes a start-up cache of what it loads.
///
/// @param cache that is made, as the started process names it
/// @param java what runs Java, with the options and the class path of those who will use the cache
record Launcher(Path cache, List<String> java) {
  /// One command, as users type it.
  Trainee start(List<String> command) throws IOException {
    return start("dev.portcullis.cli.Main", command);
  }

  /// Several commands in one process, each with its arguments apart by blanks.
  Trainee batch(List<String> commands) throws IOException {
    return start("dev.portcullis.cli.Batch", commands);
  }

  private Trainee start(String type, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(java);
    words.add("-XX:AOTCacheOutput=" + cache);
    words.add(type);
    words.addAll(arguments);
    // Its output is for the parent of this process.
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    return new Trainee(String.join(" ", arguments), process);
  }
}

package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Ruleset;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How a compiling process is started.
@FunctionalInterface
interface Launch {
  Process start() throws IOException;

  /// Names the start-up cache of the compiling process (JEP 514); without it, it starts slower.
  String CACHE = "dev.portcullis.compilation.cache";

  /// What the JVM is told: it is small, and what it does is done by libseccomp. A failure is for
  /// the process that asks to tell, and nothing is written anywhere.
  List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xms4m",
          "-Xmx24m",
          "-Xmn2m",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=8m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:+ErrorFileToStderr",
          "-Xlog:disable",
          "--enable-native-access=ALL-UNNAMED");

  /// By this JVM's own runtime, with nothing of its environment, in the root directory.
  ///
  /// @param seconds of processor time for a request
  /// @param nicer how much less urgent it is than this process
  static Launch ofThisRuntime(long seconds, int nicer) {
    String cache = System.getProperty(CACHE);
    return ofThisRuntime(
        cache == null ? List.of() : List.of("-XX:AOTCache=" + cache), seconds, nicer);
  }

  /// The same with further options of the JVM.
  static Launch ofThisRuntime(List<String> options, long seconds, int nicer) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            classPath(),
            CompilingProcess.class.getName(),
            Long.toString(seconds),
            Integer.toString(nicer)));
    return () -> start(command);
  }

  private static Process start(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    return builder.start();
  }

  /// Where these classes and those of `seccomp` are, and nothing else.
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> each : List.of(CompilingProcess.class, Ruleset.class)) {
      try {
        places.add(
            Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return String.join(":", places);
  }
}

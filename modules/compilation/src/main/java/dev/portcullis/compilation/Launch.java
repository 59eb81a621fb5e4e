package dev.portcullis.compilation;

import dev.portcullis.kernel.libc.ProcessResources;
import dev.portcullis.seccomp.compile.Ruleset;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// How a compiling process is started.
@FunctionalInterface
interface Launch {
  Process start() throws IOException;

  /// Names the start-up cache of the compiling process (JEP 514); without it, it starts slower.
  String CACHE = "dev.portcullis.compilation.cache";

  /// The options of the JVM: it is small, and what it does is done by libseccomp. Reporting a
  /// failure is up to the process that asks, and nothing is written anywhere: what the JVM itself
  /// prints, as when its memory is full, would otherwise stand among the answers.
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
          "-XX:+DisplayVMOutputToStderr",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:+SuppressFatalErrorMessage",
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

  /// Where these classes and those of `seccomp` and `kernel` are, and nothing else.
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> each : List.of(CompilingProcess.class, Ruleset.class, ProcessResources.class)) {
      places.add(place(each));
    }
    return String.join(":", places);
  }

  /// The jar or directory that a class is in. Its code source does not name it where the class
  /// comes out of a start-up cache.
  private static String place(Class<?> type) {
    String inside = "/" + type.getName().replace('.', '/') + ".class";
    URL found = Objects.requireNonNull(type.getResource(inside), inside);
    String place = found.toString();
    place = place.substring(0, place.length() - inside.length());
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length(), place.length() - "!".length());
    }
    return Path.of(URI.create(place)).toString();
  }
}

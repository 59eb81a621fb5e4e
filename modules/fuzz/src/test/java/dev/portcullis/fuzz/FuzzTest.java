package dev.portcullis.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs each target under Jazzer, which makes inputs that reach new code, from those of `corpus/`.
///
/// Each has a process of its own, for `portcullis.fuzz.seconds`; `tools/fuzz` gives it hours. What
/// was found stays in `target/fuzz/` and is where the next run begins; an input that breaks a
/// promise is kept there, too, and the message names it.
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("portcullis.fuzz.seconds", 15);

  /// The same inputs each time, as far as the time goes: what a run finds is the fault of a change.
  /// 0 is another seed each time.
  private static final int SEED = Integer.getInteger("portcullis.fuzz.seed", 1);

  /// Beyond its time a fuzzer loads its corpus, and ends the input that it is at.
  private static final int PATIENCE = 120;

  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in \\d+ second");

  /// An input that takes longer than this is a fault.
  private static final int SECONDS_FOR_AN_INPUT = 20;

  static List<String> targets() {
    String one = System.getProperty("portcullis.fuzz.target", "");
    return one.isEmpty() ? List.of("Profile", "Review", "Filter", "Cri", "Denial") : List.of(one);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noInputBreaksAPromise(String target) throws IOException, InterruptedException {
    Path module = Path.of("modules/fuzz").toAbsolutePath();
    Path work = module.resolve("target/fuzz").resolve(target);
    Path found = Files.createDirectories(work.resolve("found"));
    Path log = work.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=dev.portcullis.fuzz." + target + "Target",
            "--instrumentation_includes=dev.portcullis.**",
            "--reproducer_path=" + work,
            "-artifact_prefix=" + work + "/",
            "-seed=" + SEED,
            "-max_total_time=" + SECONDS,
            "-timeout=" + SECONDS_FOR_AN_INPUT,
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
            found.toString(),
            module.resolve("corpus").resolve(target).toString()));
    Path words = module.resolve("corpus").resolve(target + ".dict");
    if (Files.exists(words)) {
      command.add("-dict=" + words);
    }
    Process fuzzer =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    try {
      assertThat(fuzzer.waitFor(SECONDS + PATIENCE, TimeUnit.SECONDS))
          .as("%s ends; its log is %s", target, log)
          .isTrue();
    } finally {
      fuzzer.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(fuzzer.exitValue())
        .as(() -> target + " (input and log are in " + work + "):\n" + end(said))
        .isZero();
    Matcher done = DONE.matcher(said);
    assertThat(done.find()).as(said).isTrue();
    assertThat(Long.parseLong(done.group(1))).isPositive();
    try (Stream<Path> inputs = Files.list(found)) {
      System.out.println(
          target + ": " + done.group(1) + " inputs, of which " + inputs.count() + " are kept");
    }
  }

  private static String end(String log) {
    return log.substring(Math.max(0, log.length() - 4000));
  }
}

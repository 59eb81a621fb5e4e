package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The measurements of bench/ run, in seconds each, and print what they should. What they measure
/// in so short a time says nothing, and is not looked at.
class BenchTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();

  @TempDir private Path directory;

  /// The last column is a regular expression for the last line.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admission 8 1 4 2 | Portcullis +[0-9]+ .*",
        "check 200 4       | fix +[0-9]+ MiB at most resident .*",
        "compare 3 1       | portcullis profile compare +[0-9.]+ ms",
        "compose 3         | union, runc +[0-9.]+ ms +[0-9.]+",
        "denials 100 1     | 100 logged calls a second for 1 s: .*, counted [0-9]+; .*",
        "exposure 1        | exposure, all +[0-9]+ ms processor, .*",
        "nodedenials 1     | 100000 refused calls a second: .*",
        "noderecord 1 2    | events lost: [0-9]+ .*",
        "nodes 20 1        | a changed profile, 20 times, until a node has read it: p50 .*",
        "prove 4           | making one filter with libseccomp, alone +[0-9]+ .*",
        "proxy 4 1         | a pod until it runs, p50: [0-9.]+ ms, and [-0-9.]+ ms more .*",
        "record 500        | stat: [0-9]+ recorded of at least 2500",
        "startup 2         | java -version +[0-9.]+ ms +[0-9.]+ .*"
      })
  void itRuns(String command, String lastLine) throws Exception {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    requireMachine(words.getFirst());
    words.set(0, REPOSITORY.resolve("bench").resolve(words.getFirst()).toString());
    Path out = directory.resolve("out");
    Process bench =
        new ProcessBuilder(words)
            .directory(REPOSITORY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!bench.waitFor(10, TimeUnit.MINUTES)) {
      bench.descendants().forEach(ProcessHandle::destroy);
      bench.destroy();
    }
    String said = Files.readString(out, UTF_8);
    assertThat(bench.waitFor()).as(said).isZero();
    assertThat(said.lines().toList().getLast()).as(said).matches(" *" + lastLine);
  }

  private static void requireMachine(String bench) throws IOException {
    boolean installs = "root".equals(System.getProperty("user.name"));
    assumeTrue(installs, "not root: bench/" + bench + " starts containers or installs programs");
    if (List.of("admission", "nodedenials", "noderecord", "nodes", "prove", "proxy", "record")
        .contains(bench)) {
      RealRuntime.requireMachine();
    }
  }

  /// Every one is run above.
  @Test
  void allAreHere() throws Exception {
    List<String> here =
        Arrays.stream(
                BenchTest.class
                    .getDeclaredMethod("itRuns", String.class, String.class)
                    .getAnnotation(CsvSource.class)
                    .value())
            .map(row -> row.split(" ")[0])
            .toList();
    try (Stream<Path> files = Files.list(REPOSITORY.resolve("bench"))) {
      assertThat(files.filter(Files::isRegularFile).map(it -> it.getFileName() + ""))
          .filteredOn(name -> !name.equals("README.md"))
          .containsExactlyInAnyOrderElementsOf(here);
    }
  }
}

package dev.portcullis.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The inputs from which a fuzzer begins break no promise, and some of them put it to the test: a
/// target that throws all of them away finds nothing, however long it runs.
class CorpusTest {
  interface Promise {
    /// Whether an input put it to the test.
    boolean holds(byte[] input) throws IOException;
  }

  record Target(String name, Promise promise) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Target> targets() {
    return List.of(
        new Target("Profile", ProfileTarget::holds),
        new Target("Review", ReviewTarget::holds),
        new Target("Filter", FilterTarget::holds),
        new Target("Cri", CriTarget::holds),
        new Target("Denial", DenialTarget::holds));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void putsThePromiseToTheTest(Target target) throws IOException {
    int tested = 0;
    try (Stream<Path> inputs = Files.list(Path.of("modules/fuzz/corpus", target.name()))) {
      for (Path input : inputs.toList()) {
        if (target.promise().holds(Files.readAllBytes(input))) {
          tested++;
        }
      }
    }
    assertThat(tested).isPositive();
  }
}

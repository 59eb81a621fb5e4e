package dev.portcullis.seccomp.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private static Finding note(int line, String message) {
    return new Finding(Problem.DOCKER_FORMAT, new Position(line, 5), message);
  }

  @Test
  void equalOnesAreOneLineWithTheirNumber() {
    List<Finding> many = IntStream.rangeClosed(4, 309).mapToObj(i -> note(i, "same")).toList();
    assertThat(Together.of(many)).containsExactly(note(4, "same (306 times: lines 4, 5, 6 ...)"));
    assertThat(Together.of(List.of(note(1, "same"), note(2, "other"), note(9, "same"))))
        .containsExactly(note(1, "same (2 times: lines 1, 9)"), note(2, "other"));
    assertThat(Together.of(List.of(note(1, "same"), note(1, "same"))))
        .containsExactly(note(1, "same (2 times)"));
  }

  @Test
  void ofAnotherKindIsNotEqual() {
    List<Finding> two =
        List.of(note(1, "same"), new Finding(Problem.UNKNOWN_FIELD, new Position(2, 1), "same"));
    assertThat(Together.of(two)).isEqualTo(two);
  }
}

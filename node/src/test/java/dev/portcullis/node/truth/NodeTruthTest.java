package dev.portcullis.node.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.node.cri.KnownContainer;
import dev.portcullis.node.kernel.SeccompState;
import dev.portcullis.node.kernel.SeccompState.Mode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTruthTest {
  private static KnownContainer container(String id) {
    return new KnownContainer(
        id,
        "c",
        "s",
        Map.of(),
        Map.of(
            "portcullis.dev/seccomp-profile", "runtime/default",
            "portcullis.dev/seccomp-origin", "node-default"),
        true);
  }

  private static NodeTruth says(int inherited, SeccompState state) {
    return new NodeTruth((_, _) -> new NodeTruth.Word(inherited, state));
  }

  @Test
  void oneContainerThatCannotBeReadLeavesTheOthersSeen() {
    NodeTruth truth =
        new NodeTruth((_, id) -> {
          if (id.equals("broken")) {
            throw new IOException("Input/output error");
          }
          return new NodeTruth.Word(0, new SeccompState(Mode.FILTER, 1));
        });
    assertThat(truth.look(List.of(container("broken"), container("well")), _ -> 7L).running())
        .extracting(ContainerTruth::state)
        .containsExactly(ContainerTruth.State.UNSEEN, ContainerTruth.State.FILTERED);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, FILTERED", "1, 1, ALARM", "1, 2, FILTERED", "2, 2, ALARM"})
  void aFilterOfTheRuntimesOwnIsNone(int inherited, int filters, ContainerTruth.State state) {
    NodeTruth truth = says(inherited, new SeccompState(Mode.FILTER, filters));
    assertThat(truth.look(List.of(container("a")), _ -> 7L).running().getFirst().state())
        .isEqualTo(state);
  }

  @Test
  void aProcessThatIsGoneIsUnseen() {
    NodeTruth truth = says(0, new SeccompState(Mode.FILTER, 1));
    assertThat(truth.look(List.of(container("a")), _ -> null).running().getFirst().state())
        .isEqualTo(ContainerTruth.State.UNSEEN);
  }
}

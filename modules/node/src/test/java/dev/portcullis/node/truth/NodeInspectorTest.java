package dev.portcullis.node.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.kernel.process.SeccompState.Mode;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeInspectorTest {
  @TempDir Path directory;

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

  private static NodeInspector.Kernel says(int inherited, SeccompState state) {
    return (_, _, _) -> new NodeInspector.Word(inherited, state, List.of(), null);
  }

  private NodeInspector.Look look(
      List<KnownContainer> all, @Nullable Long pid, NodeInspector.Kernel kernel) throws Exception {
    return new NodeInspector(
            new ContainerProofs(new Snapshots(directory), false, Compiler.inThisProcess()),
            new RecordStore(directory.resolve("records")))
        .look(all, _ -> pid, kernel);
  }

  @Test
  void oneContainerThatCannotBeReadLeavesTheOthersSeen() throws Exception {
    NodeInspector.Kernel kernel =
        (_, id, _) -> {
          if (id.equals("broken")) {
            throw new IOException("Input/output error");
          }
          return new NodeInspector.Word(0, new SeccompState(Mode.FILTER, 1), List.of(), null);
        };
    assertThat(look(List.of(container("broken"), container("well")), 7L, kernel).running())
        .extracting(ContainerFacts::state)
        .containsExactly(ContainerFacts.State.UNSEEN, ContainerFacts.State.FILTERED);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, FILTERED", "1, 1, ALARM", "1, 2, FILTERED", "2, 2, ALARM"})
  void aFilterOfTheRuntimesOwnIsNone(int inherited, int filters, ContainerFacts.State state)
      throws Exception {
    NodeInspector.Kernel kernel = says(inherited, new SeccompState(Mode.FILTER, filters));
    assertThat(look(List.of(container("a")), 7L, kernel).running().getFirst().state())
        .isEqualTo(state);
  }

  @Test
  void whatTheRuntimeTellsIsHeldAgainstWhatWasDecided() throws Exception {
    Path records = Files.createDirectory(directory.resolve("records"));
    String file =
        "{\"portcullis.dev/seccomp-profile\": \"PROFILE\", \"portcullis.dev/seccomp-origin\":"
            + " \"node-default\"}";
    NodeInspector.Kernel filtered = says(0, new SeccompState(Mode.FILTER, 1));
    NodeInspector.Kernel not = says(0, new SeccompState(Mode.DISABLED, 0));
    Files.writeString(records.resolve("a.json"), file.replace("PROFILE", "runtime/default"));
    assertThat(look(List.of(container("a")), 7L, filtered).running().getFirst().state())
        .isEqualTo(ContainerFacts.State.FILTERED);
    Files.writeString(records.resolve("a.json"), file.replace("PROFILE", "localhost/a.json"));
    assertThat(look(List.of(container("a")), 7L, filtered).running().getFirst().state())
        .isEqualTo(ContainerFacts.State.CHANGED);
    // The image says "unconfined", and whatever else.
    KnownContainer restored =
        new KnownContainer(
            "a",
            "c",
            "s",
            Map.of(),
            Map.of(
                "portcullis.dev/seccomp-profile", "unconfined",
                "portcullis.dev/seccomp-origin", "container-annotation"),
            true);
    assertThat(look(List.of(restored), 7L, not).running().getFirst().state())
        .isEqualTo(ContainerFacts.State.ALARM);
    KnownContainer silent = new KnownContainer("a", "c", "s", Map.of(), Map.of(), true);
    NodeInspector.Look look = look(List.of(silent), 7L, filtered);
    assertThat(look.running().getFirst().state()).isEqualTo(ContainerFacts.State.CHANGED);
    assertThat(look.ids()).containsExactly("a");
  }

  @Test
  void whoMayDoMoreThanWasAskedIsSeen() throws Exception {
    NodeInspector.Kernel kernel =
        (_, _, _) ->
            new NodeInspector.Word(
                0, new SeccompState(Mode.FILTER, 1), List.of("it is root"), null);
    ContainerFacts truth = look(List.of(container("a")), 7L, kernel).running().getFirst();
    assertThat(truth.state()).isEqualTo(ContainerFacts.State.EXCESS);
    assertThat(truth.state().isBad()).isTrue();
    // No filter at all is worse.
    NodeInspector.Kernel unfiltered =
        (_, _, _) ->
            new NodeInspector.Word(
                0, new SeccompState(Mode.DISABLED, 0), List.of("it is root"), null);
    assertThat(look(List.of(container("a")), 7L, unfiltered).running().getFirst().state())
        .isEqualTo(ContainerFacts.State.ALARM);
  }

  @Test
  void aProcessThatIsGoneIsUnseen() throws Exception {
    NodeInspector.Kernel kernel = says(0, new SeccompState(Mode.FILTER, 1));
    assertThat(look(List.of(container("a")), null, kernel).running().getFirst().state())
        .isEqualTo(ContainerFacts.State.UNSEEN);
  }
}

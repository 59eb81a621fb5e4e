package dev.portcullis.node.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.profiles.configmap.ConfigMapProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {
  private static final String ALLOW = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";

  @TempDir Path root;

  @Test
  void whatCanBeUsedIsListedAndWhatCannotIsAProblem() throws IOException {
    Inventory inventory = new Inventory(new ProfileRoot(root));
    Files.createDirectories(root.resolve("team"));
    Files.createDirectories(root.resolve("..data"));
    Files.writeString(root.resolve("a.json"), ALLOW);
    Files.writeString(root.resolve("team/b"), ALLOW);
    Files.writeString(root.resolve("broken.json"), "{}");
    Files.writeString(root.resolve(".portcullis-written.json"), "{}");
    Files.writeString(root.resolve("..data/c.json"), ALLOW);
    Files.createSymbolicLink(root.resolve("c.json"), Path.of("..data/c.json"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("."));
    Files.createSymbolicLink(root.resolve("out"), Path.of("/etc"));
    Inventory.Found found = inventory.look(Map.of("a.json", "ConfigMap ns/a, key a.json"));
    assertThat(found.profiles().stream().map(PinnedProfile::path))
        .containsExactly("a.json", "c.json", "team/b");
    assertThat(found.profiles().getFirst().source()).isEqualTo("ConfigMap ns/a, key a.json");
    assertThat(found.profiles().get(1).source()).isNull();
    assertThat(found.problems().stream().map(ConfigMapProblem::subject))
        .containsExactly("broken.json");
    Files.writeString(root.resolve("broken.json"), ALLOW);
    Files.delete(root.resolve("a.json"));
    assertThat(inventory.look(Map.of()).profiles().stream().map(PinnedProfile::path))
        .containsExactly("broken.json", "c.json", "team/b");
  }

  @Test
  void noRootHasNoProfiles() {
    Inventory.Found found = new Inventory(new ProfileRoot(root.resolve("none"))).look(Map.of());
    assertThat(found.profiles()).isEmpty();
    assertThat(found.problems()).isEmpty();
  }

  @Test
  void theStatusStaysSmall() {
    List<PinnedProfile> profiles =
        IntStream.range(0, 10_000)
            .mapToObj(i ->
                new PinnedProfile("directory/p" + i + ".json", "0".repeat(64), Instant.EPOCH, null))
            .toList();
    List<ConfigMapProblem> problems =
        IntStream.range(0, 1000)
            .mapToObj(i -> new ConfigMapProblem("p" + i, "x".repeat(9000)))
            .toList();
    String status =
        JsonWriter.compact(new ProfileReport(profiles, problems, 3, null).status(Instant.EPOCH));
    assertThat(status)
        .hasSizeLessThan(120_000)
        .contains("\"profileCount\":10000", "\"problemCount\":1000", "\"alarmCount\":3")
        .contains("\"updated\":\"1970-01-01T00:00:00Z\"")
        .doesNotContain("\"\"", "libseccomp");
    assertThat(
            JsonWriter.compact(
                new ProfileReport(List.of(), List.of(), 0, "2.5.4").status(Instant.EPOCH)))
        .contains("\"libseccomp\":\"2.5.4\"");
  }
}

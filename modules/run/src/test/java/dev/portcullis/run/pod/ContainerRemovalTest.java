package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerRemovalTest {
  @TempDir Path directory;
  private final List<String> done = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();

  /// What a runtime says of a container that it is starting. Nobody but `Cri` makes such an
  /// exception.
  private CriException refusal() {
    try (Cri _ = Cri.connect("unix://" + directory.resolve("no.sock"))) {
      throw new AssertionError("somebody is there");
    } catch (CriException refused) {
      return refused;
    }
  }

  /// A runtime that does not let go of the container until so many kills.
  private ContainerRemoval stuckUntil(int kills) {
    return new ContainerRemoval(
        it -> {
          done.add("remove");
          if (done.stream().filter("kill"::equals).count() < kills) {
            throw refusal();
          }
        },
        it -> done.add("stop"),
        it -> {
          done.add("kill");
          now.addAndGet(Duration.ofSeconds(3).toNanos());
          return 1;
        },
        now::get);
  }

  @Test
  void oneThatHangsWhileItStartsIsKilled() throws Exception {
    stuckUntil(2).of("4f1a", true);
    assertThat(done)
        .containsExactly("remove", "stop", "remove", "kill", "remove", "kill", "remove");
  }

  @Test
  void notForEver() {
    assertThatThrownBy(() -> stuckUntil(Integer.MAX_VALUE).of("4f1a", true))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("no.sock");
    assertThat(done).filteredOn("kill"::equals).hasSize(4);
  }

  @Test
  void oneThatRunsIsTheRuntimes() {
    assertThatThrownBy(() -> stuckUntil(1).of("4f1a", false)).isInstanceOf(CriException.class);
    assertThat(done).containsExactly("remove", "stop", "remove");
  }

  @Test
  void whereNoProcessCanBeSeenTheRuntimesWordIsTheLast() {
    ContainerRemoval blind =
        new ContainerRemoval(
            _ -> {
              done.add("remove");
              throw refusal();
            },
            _ -> {},
            _ -> {
              throw new IOException("no /proc");
            },
            () -> now.addAndGet(Duration.ofSeconds(3).toNanos()));
    assertThatThrownBy(() -> blind.of("4f1a", true)).isInstanceOf(CriException.class);
    assertThat(done).containsExactly("remove", "remove");
  }

  @Test
  void oneThatIsRemovedAtOnceIsNotStopped() throws Exception {
    stuckUntil(0).of("4f1a", true);
    assertThat(done).containsExactly("remove");
  }
}

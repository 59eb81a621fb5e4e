package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Real control groups.
@EnabledIf(value = "possible", disabledReason = "needs root and tracefs on Linux, x86_64")
class ContainerGroupTest {
  @TempDir private Path directory;
  private ContainerShells shells;

  static boolean possible() {
    return DenialWatchTest.possible();
  }

  @BeforeEach
  void begin() throws IOException {
    shells = new ContainerShells(directory);
  }

  @AfterEach
  void end() throws Exception {
    shells.close();
  }

  private long processIn(Path group) throws Exception {
    Process process = shells.run(List.of(), "sleep", "300");
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    return process.pid();
  }

  /// Whichever of its processes is asked about.
  @Test
  void groupsBelowAreThoseOfTheContainer() throws Exception {
    Path own = shells.group("own");
    Path below = shells.made(own.resolve("below"));
    Path lowest = shells.made(below.resolve("lowest"));
    long first = processIn(own);
    long second = processIn(below);
    long third = processIn(lowest);
    long other = processIn(shells.group("other"));
    for (long each : List.of(first, second, third)) {
      assertThat(ContainerGroup.processes(each, shells.id("own")))
          .containsExactlyInAnyOrder(first, second, third);
    }
    assertThat(ContainerGroup.processes(other, shells.id("own"))).isEmpty();
  }

  /// A container can make ever new ones.
  @Test
  void soManyGroupsAreLookedAtAndNoMore() throws Exception {
    Path group = shells.group("own");
    long first = processIn(group);
    long last = -1;
    for (int i = 1; i <= ContainerGroup.MOST; i++) {
      group = shells.made(group.resolve("a"));
      if (i == ContainerGroup.MOST - 1) {
        last = processIn(group);
      }
    }
    long beyond = processIn(group);
    assertThat(ContainerGroup.processes(first, shells.id("own"))).containsExactly(first, last);
    // It can still be asked about, and is what it says it is not: one of no known group.
    assertThat(ContainerGroup.processes(beyond, shells.id("own"))).isEmpty();
  }
}

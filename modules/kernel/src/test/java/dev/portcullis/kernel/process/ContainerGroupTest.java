package dev.portcullis.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.trace.NeedsTracefs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real control groups.
@NeedsTracefs
class ContainerGroupTest {
  @TempDir private Path directory;
  private ContainerProcessGroups groups;

  @BeforeEach
  void begin() {
    groups = new ContainerProcessGroups(directory);
  }

  @AfterEach
  void end() throws Exception {
    groups.close();
  }

  private long processIn(Path group) throws Exception {
    Process process = groups.run(List.of(), "sleep", "300");
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    return process.pid();
  }

  /// Whichever of its processes is asked about.
  @Test
  void groupsBelowAreThoseOfTheContainer() throws Exception {
    Path own = groups.group("own");
    Path below = groups.made(own.resolve("below"));
    Path lowest = groups.made(below.resolve("lowest"));
    long first = processIn(own);
    long second = processIn(below);
    long third = processIn(lowest);
    long other = processIn(groups.group("other"));
    for (long each : List.of(first, second, third)) {
      assertThat(ContainerGroup.processes(each, groups.id("own")))
          .containsExactlyInAnyOrder(first, second, third);
    }
    assertThat(ContainerGroup.processes(other, groups.id("own"))).isEmpty();
  }

  /// A container can make ever new ones.
  @Test
  void soManyGroupsAreLookedAtAndNoMore() throws Exception {
    Path group = groups.group("own");
    long first = processIn(group);
    long last = -1;
    for (int i = 1; i <= ContainerGroup.MOST; i++) {
      group = groups.made(group.resolve("a"));
      if (i == ContainerGroup.MOST - 1) {
        last = processIn(group);
      }
    }
    long beyond = processIn(group);
    assertThat(ContainerGroup.processes(first, groups.id("own"))).containsExactly(first, last);
    // It can still be asked about, and is what it says it is not: one of no known group.
    assertThat(ContainerGroup.processes(beyond, groups.id("own"))).isEmpty();
  }
}

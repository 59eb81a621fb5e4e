package dev.portcullis.kernel.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.trace.ThreadList;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The kernel's own list.
@EnabledIf(
    value = "dev.portcullis.kernel.recording.ContainerCallsTest#possible",
    disabledReason = "needs root and tracefs on Linux, x86_64")
class SiblingThreadsTest {
  /// The largest that a kernel of 64 bits gives is 4194304.
  private static final long NOBODY = 4_999_999;

  /// As of whoever ended while the list was written.
  @Test
  void aNumberThatStaysWithoutItsThreadIsTakenOut() throws Exception {
    String id = "sibling-" + ProcessHandle.current().pid();
    Path group = Files.createDirectory(ContainerCallsTest.GROUPS.resolve(id));
    Process sibling = new ProcessBuilder("sleep", "300").start();
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(sibling.pid()));
    try (TraceInstance trace = TraceInstance.createNative(64)) {
      ThreadList list = trace.leftOut().orElseThrow();
      list.add(List.of(NOBODY));
      ContainerThreads threads = new ContainerThreads();
      threads.become("none");
      threads.know(Set.of(id));
      SiblingThreads siblings = new SiblingThreads(trace, threads);
      siblings.see((int) sibling.pid());
      siblings.leaveOut();
      assertThat(list.threads()).containsExactlyInAnyOrder(sibling.pid(), NOBODY);
      Wait.until(
          "it is taken out",
          () -> {
            siblings.check();
            return !list.threads().contains(NOBODY);
          });
      assertThat(list.threads()).containsExactly(sibling.pid());
      assertThat(siblings.hasGap()).isFalse();
      siblings.born((int) NOBODY);
      assertThat(siblings.hasGap()).isTrue();
    } finally {
      sibling.destroyForcibly().waitFor();
      Files.delete(group);
    }
  }
}

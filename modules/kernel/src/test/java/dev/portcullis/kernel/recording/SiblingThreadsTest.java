package dev.portcullis.kernel.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.process.ContainerProcessGroups;
import dev.portcullis.kernel.trace.NeedsTracefs;
import dev.portcullis.kernel.trace.ThreadList;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel's own list.
@NeedsTracefs
class SiblingThreadsTest {
  /// The largest that a kernel of 64 bits gives is 4194304.
  private static final long NOBODY = 4_999_999;

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

  private Process sibling() throws Exception {
    Process sibling = groups.run(List.of(), "sleep", "300");
    Files.writeString(
        groups.group("sibling").resolve("cgroup.procs"), Long.toString(sibling.pid()));
    return sibling;
  }

  private SiblingThreads siblings(TraceInstance trace) {
    ContainerThreads threads = new ContainerThreads();
    threads.become("none");
    threads.know(Set.of(groups.id("sibling")));
    return new SiblingThreads(trace, threads);
  }

  /// On a busy machine its birth is read late.
  @Test
  void oneThatWasBornBeforeItWasLeftOutIsNoneThatGotItsNumber() throws Exception {
    long before = System.nanoTime();
    Process sibling = sibling();
    try (TraceInstance trace = TraceInstance.createNative(64)) {
      SiblingThreads siblings = siblings(trace);
      siblings.see((int) sibling.pid());
      siblings.leaveOut();
      siblings.born((int) sibling.pid(), before);
      assertThat(siblings.hasGap()).isFalse();
      siblings.born((int) sibling.pid(), System.nanoTime() + 2_000_000_000L);
      assertThat(siblings.hasGap()).isFalse();
      siblings.born((int) sibling.pid(), System.nanoTime());
      assertThat(siblings.hasGap()).isTrue();
    }
  }

  /// As of a thread that ended while the list was written.
  @Test
  void aNumberThatStaysWithoutItsThreadIsTakenOut() throws Exception {
    Process sibling = sibling();
    try (TraceInstance trace = TraceInstance.createNative(64)) {
      ThreadList list = trace.leftOut().orElseThrow();
      list.add(List.of(NOBODY));
      SiblingThreads siblings = siblings(trace);
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
      siblings.born((int) NOBODY, System.nanoTime());
      assertThat(siblings.hasGap()).isTrue();
    }
  }
}

package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class OutputPipeTest {

  @Test
  void aPipeHasNoReaderOnceItsOtherEndIsClosed() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      int answer =
          (int) Libc.function("pipe", JAVA_INT, ADDRESS).invokeExact(Libc.state(arena), ends);
      assertThat(answer).isZero();
      int writer = ends.getAtIndex(JAVA_INT, 1);
      assertThat(OutputPipe.hasNoReader(writer)).isFalse();
      PathDescriptor.close(ends.getAtIndex(JAVA_INT, 0));
      assertThat(OutputPipe.hasNoReader(writer)).isTrue();
      PathDescriptor.close(writer);
      // The kernel knows nothing of such a number.
      assertThat(OutputPipe.hasNoReader(writer)).isFalse();
    }
  }
}

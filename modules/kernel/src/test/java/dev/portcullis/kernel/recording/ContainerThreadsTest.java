package dev.portcullis.kernel.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ContainerThreadsTest {
  /// linux/auxvec.h, where many a vector begins.
  private static final int AT_SYSINFO_EHDR = 33;

  @Test
  void aVectorOf32BitsHasTypeAndValueInTheFirst64() {
    byte[] vector =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putInt(AT_SYSINFO_EHDR)
            .putInt(0xf7fc5000)
            .array();
    assertThat(ContainerThreads.isOfOtherClass(vector)).isTrue();
  }

  @Test
  void aVectorOf64BitsHasTheTypeAloneThere() {
    byte[] vector =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putLong(AT_SYSINFO_EHDR)
            .putLong(0x7fff_f7fc_5000L)
            .array();
    assertThat(ContainerThreads.isOfOtherClass(vector)).isFalse();
    assertThat(ContainerThreads.isOfOtherClass(new byte[0])).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ofThisProcessTheKernelHasOneOf64Bits() throws Exception {
    try (InputStream vector = Files.newInputStream(Path.of("/proc/self/auxv"))) {
      byte[] head = vector.readNBytes(Long.BYTES);
      assertThat(head).hasSize(Long.BYTES);
      assertThat(ContainerThreads.isOfOtherClass(head)).isFalse();
    }
  }
}

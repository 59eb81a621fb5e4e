package dev.portcullis.run.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceDirectoryTest {
  @TempDir Path parent;

  @Test
  void itsNameFitsABridge() throws IOException {
    var instance = InstanceDirectory.create(parent);
    // netdevice(7): IFNAMSIZ is 16 with the terminating zero.
    assertThat(instance.name().length()).isLessThan(16);
    assertThat(InstanceDirectory.in(parent)).containsExactly(instance);
  }

  @Test
  void oneInUseIsNotStale() throws IOException {
    var instance = InstanceDirectory.create(parent);
    assertThat(instance.stale()).isFalse();
    instance.claim();
    assertThat(instance.stale()).isFalse();
  }

  @Test
  void oneWhoseOwnerIsGoneIsStaleUnlessKept() throws IOException {
    var instance = InstanceDirectory.create(parent);
    // This process's number, but another start.
    Files.writeString(
        instance.path().resolve("owner"), ProcessHandle.current().pid() + " 1999-01-01 boot");
    assertThat(instance.stale()).isTrue();
    instance.release();
    assertThat(instance.stale()).isFalse();
  }

  @Test
  void otherDirectoriesAreNobodys() throws IOException {
    Files.createDirectory(parent.resolve("pc-etc"));
    Files.createSymbolicLink(parent.resolve("pc-00000000"), Path.of("/etc"));
    assertThat(InstanceDirectory.in(parent)).isEmpty();
  }

  @Test
  void pathsTooLongForASocketAreRefused() {
    assertThatThrownBy(() -> InstanceDirectory.create(parent.resolve("x".repeat(80))))
        .hasMessageContaining("too long");
  }
}

package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path temporary;

  @Test
  void othersMayPassThroughAndNotLookIn() throws IOException {
    RunDirectory directory = RunDirectory.create(temporary.resolve("a/b"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
        .isEqualTo("rwx--x--x");
    assertThat(directory.path().getFileName()).hasToString("run-" + directory.id());
    assertThat(directory.remove()).isEmpty();
    assertThat(directory.path()).doesNotExist();
    assertThat(directory.remove()).isEmpty();
  }

  @Test
  void whatDeadProcessesLeftIsRemoved() throws IOException {
    long self = ProcessHandle.current().pid();
    // No process has this number (proc_sys_kernel(5): pid_max is at most 2^22), and this one did
    // not start with the machine.
    Path dead = Files.createDirectories(temporary.resolve("run-99999999-1"));
    Files.writeString(Files.createDirectory(dead.resolve("logs")).resolve("0.log"), "x");
    Path reused = Files.createDirectories(temporary.resolve("run-" + self + "-1"));
    Path kept = Files.createDirectories(temporary.resolve("run-99999999-2"));
    Files.writeString(kept.resolve("kept"), "");
    Path other = Files.createDirectories(temporary.resolve("run-x-1"));
    RunDirectory live = RunDirectory.create(temporary);
    assertThat(dead).doesNotExist();
    assertThat(reused).doesNotExist();
    assertThat(kept).exists();
    assertThat(other).exists();
    assertThat(live.path()).exists();
  }

  @Test
  void aLiveOneIsLeftAlone() throws IOException {
    RunDirectory live = RunDirectory.create(temporary);
    // This process has one already; what is there may not be taken for stale, nor shared.
    assertThatThrownBy(() -> RunDirectory.create(temporary))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(live.path()).exists();
  }

  @Test
  void keptOnesSayThatTheyAre() throws IOException {
    RunDirectory directory = RunDirectory.create(temporary);
    assertThat(directory.isKept()).isFalse();
    directory.keep();
    assertThat(directory.isKept()).isTrue();
  }

  @Test
  void aLinkInAVolumeIsRemovedAndNotFollowed() throws IOException {
    Path precious = Files.createDirectory(temporary.resolve("precious"));
    Files.writeString(precious.resolve("file"), "x");
    RunDirectory directory = RunDirectory.create(temporary.resolve("state"));
    Path volumes = Files.createDirectories(directory.path().resolve("volumes"));
    Files.createSymbolicLink(volumes.resolve("link"), precious);
    Files.createSymbolicLink(volumes.resolve("file"), precious.resolve("file"));
    assertThat(directory.remove()).isEmpty();
    assertThat(directory.path()).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("x");
  }
}

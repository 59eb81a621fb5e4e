package dev.portcullis.run.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
  private static final Commands APPLETS = (_, _) -> new Commands.Outcome(0, "[\nls\nsh\n");

  @TempDir Path directory;

  /// The header of a program with one program header of the given type.
  private Path program(int type) throws IOException {
    ByteBuffer elf = ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).put(4, (byte) 2).putLong(32, 64);
    elf.putShort(54, (short) 56).putShort(56, (short) 1).putInt(64, type);
    return Files.write(directory.resolve("busybox"), elf.array());
  }

  private static byte[] archive(Path busybox) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageArchive.write(busybox, APPLETS, out);
    return out.toByteArray();
  }

  @Test
  void theSameBusyboxGivesTheSameBytes() throws IOException {
    Path busybox = program(1);
    assertThat(archive(busybox)).isEqualTo(archive(busybox));
  }

  @Test
  void oneLayerTwoImages() throws IOException {
    List<String> names = new ArrayList<>();
    List<String> files = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(archive(program(1))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        names.add(entry.getName());
        if (entry.getName().equals("layer.tar")) {
          var layer = new TarArchiveInputStream(new ByteArrayInputStream(tar.readAllBytes()));
          for (var file = layer.getNextEntry(); file != null; file = layer.getNextEntry()) {
            files.add(file.getName() + (file.isSymbolicLink() ? " -> " + file.getLinkName() : ""));
          }
        }
      }
    }
    assertThat(names).hasSize(4).contains("layer.tar", "manifest.json");
    assertThat(files)
        .contains("tmp/", "etc/passwd", "bin/busybox", "bin/sh -> busybox", "bin/[ -> busybox");
  }

  @Test
  void aBusyboxWithLibrariesIsRefused() throws IOException {
    Path busybox = program(3);
    assertThatThrownBy(() -> archive(busybox)).hasMessageContaining("install busybox-static");
  }

  @Test
  void somethingElseIsRefused() throws IOException {
    Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
    assertThatThrownBy(() -> archive(script)).hasMessageContaining("not a 64-bit ELF program");
  }
}

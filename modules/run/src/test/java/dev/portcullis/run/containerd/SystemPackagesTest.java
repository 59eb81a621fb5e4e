package dev.portcullis.run.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPackagesTest {
  private static final List<String> PROGRAMS =
      List.of(
          "usr/bin/containerd",
          "usr/bin/ctr",
          "usr/sbin/runc",
          "usr/bin/unshare",
          "usr/bin/setsid",
          "usr/bin/mount",
          "usr/sbin/ip",
          "bin/busybox",
          "usr/lib/cni/bridge",
          "usr/lib/cni/host-local",
          "usr/lib/cni/loopback");

  @TempDir Path root;
  private final List<String> ran = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void debian() throws IOException {
    program("usr/bin/apt-get");
    Files.createDirectories(root.resolve("var/lib/apt/lists"));
  }

  private void program(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }

  private Commands.Outcome installing(List<String> command) {
    ran.add(String.join(" ", command));
    try {
      if (command.contains("install")) {
        for (String path : PROGRAMS) {
          program(path);
        }
      }
      return new Commands.Outcome(0, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SystemPackages packages(boolean superuser) {
    return new SystemPackages(root, (command, _) -> installing(command), superuser);
  }

  @Test
  void nothingIsDoneWhereNothingIsMissing() throws IOException {
    for (String path : PROGRAMS) {
      program(path);
    }
    packages(true).ensure(said::add);
    assertThat(ran).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void everyMissingProgramNamesItsPackage() {
    assertThat(packages(true).missing())
        .containsEntry("containerd", "containerd")
        .containsEntry("ctr", "containerd")
        .containsEntry("runc", "runc")
        .containsEntry("busybox", "busybox-static")
        .containsEntry("CNI plugin bridge", "containernetworking-plugins")
        .containsEntry("ip", "iproute2");
  }

  @Test
  void emptyListsAreFetchedFirst() throws IOException {
    packages(true).ensure(said::add);
    assertThat(ran).hasSize(2);
    assertThat(ran.getFirst()).isEqualTo("apt-get update");
    assertThat(ran.getLast())
        .startsWith("apt-get install -y --no-install-recommends containerd runc ");
    assertThat(said).hasSize(1);
  }

  @Test
  void onlyWhatIsMissingIsInstalled() throws IOException {
    for (String path : PROGRAMS) {
      if (!path.endsWith("runc")) {
        program(path);
      }
    }
    Files.createFile(root.resolve("var/lib/apt/lists/debian_main_binary-amd64_Packages"));
    packages(true).ensure(said::add);
    assertThat(ran).containsExactly("apt-get install -y --no-install-recommends runc");
  }

  @Test
  void withoutRootTheCommandIsNamed() {
    assertThatThrownBy(() -> packages(false).ensure(said::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("As root, run: apt-get update && apt-get install -y");
    assertThat(ran).isEmpty();
  }

  @Test
  void withoutAptThePackagesAreNamed() throws IOException {
    Files.delete(root.resolve("usr/bin/apt-get"));
    assertThatThrownBy(() -> packages(true).ensure(said::add))
        .hasMessageContaining("no apt-get")
        .hasMessageContaining("busybox-static");
  }

  @Test
  void aFailedInstallationShowsWhatAptSaid() {
    var failing =
        new SystemPackages(
            root, (_, _) -> new Commands.Outcome(100, "E: Unable to locate package"), true);
    assertThatThrownBy(() -> failing.ensure(said::add))
        .hasMessageContaining("Unable to locate")
        .hasMessageContaining("Try: apt-get update");
  }
}

package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.cluster.Cache;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The README's first command in a bare Debian 13, with its containerd 1.7 and runc 1.1.15: in a
/// root, a mount namespace and a pid namespace of its own, over this machine's kernel. What it
/// writes to the root goes with the test.
class DebianThirteenTest {
  private static final Path ROOT = Cache.directory(System.getenv()).resolve("debian-13");
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path PARENT = Path.of("/var/lib/portcullis-e2e");

  private Path directory;

  @BeforeEach
  void make() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    assumeTrue(Files.isDirectory(ROOT), "no root of Debian 13: tools/debian-13 makes one");
    Files.createDirectories(PARENT);
    // On a disk: neither overlay of the two can lie on another one.
    directory = Files.createTempDirectory(PARENT, "debian-13-");
    for (String made : List.of("upper", "work", "root", "state")) {
      Files.createDirectory(directory.resolve(made));
    }
  }

  @AfterEach
  void remove() throws Exception {
    if (directory != null) {
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(" " + directory + "/");
      assertThat(
              new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
                  .start()
                  .waitFor())
          .isZero();
    }
  }

  /// This machine's JDK, and what is on the class path.
  private static SortedSet<Path> foreign() {
    SortedSet<Path> foreign = new TreeSet<>();
    foreign.add(Path.of(System.getProperty("java.home")));
    foreign.add(REPOSITORY);
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath().normalize();
      if (!path.startsWith(REPOSITORY) && Files.exists(path)) {
        foreign.add(Files.isDirectory(path) ? path : path.getParent());
      }
    }
    return foreign;
  }

  private static String script(Path directory, List<String> command) {
    StringBuilder binds = new StringBuilder();
    for (Path each : foreign()) {
      binds.append("mkdir -p \"$root%1$s\"; mount --bind '%1$s' \"$root%1$s\"\n".formatted(each));
    }
    return """
    #!/bin/sh
    set -e
    dir='%1$s'
    root=$dir/root
    mount -t overlay overlay -o "lowerdir=%2$s,upperdir=$dir/upper,workdir=$dir/work" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root/var/lib/portcullis"
    mount --bind "$dir/state" "$root/var/lib/portcullis"
    %3$s
    # Not chroot(2), in which the kernel makes no user namespaces (unshare(2), EPERM).
    cd "$root"
    pivot_root . mnt
    cd '%4$s'
    umount -l /mnt
    containerd --version >&2
    runc --version >&2
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 %5$s
    """
        .formatted(
            directory,
            ROOT,
            binds.toString().stripTrailing(),
            REPOSITORY,
            String.join(" ", command.stream().map(it -> "'" + it + "'").toList()));
  }

  private Result inDebianThirteen(String... args) throws IOException, InterruptedException {
    Path script =
        Files.writeString(
            directory.resolve("run.sh"), script(directory, Portcullis.process(args).command()));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    // The first process of the pid namespace: with it, all others in there end.
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation=private",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                script.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(100, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return new Result(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void theFirstCommandOfTheReadmeRuns() throws Exception {
    Result result =
        inDebianThirteen(
            "run",
            "-o=json",
            "--seccomp-profile-root=examples/profiles",
            "--for=10s",
            "examples/trustworthy-pod.yaml",
            "examples/explorer.yaml");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("containerd 1.7.", "runc version 1.1.15");
    assertThat(result.containers())
        .as(result.err())
        .containsOnlyKeys("trustworthy-container", "explorer")
        .containsEntry(
            "trustworthy-container", new Container("unconfined", "pod-annotation", 0, 0, 0))
        .containsEntry(
            "explorer",
            new Container("localhost/example-explorer-profile", "container-annotation", 2, 1, 0));
    assertThat(result.err())
        .contains("mkdir: can't create directory '/tmp/forbidden': Operation not permitted");
  }
}

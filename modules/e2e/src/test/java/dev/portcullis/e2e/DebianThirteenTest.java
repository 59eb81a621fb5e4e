package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.cluster.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The README's two commands on a fresh machine: a bare Debian 13 that has neither a JDK nor Maven
/// nor containerd, in a root and in mount, pid and network namespaces of its own, over this
/// machine's kernel. There is no network but loopback: the packages lie in the root's apt cache,
/// and what Maven needs in this machine's repository, which stays as it is. What is written to the
/// root goes with the test.
class DebianThirteenTest {
  private static final Path ROOT = Cache.directory(System.getenv()).resolve("debian-13-bare");
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();
  private static final Path PARENT = Path.of("/var/lib/portcullis-e2e");
  private static final int MINUTES = 25;

  private Path directory;

  @BeforeEach
  void make() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    assumeTrue(Files.isDirectory(ROOT), "no root of Debian 13: tools/debian-13 makes one");
    assumeTrue(Files.exists(REPOSITORY.resolve(".git")), "no git checkout to copy the files of");
    Files.createDirectories(PARENT);
    // On a disk: neither overlay of the two can lie on another one.
    directory = Files.createTempDirectory(PARENT, "debian-13-");
    for (String made : List.of("upper", "work", "root", "state", "maven", "maven-work")) {
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

  /// Where Maven keeps what it downloaded: what surefire says, or the usual place.
  private static Path mavenRepository() {
    String told = System.getProperty("localRepository");
    return told == null
        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
        : Path.of(told);
  }

  private String script(String commands) {
    return """
    #!/bin/sh
    set -e
    dir='%1$s'
    root=$dir/root
    ip link set lo up
    mount -t overlay overlay -o "lowerdir=%2$s,upperdir=$dir/upper,workdir=$dir/work" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root/var/lib/portcullis" "$root/root/.m2/repository" "$root/root/portcullis"
    mount --bind "$dir/state" "$root/var/lib/portcullis"
    mount -t overlay overlay -o "lowerdir=%3$s,upperdir=$dir/maven,workdir=$dir/maven-work" "$root/root/.m2/repository"
    cd '%4$s'
    git -c safe.directory='*' ls-files -z --cached --others --exclude-standard |
      tar --create --null --ignore-failed-read --files-from=- | tar --extract --directory="$root/root/portcullis"
    # Not chroot(2), in which the kernel makes no user namespaces (unshare(2), EPERM).
    cd "$root"
    pivot_root . mnt
    cd /root/portcullis
    umount -l /mnt
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 sh -c '%5$s'
    """
        .formatted(directory, ROOT, mavenRepository(), REPOSITORY, commands);
  }

  private Result inDebianThirteen(String commands) throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("run.sh"), script(commands));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    // The first process of the pid namespace: with it, all others in there end.
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation=private",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                script.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return new Result(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  /// `./test` is tried with two small modules: all tests would run this one again.
  @Test
  void theCommandsOfTheReadmeSetUpAFreshMachine() throws Exception {
    Result result =
        inDebianThirteen(
            """
            ./portcullis run -o=json --seccomp-profile-root=examples/profiles --for=10s \\
              examples/trustworthy-pod.yaml examples/explorer.yaml >run.json &&
            containerd --version >&2 && runc --version >&2 &&
            ./test --fast -pl modules/documents -am >test.out && tail -n 1 test.out >&2 &&
            cat run.json\
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains(
            "portcullis: installing openjdk-25-jdk-headless (apt-get)",
            "portcullis: installing maven (apt-get)",
            "portcullis: installing containerd, runc,",
            "portcullis: installing python3 (apt-get)",
            "containerd 1.7.",
            "runc version 1.1.15")
        .containsPattern("(?m)^[1-9][0-9]* passed, 0 failed, [0-9]+ skipped$");
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

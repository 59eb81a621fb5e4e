package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.RuntimeProfile;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// An OCI runtime that keeps the filters that it has made, with nothing around it: the one that
/// `PORTCULLIS_CRUN` names, or what is installed. Where that keeps none, as Debian 12's, the tests
/// are skipped.
class FilterCacheTest {
  private static final Target TARGET =
      new ThisMachine("e2e", Architecture.X86_64, new KernelVersion(6, 1)).target(Set.of());
  private static final String NOT_PERMITTED = "Operation not permitted";
  private static final String READ_ONLY = "Read-only file system";
  private static final String DENIED = "Permission denied";

  @TempDir Path directory;
  private Path crun;
  private int containers;

  @BeforeEach
  void requireCrun() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    assumeTrue(Files.exists(Path.of("/bin/busybox")), "no busybox: apt-get install busybox-static");
    crun = Path.of(System.getenv().getOrDefault("PORTCULLIS_CRUN", "/usr/bin/crun"));
    assumeTrue(Files.isExecutable(crun), crun + " is not there; name one with PORTCULLIS_CRUN");
    Path root = directory.resolve("rootfs");
    for (String each : new String[] {"bin", "dev", "proc"}) {
      Files.createDirectories(root.resolve(each));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    Files.createDirectory(directory.resolve("state"));
  }

  private static String profile(String names, String errno) {
    return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": ["
        + names
        + "], \"action\": \"SCMP_ACT_ERRNO\""
        + errno
        + "}]}";
  }

  private static final String CALLS = "\"mkdir\", \"mkdirat\"";

  static Stream<Arguments> pairs() {
    return Stream.of(
        arguments(
            profile(CALLS, ", \"errnoRet\": 30"),
            READ_ONLY,
            profile(CALLS, ", \"errnoRet\": 13"),
            DENIED),
        arguments(profile("\"mkdirmkdirat\"", ""), "made", profile(CALLS, ""), NOT_PERMITTED));
  }

  /// What the runtime is given is never taken for what it was given before. What it would do with
  /// the files themselves is asked first: else nothing would be shown.
  @ParameterizedTest
  @MethodSource("pairs")
  void eachContainerHasTheFilterOfItsOwnProfile(
      String one, String ofOne, String other, String ofOther) throws Exception {
    assertThat(mkdirUnder(one)).contains(ofOne);
    assumeTrue(
        mkdirUnder(other).contains(ofOne),
        crun + " keeps no filters; name another one with PORTCULLIS_CRUN");
    assertThat(mkdirUnder(given(one))).contains(ofOne);
    assertThat(mkdirUnder(given(other))).contains(ofOther);
    assertThat(mkdirUnder(given(one))).contains(ofOne);
  }

  /// The rule takes nothing from the runtime: a profile has its filter made once.
  @Test
  void aProfileThatIsUsedAgainHasItsFilterMadeOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(mkdirUnder(given(profile(CALLS, "")))).contains(NOT_PERMITTED);
    }
    assumeTrue(Files.exists(cache()), crun + " keeps no filters");
    try (Stream<Path> kept = Files.list(cache())) {
      assertThat(kept).hasSize(1);
    }
  }

  private Path cache() {
    return directory.resolve("state/.cache/seccomp");
  }

  private String given(String json) throws IOException {
    Files.writeString(directory.resolve("p.json"), json);
    return switch (new ProfileRoot(directory).check("p.json")) {
      case UsableProfile profile ->
          new String(RuntimeProfile.of(profile, TARGET).content().bytes(), UTF_8);
      case ProfileLookup.None none -> throw new AssertionError(none.why());
    };
  }

  /// What a container says that makes a directory.
  private String mkdirUnder(String profile) throws IOException, InterruptedException {
    Path bundle = Files.createDirectory(directory.resolve("bundle-" + ++containers));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "%s"},
         "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "noNewPrivileges": true,
          "args": ["/bin/busybox", "sh", "-c", "/bin/busybox mkdir /dev/d && echo made"]},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}],
          "seccomp": %s}}
        """
            .formatted(directory.resolve("rootfs"), profile));
    Path said = bundle.resolve("said");
    // crun refuses a machine that has both versions of control groups mounted.
    String script = "[ ! -e /sys/fs/cgroup/unified ] || umount /sys/fs/cgroup/unified; exec \"$@\"";
    Process process =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "-m",
                    "sh",
                    "-c",
                    script,
                    "crun",
                    crun.toString(),
                    "--root",
                    directory.resolve("state").toString(),
                    "--cgroup-manager=disabled",
                    "run",
                    "--bundle",
                    bundle.toString(),
                    "portcullis-" + ProcessHandle.current().pid() + "-" + containers))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("crun does not end: " + Files.readString(said));
    }
    return Files.readString(said);
  }
}

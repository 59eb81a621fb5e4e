package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `run --image`: a pod without a file, under a profile.
@ExtendWith(RealRuntime.class)
class RunImageTest {
  private static final String IMAGE = "localhost/portcullis/busybox:1";

  private static final String DENY_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
      """;

  private static final String MKDIR = "mkdir /tmp/x && echo made; sleep 3";

  @TempDir private Path directory;

  private Result run(String profile, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "--runtime-endpoint",
                RealRuntime.endpoint(),
                "--seccomp-profile-root",
                directory.resolve("root").toString(),
                "--image",
                IMAGE));
    if (!profile.isEmpty()) {
      all.addAll(List.of("--profile", profile.replace("DIR", directory.toString())));
    }
    all.addAll(List.of(more));
    return Portcullis.run(all.toArray(String[]::new));
  }

  /// A file wherever it lies, a name below the profile root, built-in defaults, and the two names
  /// without a file: each is proven to be what the kernel runs.
  @ParameterizedTest
  @CsvSource({
    "DIR/deny.json, localhost/deny.json, 1, Read-only file system",
    "DIR/links/link.json, localhost/deny.json, 1, Read-only file system",
    "localhost/a/named.json, localhost/a/named.json, 1, Read-only file system",
    "docker/default@29.0.4, localhost/docker/default@29.0.4, 1, made",
    "containerd/default@2.3.4, localhost/containerd/default@2.3.4, 1, made",
    "runtime/default, runtime/default, 1, made",
    "'', runtime/default, 1, made",
    "unconfined, unconfined, 0, made"
  })
  void underAProfile(String profile, String name, int filters, String said) throws IOException {
    PodText.write(directory, "deny.json", DENY_MKDIR);
    PodText.write(directory, "root/a/named.json", DENY_MKDIR);
    Files.createSymbolicLink(
        Files.createDirectory(directory.resolve("links")).resolve("link.json"),
        directory.resolve("deny.json"));
    Result result = run(profile, "--prove", "-o", "json", "--", "sh", "-c", MKDIR);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("busybox | ").contains(said);
    // Nobody can change what a built-in default has, and there is no file of the user's.
    assertThat(result.err()).doesNotContain("/built-in/", "warning:");
    Container container = Objects.requireNonNull(result.containers().get("busybox"));
    assertThat(container.profile()).isEqualTo(name);
    assertThat(container.filters()).isEqualTo(filters);
    if (filters > 0) {
      assertThat(result.out()).contains("\"proven\" : true");
    }
  }

  /// busybox has no entry point, so its arguments are the command; with one, only --command
  /// replaces it.
  @Test
  void theCommand() {
    Result command = run("", "--command", "--", "sh", "-c", "echo $0 $1; exit 3", "a b", "-c");
    assertThat(command.code()).as(command.err()).isEqualTo(4);
    assertThat(command.out()).contains("busybox | a b -c");
  }

  @Test
  void whatIsMissing() throws IOException {
    PodText.write(directory, "root/a/named.json", DENY_MKDIR);
    Result image =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--image",
            "localhost/nobody/has:1",
            "--profile",
            "unconfined");
    assertThat(image.code()).isEqualTo(3);
    assertThat(image.err()).contains("localhost/nobody/has:1", "cannot be pulled", "--load-image");
    Result program = run("unconfined", "--", "/no/such/program");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err()).contains("/no/such/program");
    Result name = run("localhost/nope.json");
    assertThat(name.code()).isEqualTo(3);
    assertThat(name.err()).contains("nope.json", "nothing was started");
  }
}

package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.crio.RealCrio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is different for `run` where the runtime is CRI-O: it makes a container's process already
/// when it creates the container.
class CrioRunTest {
  @RegisterExtension static final RealCrio CRIO = RealCrio.plain();

  @TempDir private Path directory;

  private Result run(String handler, String... more) {
    RealCrio.requireHandler(handler);
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "-o=json",
                "--runtime-endpoint=" + CRIO.get().endpoint(),
                "--runtime-handler=" + handler,
                "--seccomp-profile-root=" + directory));
    args.addAll(List.of(more));
    return Portcullis.run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "runc, deny.json, Read-only file system, 1",
    "crun, deny.json, Read-only file system, 1",
    "runc, , made, 0",
    "crun, , made, 0",
  })
  void aProfileForbidsWhatItSays(String handler, String profile, String said, int filters)
      throws IOException {
    PodText.write(
        directory,
        "deny.json",
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """);
    Result result =
        run(
            handler,
            PodText.shell(
                directory,
                "mkdir",
                "mkdir /tmp/x && echo made; sleep 0.3",
                profile == null
                    ? "securityContext: {seccompProfile: {type: Unconfined}}"
                    : PodText.profile(profile)));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains(said);
    assertThat(result.containers().get("c")).extracting(Container::filters).isEqualTo(filters);
  }

  /// A runtime that keeps filters may take the first one for that of the second, which denies what
  /// the first does not.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void theProfileOfAPodBeforeIsNotThatOfTheNext(String handler) throws IOException {
    String allows = profileOf("\"mkdirmkdirat\"");
    String denies = profileOf("\"mkdir\", \"mkdirat\"");
    PodText.write(directory, "allows.json", allows);
    PodText.write(directory, "denies.json", denies);
    for (String name : List.of("allows", "denies")) {
      Result result =
          run(
              handler,
              "--prove",
              PodText.shell(
                  directory,
                  name,
                  "mkdir /tmp/x && echo made; sleep 1",
                  PodText.profile(name + ".json")));
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.err().contains("| made")).as(result.err()).isEqualTo(name.equals("allows"));
    }
  }

  private static String profileOf(String names) {
    return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": ["
        + names
        + "], \"action\": \"SCMP_ACT_ERRNO\"}]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void containersThatEndAtOnceAreSeenAllTheSame(String handler) throws IOException {
    StringBuilder pod =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: brief}
            spec:
              containers:
            """);
    for (int i = 0; i < 15; i++) {
      pod.append("  - {name: b")
          .append(i)
          .append(", image: 'localhost/portcullis/busybox:1', command: ['true']")
          // With no_new_privs a runtime loads the filter last of all.
          .append(i % 2 == 0 ? ", securityContext: {allowPrivilegeEscalation: false}}\n" : "}\n");
    }
    Result result = run(handler, PodText.write(directory, "brief.yaml", pod.toString()));
    assertThat(result.code()).as(result.err()).isZero();
    long seen =
        result.containers().values().stream()
            .filter(container -> Integer.valueOf(2).equals(container.mode()))
            .count();
    // On containerd the kernel cannot always be asked in time, either.
    assertThat(seen).as(result.err()).isGreaterThanOrEqualTo(12);
  }

  /// The second and the third container do not wait until the kernel was asked about the one
  /// before: each would take two seconds.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void noContainerWaitsForTheOneBefore(String handler) throws IOException {
    String file =
        PodText.write(
            directory,
            "times.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: times}
            spec:
              containers:
              - {name: a, image: 'localhost/portcullis/busybox:1', command: [sh, -c, 'echo "at $(date +%s)"; sleep 6']}
              - {name: b, image: 'localhost/portcullis/busybox:1', command: [sh, -c, 'echo "at $(date +%s)"; sleep 6']}
              - {name: c, image: 'localhost/portcullis/busybox:1', command: [sh, -c, 'echo "at $(date +%s)"; sleep 6']}
            """);
    Result result = run(handler, file);
    assertThat(result.code()).as(result.err()).isZero();
    List<Long> times =
        result
            .err()
            .lines()
            .filter(line -> line.contains("| at "))
            .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
            .sorted()
            .toList();
    assertThat(times).as(result.err()).hasSize(3);
    assertThat(times.getLast() - times.getFirst()).as(result.err()).isLessThan(4);
  }

  @Test
  void aRuntimeThatDropsTheProfileIsFoundOutAndTheContainerStopped() throws IOException {
    Result result =
        run(
            RealCrio.NO_FILTER,
            PodText.shell(directory, "naked", "echo began; sleep 60; echo survived"));
    assertThat(result.code()).as(result.err()).isEqualTo(3);
    assertThat(result.err())
        .contains("should run under runtime/default", "Seccomp: 0", "it was stopped")
        .doesNotContain("survived");
  }
}

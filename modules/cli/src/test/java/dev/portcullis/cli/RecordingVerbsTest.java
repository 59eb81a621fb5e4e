package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is made of recordings, and what `profile record` says before it starts anything.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class RecordingVerbsTest {
  static final String RECORDING =
      """
      {"kind": "Recording", "version": 1,
       "runs": [{"pod": "default/web", "container": "app", "image": "busybox",
                 "ociRuntime": "runc", "kernel": "6.18.0"}],
       "program": [
         {"name": "execve", "architecture": "SCMP_ARCH_X86_64", "number": 59, "count": 1},
         {"name": "mkdir", "architecture": "SCMP_ARCH_X86_64", "number": 83, "count": 3},
         {"name": "socket", "architecture": "SCMP_ARCH_X86_64", "number": 41, "count": 2,
          "arguments": [{"index": 0, "name": "domain", "mask": "0xffffffff"}],
          "values": [{"of": ["0x1"], "count": 2}], "otherCount": 0}],
       "runtime": []}
      """;

  @TempDir private Path directory;

  private String file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    return file.toString();
  }

  @Test
  void mergedCountsAddUpAndTheProfileIsValid() throws IOException {
    String one = file("one.recording.json", RECORDING);
    String two =
        file("two.recording.json", RECORDING.replace("mkdir", "rmdir").replace("83", "84"));
    Path profile = directory.resolve("web.json");
    Run merged = Run.of("profile", "merge", one, two, "--output-file", profile.toString());
    assertThat(merged.code()).as(merged.err()).isZero();
    assertThat(merged.err())
        .contains("2 recordings: 12 calls of 4 names on x86_64")
        .contains("added because runc needs them");
    assertThat(merged.err().replaceAll("\\s+", " "))
        .containsPattern(
            "written to "
                + profile
                + ", which allows [0-9]{2} names, 4 of them recorded, and web.recording.json");
    String text = Files.readString(profile).replaceAll("\\s", "");
    assertThat(text)
        .contains("\"names\":[\"execve\",\"mkdir\",\"rmdir\"]")
        .doesNotContain("comment");
    assertThat(Run.of("profile", "validate", profile.toString()).code()).isZero();
    String recording = Files.readString(directory.resolve("web.recording.json"));
    assertThat(recording.replaceAll("\\s", ""))
        .contains("\"count\":4", "\"added\":[{\"reason\":\"because");
    Run again = Run.of("profile", "merge", one, two, "--output-file", profile.toString());
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.err()).contains("web.json: the file exists; use --overwrite");
    // What lies beside a profile is no profile and no manifest.
    Run validated = Run.of("profile", "validate", directory.toString());
    assertThat(validated.code()).as(validated.err()).isZero();
    assertThat(validated.out() + validated.err()).doesNotContain("recording.json");
  }

  @Test
  void othersOptionsMakeAnotherProfile() throws IOException {
    String one = file("one.recording.json", RECORDING);
    Run bare = Run.of("profile", "merge", one, "--arguments", "none", "--oci-runtimes", "none");
    assertThat(bare.code()).as(bare.err()).isZero();
    assertThat(bare.out()).doesNotContain("MASKED_EQ").doesNotContain("getppid");
    assertThat(Run.of("profile", "merge", one).out()).contains("MASKED_EQ").contains("getppid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile merge                                       | 2 | profile merge needs recordings",
        "profile merge no.json                               | 3 | no.json: ",
        "profile merge @ --arguments some                    | 2 | use none, usual or all",
        "profile merge @ --oci-runtimes rnuc                 | 2 | did you mean runc",
        "profile merge examples/profiles/browser-sandbox.json | 1 | not a recording",
        "profile check-coverage @                            | 2 | needs a recording and a profile",
        "profile check-coverage @ unconfined                 | 2 | is not a profile file",
        "profile check-coverage containerd/default @         | 2 | the recording comes first:"
            + " portcullis profile check-coverage ",
        "profile check-coverage examples/profiles/browser-sandbox.json containerd/default | 1"
            + " | not a recording",
        "profile compare @ unconfined                        | 1 | this is a recording, not a"
            + " profile",
        "profile check-coverage @ @                          | 1 | this is a recording, not a"
            + " profile",
        "profile record examples/default.yaml             | 2 | --output-file web.json",
        "profile record --output-file web.json                      | 2 | needs a file with a pod",
        "profile record --image i pod.yaml --output-file web.json   | 2 | no file is run",
        "profile record --command pod.yaml --output-file web.json   | 2 | --command is for --image",
        "profile record --image i --profile unconfined --output-file web.json | 2 | --profile is for"
            + " --keep-denied",
        "profile record --seccomp-profile-root . p.yaml --output-file web.json | 2 | is for"
            + " --keep-denied",
        "profile record --image i --base no.json --output-file web.json | 3 | nothing was started",
        "profile record no.yaml --output-file web.json              | 3 | nothing was started",
        "profile record examples/trustworthy-pod.yaml --output-file /nowhere/web.json | 3 | no directory",
      })
  void mistakes(String command, int code, String said) throws IOException {
    String recording = file("r.recording.json", RECORDING);
    Run run = Run.of(command.replace("@", recording).split(" +"));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(said);
  }

  /// What a base allows already is not shown, and what it lacks is added and shown.
  @Test
  void aBaseAndWhatWasRecordedBeyondIt() throws IOException {
    String recording =
        file("r.recording.json", RECORDING.replace("mkdir", "mount").replace("83", "165"));
    Path profile = directory.resolve("web.json");
    Run run =
        Run.of(
            "profile",
            "merge",
            recording,
            "--base",
            "containerd/default@1.7",
            "--output-file",
            profile.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("the profile is WEAKER than containerd/default@1.7")
        .contains("- ALLOW -> EPERM  mount\n")
        .doesNotContain("added because", "stricter:", "execve", "socket");
    Run compared = Run.of("profile", "compare", profile.toString(), "containerd/default@1.7");
    assertThat(compared.out()).contains("is WEAKER than").contains("ALLOW -> EPERM  mount");
    Run equal =
        Run.of(
            "profile",
            "merge",
            file("e.recording.json", RECORDING),
            "--base",
            "containerd/default");
    assertThat(equal.code()).as(equal.err()).isZero();
    assertThat(equal.err()).contains("the profile is EQUAL to containerd/default@");
    Run none = Run.of("profile", "merge", recording, "--base", "unconfined");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("is not a profile file");
  }

  /// A recording has the name of its profile, and nearly its end.
  @Test
  void aRecordingIsNotAProfile() throws IOException {
    Run run = Run.of("profile", "validate", file("r.recording.json", RECORDING));
    assertThat(run.code()).isOne();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("r.recording.json:1", "this is a recording, not a profile", "profile merge");
    // Beside a `defaultAction`, these are fields that nobody knows.
    Run both =
        Run.of(
            "profile",
            "validate",
            file(
                "p.json",
                RECORDING.replaceFirst(
                    "\\{", "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [], ")));
    assertThat(both.out()).contains("\"runs\"").doesNotContain("this is a recording");
  }

  @Test
  void aPrivilegedContainerIsRefused() throws IOException {
    String pod =
        file(
            "pod.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              containers:
              - {name: c, image: x, securityContext: {privileged: true}}
            """);
    Run run =
        Run.of("profile", "record", pod, "--output-file", directory.resolve("web.json").toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().replaceAll("\\s+", " "))
        .contains("container \"c\" is privileged: runtimes give it no filter")
        .contains("nothing was started");
  }

  @Test
  void whatAProfileAllowsAndNobodyUsed() throws IOException {
    String recording = file("r.recording.json", RECORDING);
    String profile =
        file(
            "p.json",
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
              {"names": ["execve", "mkdir", "rmdir"], "action": "SCMP_ACT_ALLOW"}]}
            """);
    Run run = Run.of("profile", "check-coverage", recording, profile);
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("uses 2 of 3 calls that")
        .contains("never used (1):\n  rmdir\n")
        .contains("recorded, and not allowed by the profile (1):\n  socket x2\n")
        .contains("not what the program can do");
    Run builtIn = Run.of("profile", "check-coverage", recording, "containerd/default@1.7");
    assertThat(builtIn.code()).as(builtIn.err()).isZero();
    assertThat(builtIn.out()).contains("never used (");
  }

  /// The second would be written over the first.
  @Test
  void twoContainersDoNotShareAFile() throws IOException {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          containers: [{name: %s, image: 'localhost/portcullis/busybox:1'}]
        """;
    Path pods =
        Files.writeString(
            directory.resolve("two.yaml"),
            pod.formatted("a", "b-c") + "---\n" + pod.formatted("a-b", "c"));
    Run run =
        Run.of(
            "profile",
            "record",
            pods.toString(),
            "--output-file",
            directory.resolve("web.json").toString());
    assertThat(run.code()).isOne();
    assertThat(run.err().replaceAll("\\s+", " "))
        .contains("web-a-b-c.json: the profiles of two containers would have this name");
  }

  /// A runner of GitHub would obey what a name has in it.
  @Test
  void noNameIsACommandForARunner() {
    Run run = Run.of("check", "-o", "github", "no ##[stop-commands]t.yaml");
    assertThat(run.err()).contains("no #\\x23[stop-commands]t.yaml").doesNotContain("##[");
  }
}

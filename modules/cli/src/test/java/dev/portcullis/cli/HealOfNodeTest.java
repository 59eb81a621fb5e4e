package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis profile heal --pod`, of what an agent has written.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HealOfNodeTest {
  private static final String DENIAL =
      """
      {"container": {"namespace": "shop", "pod": "%s", "name": "%s"}, "syscall": "%s",
       "architecture": "x86_64", "result": {"action": "errno", "errno": "EPERM"}, "count": 6,
       "firstSeen": "2026-11-29T20:37:10Z", "lastSeen": "2026-11-29T20:37:13Z", "allow": []}
      """;

  private static final String WATCHED =
      "{\"namespace\": \"shop\", \"pod\": \"%s\", \"name\": \"%s\"}";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        directory.resolve("web.json"),
        """
        {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
         "syscalls": [{"names": ["read", "write", "clone3"], "action": "SCMP_ACT_ALLOW"}]}
        """);
    file = directory.resolve("denials.json");
    write(0);
  }

  private void write(long undecided) throws IOException {
    Files.writeString(
        file,
        "{\"apiVersion\": \"portcullis.dev/v1alpha1\", \"denials\": ["
            + String.join(
                ", ",
                DENIAL.formatted("web", "app", "chmod"),
                DENIAL.formatted("web", "app", "ptrace"),
                DENIAL.formatted("db", "db", "mkdir"),
                DENIAL.formatted("two", "app", "chown"),
                DENIAL.formatted("two", "proxy", "rmdir"))
            + "], \"lost\": 0, \"undecided\": "
            + undecided
            + ", \"omitted\": 0, \"watched\": ["
            + String.join(
                ", ",
                WATCHED.formatted("web", "app"),
                WATCHED.formatted("db", "db"),
                WATCHED.formatted("two", "app"),
                WATCHED.formatted("two", "proxy"),
                WATCHED.formatted("calm", "app"))
            + "], \"remarks\": []}");
    // However long a test takes, its agent lives.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
  }

  private Run heal(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "profile",
                "heal",
                directory.resolve("web.json").toString(),
                "--run-dir",
                directory.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void whatWasRefusedToOnePod() throws IOException {
    Run run = heal("--pod", "shop/web");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("chmod: EPERM, 6 times, in shop/web app", "a program can then use: ptrace")
        .doesNotContain("mkdir", "chown", "rmdir");
    assertThat(run.err()).doesNotContain("missing");
    Path healed = directory.resolve("healed.json");
    Run written = heal("--pod", "shop/web", "--yes", "--output-file", healed.toString());
    assertThat(written.code()).as(written.err()).isZero();
    assertThat(written.err()).contains("ptrace is left out");
    assertThat(healed).content().contains("chmod").doesNotContain("ptrace", "mkdir");
  }

  /// A pod under the profile that complains: whatever this one refuses with, it would refuse that.
  @Test
  void whatWasLoggedIsHealedInTheProfileThatRefusesIt() throws IOException {
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{\"action\": \"errno\", \"errno\": \"EPERM\"}", "{\"action\": \"log\"}"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
    Run run = heal("--pod", "shop/web");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("chmod: EPERM, 6 times, in shop/web app", "least change: chmod")
        .contains("a program can then use: ptrace");
    Path web = directory.resolve("web.json");
    Files.writeString(web, Files.readString(web).replace("SCMP_ACT_ERRNO", "SCMP_ACT_LOG"));
    assertThat(heal("--pod", "shop/web").out())
        .contains("web.json refuses nothing of this", "logged, and this profile's answer is LOG");
    Files.writeString(web, Files.readString(web).replace("SCMP_ACT_LOG", "SCMP_ACT_KILL_PROCESS"));
    assertThat(heal("--pod", "shop/web").out()).contains("chmod: KILL_PROCESS, 6 times");
  }

  /// As of files.
  @Test
  void whatTheAgentDoesNotKnowIsSaid() throws IOException {
    write(2);
    assertThat(heal("--pod", "shop/web").err()).contains("records are missing", "(2)");
  }

  @Test
  void containersOfOtherProfilesAreToldApart() {
    Run both = heal("--pod", "shop/two");
    assertThat(both.out()).contains("chown", "rmdir", "several workloads or containers");
    Run one = heal("--pod", "shop/two", "-c", "proxy");
    assertThat(one.out()).contains("rmdir").doesNotContain("chown", "several");
  }

  @Test
  void whoIsNotWatchedIsAnError() {
    for (String pod : List.of("shop/wbe", "other/web", "shop/we")) {
      Run run = heal("--pod", pod);
      assertThat(run.code()).as(pod).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("no container of pod \"" + pod + "\" is watched", "crictl");
    }
    assertThat(heal("--pod", "shop/web", "-c", "proxy").err())
        .contains("container \"proxy\" of pod \"shop/web\" is not watched");
  }

  @Test
  void whereNothingWasRefusedNothingIsToHeal() {
    Run run = heal("--pod", "shop/calm");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("nothing was refused to pod \"shop/calm\"", "try again");
  }

  /// Its pods may have other profiles since.
  @Test
  void whatAnAgentThatIsGoneKnewIsNotTaken() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(10))));
    Run run = heal("--pod", "shop/web");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("seconds old", "the agent no longer runs", "--denials");
    Files.delete(file);
    Run gone = heal("--pod", "shop/web");
    assertThat(gone.code()).isEqualTo(3);
    assertThat(gone.err()).contains("denials.json is not there", "--denials");
  }

  @Test
  void whatIsNoDocumentOfAnAgentIsAnError() throws IOException {
    Files.writeString(file, Files.readString(file).replace("\"chmod\"", "\"ch mod\""));
    Run run = heal("--pod", "shop/web");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("denials.json:1", "no system call");
    Files.writeString(file, "[]");
    assertThat(heal("--pod", "shop/web").code()).isEqualTo(3);
  }

  @Test
  void whatCannotBeMeant() {
    assertThat(heal().err()).contains("--denials FILE, or --pod NAMESPACE/NAME");
    assertThat(heal("--pod", "web").code()).isEqualTo(2);
    assertThat(heal("--pod", "shop/web", "--denials", file.toString()).err())
        .contains("give one of them");
    assertThat(heal("-c", "app", "--denials", file.toString()).code()).isEqualTo(2);
  }
}

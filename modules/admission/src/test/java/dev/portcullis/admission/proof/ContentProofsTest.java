package dev.portcullis.admission.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.decide.Strictness.NoWeaker;
import dev.portcullis.pods.decide.Strictness.Unprovable;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ContentProofsTest {
  @TempDir private Path directory;

  /// The webhook has 64 MB and ends when they are used up. A third of that is enough for every
  /// proof, whoever wrote the profiles: what takes more is not proven.
  @Test
  void noProfileTakesTheMemoryOfTheWebhook() throws Exception {
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx24m",
                "-Xmn6m",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ProofsInLittleMemory.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(said, UTF_8);
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).hasSize(45);
    assertThat(lines.getFirst()).startsWith("easy: NoWeaker");
    assertThat(lines.getLast()).startsWith("easy again: Weaker");
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("Unprovable", "the filter is too complex: "));
  }

  private static ProfileContent denying(String names, int spaces) {
    return new ProfileContent(
        ("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":["
                + names
                + "],\"action\":\"SCMP_ACT_ERRNO\"}]}"
                + " ".repeat(spaces))
            .getBytes(UTF_8));
  }

  /// A busy machine is not the profile's fault.
  @Test
  void whatWasNotFinishedIsTriedAgain() {
    LibseccompCalls calls = LibseccompCalls.ofThisMachine().orElseThrow();
    AtomicBoolean busy = new AtomicBoolean(true);
    ContentProofs proofs =
        new ContentProofs(
            Compiler.by(ruleset ->
                busy.get() ? new RulesetCompiler.Undecided("it is busy") : calls.compile(ruleset)),
            Duration.ofSeconds(30));
    ProfileContent base = denying("\"mkdir\"", 0);
    ProfileContent more = denying("\"mkdir\",\"rmdir\"", 0);
    assertThat(proofs.compare(more, base))
        .isInstanceOfSatisfying(
            Unprovable.class, unprovable -> assertThat(unprovable.why()).contains("it is busy"));
    busy.set(false);
    assertThat(proofs.compare(more, base)).isEqualTo(new NoWeaker(more.sha256(), base.sha256()));
    // What came of it is kept.
    busy.set(true);
    assertThat(proofs.compare(more, base)).isEqualTo(new NoWeaker(more.sha256(), base.sha256()));
  }

  @Test
  void largeOnesAreNotCompared() {
    ContentProofs proofs = new ContentProofs(Compiler.inThisProcess(), Duration.ofSeconds(30));
    ProfileContent base = denying("\"mkdir\"", 0);
    int room = 64 * 1024 - base.length();
    ProfileContent most = denying("\"mkdir\"", room);
    ProfileContent large = denying("\"mkdir\"", room + 1);
    assertThat(proofs.compare(most, base)).isInstanceOf(NoWeaker.class);
    Unprovable why =
        new Unprovable("the webhook compares profiles of up to 64 KiB, and one is larger");
    assertThat(proofs.compare(large, base)).isEqualTo(why);
    assertThat(proofs.compare(base, large)).isEqualTo(why);
    assertThat(proofs.compare(large, null)).isEqualTo(why);
  }

  @Test
  void thereIsNoTimeLeftOnAThreadThatIsInterrupted() {
    ContentProofs proofs = new ContentProofs(Compiler.inThisProcess(), Duration.ofSeconds(1));
    assertThat(proofs.hasTime()).isTrue();
    Thread.currentThread().interrupt();
    assertThat(proofs.hasTime()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}

package dev.portcullis.node.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.NodeInspector.Look;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pods whose files cannot be written, beside others. No container runs: nothing is traced.
class RecordingMonitorTest {
  @TempDir private Path directory;
  private RecordingMonitor monitor;

  @BeforeEach
  void begin() {
    monitor =
        new RecordingMonitor(
            new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
            directory,
            Compiler.by(_ -> new RulesetCompiler.Undecided("nothing is compiled here")),
            _ -> {});
    monitor.begin();
  }

  @AfterEach
  void end() {
    monitor.close();
  }

  private void expect(String pod, String time) {
    var _ =
        monitor.expect(
            new RecordableContainer("shop", pod, "uid-" + pod, "none", "app", "image", time));
  }

  private void look(String... pods) {
    Set<String> uids = Set.of(pods);
    monitor.looked(new Look(List.of(), Set.of(), Set.of(), uids));
  }

  private boolean isWritten(String pod) {
    return Files.isRegularFile(directory.resolve("shop_" + pod + "_app.recording.json"));
  }

  private Path hindered(String pod) throws IOException {
    Path file = directory.resolve("shop_" + pod + "_app.recording.json");
    return Files.createFile(Files.createDirectory(file).resolve("hindrance"));
  }

  private static void remove(Path hindrance) throws IOException {
    Files.delete(hindrance);
    Files.delete(hindrance.getParent());
  }

  @Test
  void whatCannotBeWrittenOfAPodThatHasGoneIsTriedAgainAndHoldsUpNoOther() throws Exception {
    Path hindrance = hindered("first");
    expect("first", "1h");
    expect("second", "1h");
    look("uid-first", "uid-second");
    look();
    Wait.until("the second is written", () -> isWritten("second"));
    remove(hindrance);
    look();
    Wait.until("the first is written", () -> isWritten("first"));
  }

  @Test
  void whatCannotBeWrittenAtItsTimeIsTriedAgainAndHoldsUpNoOther() throws Exception {
    Path hindrance = hindered("first");
    expect("first", "1s");
    expect("second", "1s");
    Wait.until("the second is written", () -> isWritten("second"));
    remove(hindrance);
    Wait.until("the first is written", () -> isWritten("first"));
  }

  /// Names of files have at most 255 bytes, those of pods 253.
  @ParameterizedTest
  @ValueSource(ints = {227, 228, 253})
  void aPodIsRecordedIfItsNameFitsIntoThatOfAFile(int length) throws Exception {
    String pod = "p".repeat(length);
    expect(pod, "1s");
    expect("other", "1s");
    Wait.until("the other is written", () -> isWritten("other"));
    assertThat(isWritten(pod)).isEqualTo(length == 227);
  }

  @Test
  void aPodThatHasEndedAndNeverWasThereIsForgotten() throws Exception {
    expect("never", "1s");
    Path session = directory.resolve("uid-never.session");
    Wait.until("it has ended", () -> Files.exists(session));
    look();
    Wait.until("it is forgotten", () -> !Files.exists(session));
  }

  /// Its other containers end in time.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../app",
        "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
            + "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
            + "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
      })
  void aContainerThatRunsAndCannotBeNamedIsLeftOut(String name) throws Exception {
    expect("web", "1s");
    ContainerFacts odd =
        new ContainerFacts(
            "id", "shop/web", "uid-web", name, null, false, null, 0, null, List.of(), null);
    monitor.looked(new Look(List.of(odd), Set.of(), Set.of("id"), Set.of("uid-web")));
    Path session = directory.resolve("uid-web.session");
    Wait.until(
        "it has ended",
        () -> Files.exists(session) && Files.readString(session).contains("\"ended\" : true"));
    assertThat(Files.readString(session)).doesNotContain(name);
  }
}

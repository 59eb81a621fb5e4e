package dev.portcullis.node.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.NodeInspector.Look;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.recording.CallTally;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.syscall.SyscallTable;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When pods are recorded, and for how long; and pods whose files cannot be written, beside others.
/// No container runs: nothing is traced.
class RecordingMonitorTest {
  @TempDir private Path directory;
  private final List<String> proposed = new CopyOnWriteArrayList<>();
  private RecordingMonitor monitor;

  private final AtomicInteger looks = new AtomicInteger();

  @BeforeEach
  void begin() {
    begin(_ -> new RulesetCompiler.Undecided("nothing is compiled here"));
  }

  private void begin(RulesetCompiler compiler) {
    monitor =
        new RecordingMonitor(
            new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
            directory,
            Compiler.by(compiler),
            proposal -> proposed.add(proposal.container()));
    monitor.begin();
  }

  @AfterEach
  void end() {
    monitor.close();
  }

  private void expect(String pod, String time) {
    expect(pod, "app", time);
  }

  private void expect(String pod, String container, String time) {
    var _ =
        monitor.expect(
            new RecordableContainer("shop", pod, "uid-" + pod, "none", container, "image", time));
  }

  /// Each is taken: of looks that wait, the last one counts alone.
  private void look(String... pods) throws Exception {
    Set<String> uids = Set.of(pods);
    monitor.looked(new Look(List.of(), Set.of(), Set.of(), uids));
    settle();
  }

  private boolean isWritten(String pod) {
    return Files.isRegularFile(recording(pod));
  }

  private Path recording(String pod) {
    return recording(pod, "");
  }

  private Path recording(String pod, String run) {
    return directory.resolve("shop_%1$s_app_uid-%1$s%2$s.recording.json".formatted(pod, run));
  }

  /// A pod in the API server.
  private void wish(String pod, @Nullable String request) {
    monitor.wished(new PodWish("shop", pod, "uid-" + pod, request), looks::incrementAndGet);
  }

  /// Its container runs, and nobody knows its process.
  private void run(String pod) throws Exception {
    ContainerFacts app =
        new ContainerFacts(
            "id-" + pod,
            "shop/" + pod,
            "uid-" + pod,
            "app",
            null,
            false,
            null,
            0,
            null,
            List.of(),
            null);
    monitor.looked(new Look(List.of(app), Set.of(), Set.of("id-" + pod), Set.of("uid-" + pod)));
    settle();
  }

  /// All steps before were taken.
  private void settle() throws Exception {
    int before = looks.get();
    monitor.wished(new PodWish("settling", "p" + before, "uid", "1h"), looks::incrementAndGet);
    Wait.until("it is settled", () -> looks.get() > before);
  }

  private boolean says(String pod, String run, String words) throws IOException {
    Path file = recording(pod, run);
    return Files.isRegularFile(file) && Files.readString(file).contains(words);
  }

  private Path hindered(String pod) throws IOException {
    Path file = recording(pod);
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

  /// Anyone who is told writes it into the cluster, and into the log.
  @Test
  void whatIsTriedAgainIsToldOnce() throws Exception {
    Path side = directory.resolve("shop_first_side_uid-first.recording.json");
    Path hindrance = Files.createFile(Files.createDirectory(side).resolve("hindrance"));
    expect("first", "app", "1s");
    expect("first", "side", "1s");
    Wait.until("it was tried", () -> says("first", "", "its time is over"));
    assertThat(proposed).isEmpty();
    remove(hindrance);
    Wait.until("all is told", () -> proposed.size() >= 2);
    assertThat(proposed).containsExactly("app", "side");
  }

  /// What an agent left whose pod made a call.
  private void leave(String pod) throws IOException {
    RecordedPod left = RecordedPod.begin(new PodWish("shop", pod, "uid-" + pod, "1s"), "1s", null);
    RecordedPart part = left.part("app", "image", "6.1");
    CallTally calls = new CallTally(Architecture.X86_64, SyscallTable.ofThisMachine());
    calls.count(Architecture.X86_64.token(), 0, new long[6]);
    Recording seen = new Recording(List.of(part.run()), calls.calls(), List.of(), List.of());
    ProposalDirectory files = new ProposalDirectory(directory);
    files.write(
        left.stem(part) + ProposalDirectory.RECORDING,
        ContainerProposal.of(
                new ProposalDraft(seen, List.of(), List.of("no profile yet")),
                Architecture.X86_64,
                Compiler.by(_ -> new RulesetCompiler.Undecided("")))
            .recording());
    files.write(ProposalDirectory.session(left.uid()), left.text());
  }

  /// As libseccomp does on a busy machine: no trace would be read meanwhile.
  @Test
  void whileAProfileIsCompiledOthersAreRecorded() throws Exception {
    monitor.close();
    leave("first");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    begin(_ -> {
      asked.countDown();
      try {
        assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
      return new RulesetCompiler.Undecided("it took its time");
    });
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    expect("second", "1h");
    assertThat(isWritten("second")).isTrue();
    assertThat(proposed).isEmpty();
    answer.countDown();
    Wait.until("the first is written", () -> says("first", "", "it took its time"));
    assertThat(directory.resolve("shop_first_app_uid-first.json")).exists();
    Wait.until("it is told", () -> proposed.equals(List.of("app")));
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

  @Test
  void aPodThatRunsIsRecordedAsSoonAsItAsks() throws Exception {
    run("web");
    settle();
    int before = looks.get();
    wish("web", null);
    wish("web", "1s");
    Wait.until("its containers are looked for", () -> looks.get() > before);
    assertThat(recording("web")).doesNotExist();
    run("web");
    Wait.until("it is over", () -> says("web", "", "its time is over"));
    // The request stands, and was obeyed.
    run("web");
    expect("later", "3s");
    Wait.until("one that began later is over", () -> says("later", "", "its time is over"));
    assertThat(directory.toFile().list())
        .containsOnlyOnce(recording("web").getFileName().toString())
        .noneMatch(file -> file.startsWith("shop_web") && file.contains("_2."));
  }

  @Test
  void aRequestThatIsTakenAwayEndsTheRecordingAndTheSameIsANewOneThen() throws Exception {
    expect("web", "1h");
    wish("web", "1h");
    run("web");
    settle();
    wish("web", null);
    Wait.until(
        "it is over", () -> says("web", "", "its annotation portcullis.dev/record was removed"));
    run("web");
    settle();
    assertThat(recording("web", "_2")).doesNotExist();
    wish("web", "1h");
    run("web");
    wish("web", null);
    Wait.until("the second is over", () -> says("web", "_2", "was removed"));
    assertThat(recording("web")).exists();
  }

  /// As from another API server, which a watch that begins anew may ask.
  @Test
  void anOlderStateOfAPodIsNoRequest() throws Exception {
    monitor.wished(new PodWish("shop", "web", "uid-web", "1h", 7), looks::incrementAndGet);
    Wait.until("it is looked for", () -> looks.get() == 1);
    run("web");
    Wait.until("it is recorded", () -> isWritten("web"));
    monitor.wished(new PodWish("shop", "web", "uid-web", null, 6), looks::incrementAndGet);
    settle();
    assertThat(says("web", "", "was removed")).isFalse();
    monitor.wished(new PodWish("shop", "web", "uid-web", null, 8), looks::incrementAndGet);
    Wait.until("it has ended", () -> says("web", "", "was removed"));
  }

  @Test
  void anotherTimeCountsFromTheBeginning() throws Exception {
    expect("web", "1h");
    wish("web", "1h");
    run("web");
    wish("web", "1s");
    Wait.until("it is over", () -> says("web", "", "its time is over"));
    wish("web", "2h");
    run("web");
    Wait.until("another began", () -> text("uid-web.session").contains("\"run\" : 2"));
  }

  @Test
  void aTimeThatIsNoneLeavesTheRecordingAsItIs() throws Exception {
    expect("web", "2s");
    wish("web", "25h");
    wish("none", "soon");
    run("none");
    Wait.until("it is over", () -> says("web", "", "its time is over"));
    Wait.until("it is kept", () -> text("uid-web.session").contains("\"request\" : \"2s\""));
    assertThat(recording("none")).doesNotExist();
  }

  /// Anyone who may record pods of one namespace says that a pod of theirs stands for one of
  /// another.
  @Test
  void aPodThatCallsItselfAnotherIsNotThatOne() throws Exception {
    monitor.wished(new PodWish("mine", "web", "uid-web", "1h"), looks::incrementAndGet);
    monitor.wished(new PodWish("shop", "other", "uid-web", "1h"), looks::incrementAndGet);
    run("web");
    settle();
    assertThat(directory.resolve("uid-web.session")).doesNotExist();
    expect("web", "1h");
    monitor.wished(new PodWish("mine", "web", "uid-web", null), looks::incrementAndGet);
    Wait.until("it is kept", () -> !text("uid-web.session").isEmpty());
    assertThat(text("uid-web.session")).contains("\"ended\" : false");
  }

  @Test
  void theApiServersWordCountsBeforeTheKubelets() throws Exception {
    wish("old", null);
    expect("old", "1h");
    wish("web", "1h");
    expect("web", "2h");
    Wait.until("it is kept", () -> !text("uid-web.session").isEmpty());
    assertThat(text("uid-web.session")).contains("\"request\" : \"1h\"");
    assertThat(directory.resolve("uid-old.session")).doesNotExist();
    monitor.forget(new PodWish("shop", "old", "uid-old", null));
    expect("old", "1h");
    Wait.until("the kubelet's counts", () -> text("uid-old.session").contains("1h"));
  }

  @Test
  void whatWasAskedOutlivesTheAgent() throws Exception {
    expect("web", "1s");
    expect("long", "1h");
    Wait.until("it is over", () -> says("web", "", "its time is over"));
    monitor.close();
    begin();
    wish("long", null);
    Wait.until("it was taken away meanwhile", () -> says("long", "", "was removed"));
    wish("web", "1s");
    run("web");
    settle();
    assertThat(recording("web", "_2")).doesNotExist();
  }

  /// As of a StatefulSet, or of a static pod.
  @Test
  void twoPodsOfOneNameHaveFilesOfTheirOwn() throws Exception {
    for (String uid : List.of("uid-one", "uid-two")) {
      var _ =
          monitor.expect(new RecordableContainer("shop", "web", uid, "none", "app", "image", "1s"));
    }
    for (String uid : List.of("uid-one", "uid-two")) {
      Path file = directory.resolve("shop_web_app_" + uid + ".recording.json");
      Wait.until("both are written", () -> Files.isRegularFile(file));
    }
  }

  private String text(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /// Names of files have at most 255 bytes, those of pods 253.
  @ParameterizedTest
  @ValueSource(ints = {108, 109, 253})
  void aPodIsRecordedIfItsNameFitsIntoThatOfAFile(int length) throws Exception {
    String pod = "p".repeat(length);
    expect(pod, "1s");
    expect("other", "1s");
    Wait.until("the other is written", () -> isWritten("other"));
    assertThat(isWritten(pod)).isEqualTo(length == 108);
  }

  @Test
  void aPodThatHasEndedAndNeverWasThereIsForgotten() throws Exception {
    expect("never", "1s");
    Path session = directory.resolve("uid-never.session");
    Wait.until("it has ended", () -> text("uid-never.session").contains("\"ended\" : true"));
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

package dev.portcullis.e2e;

import static dev.portcullis.testing.Wait.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis node --record` beside a real containerd: what comes of pods that ask for it.
@ExtendWith(RealRuntime.class)
class NodeRecordTest {
  private static final String PROFILE = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String RECORD = "portcullis.dev/record";
  private static final int MOST = 20;

  @TempDir private Path directory;
  private NodeProcess node;
  private KubeletCalls kubelet;
  private final List<KubeletCalls.Pod> pods = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    node = new NodeProcess(directory, RealRuntime.endpoint(), "--record");
    kubelet =
        new KubeletCalls(node.socket(), false, Files.createDirectories(directory.resolve("logs")));
  }

  @AfterEach
  void end() throws Exception {
    pods.forEach(kubelet::remove);
    kubelet.close();
    node.close();
  }

  private KubeletCalls.Pod pod(String name, Map<String, String> annotations) {
    KubeletCalls.Pod made = kubelet.runPod(name, "runc", annotations);
    pods.add(made);
    return made;
  }

  private String container(KubeletCalls.Pod pod, String name, String... command) {
    String container = kubelet.create(pod, name, UnaryOperator.identity(), List.of(command));
    kubelet.start(container);
    return container;
  }

  private void remove(KubeletCalls.Pod pod) {
    pods.remove(pod);
    kubelet.remove(pod);
  }

  private Path file(String name) {
    return directory.resolve("run/recordings").resolve(name);
  }

  private String text(String name) throws IOException {
    return Files.readString(file(name));
  }

  private String log(String name) throws IOException {
    Path log = directory.resolve("logs").resolve(name + ".log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Test
  void aPodIsRecordedForItsTimeAndRunsUnderWhatIsProposed() throws Exception {
    String script = "mkdir /tmp/x && ls -d /tmp/x; ln -s a /tmp/b && echo linked; sleep 1000";
    KubeletCalls.Pod recorded = pod("web", Map.of(RECORD, "30s"));
    String app = container(recorded, "app", "sh", "-c", script.replace("ln -s a /tmp/b", "true"));
    // A program that ends at once may be gone before it is known whose it is.
    kubelet.execute(app, "sh", "-c", "sleep 1; rmdir /tmp/x; sleep 1");
    until("it is over", () -> Files.exists(file("proxied_web_app_web.json")));
    assertThat(text("proxied_web_app_web.json"))
        .contains("\"execve\"", "\"mkdir\"", "\"rmdir\"")
        .doesNotContain("\"symlink\"", "\"pivot_root\"", "\"mount\"", "\"umask\"", "\"clone3\"");
    assertThat(text("proxied_web_app_web.recording.json"))
        .contains("proxied/web", "its time is over", "because runc needs them")
        .doesNotContain("may lack", "is missing");
    until("it is said", () -> node.said().contains("proxied_web_app_web.json is proposed"));

    Files.copy(
        file("proxied_web_app_web.json"),
        Files.createDirectories(node.profileRoot()).resolve("p.json"));
    KubeletCalls.Pod confined = pod("confined", Map.of(PROFILE, "localhost/p.json"));
    container(confined, "tried", "sh", "-c", script);
    until("it ran", () -> log("tried").contains("ln:"));
    assertThat(log("tried")).contains("/tmp/x").doesNotContain("linked");
    assertThat(file("proxied_confined_tried_confined.recording.json")).doesNotExist();
  }

  @Test
  void aPodThatIsRemovedMeanwhileHasItsResultToo() throws Exception {
    KubeletCalls.Pod gone = pod("gone", Map.of(RECORD, "1h"));
    container(gone, "app", "sh", "-c", "mkdir /tmp/x; sleep 1000");
    until(
        "mkdir is seen",
        () ->
            Files.exists(file("proxied_gone_app_gone.recording.json"))
                && text("proxied_gone_app_gone.recording.json").contains("\"mkdir\""));
    assertThat(text("proxied_gone_app_gone.recording.json")).contains("there is no profile yet");
    assertThat(file("proxied_gone_app_gone.json")).doesNotExist();
    remove(gone);
    until("it is over", () -> Files.exists(file("proxied_gone_app_gone.json")));
    assertThat(text("proxied_gone_app_gone.recording.json")).contains("the pod has gone");
    assertThat(text("proxied_gone_app_gone.json")).contains("\"mkdir\"");
    until("it is forgotten", () -> !Files.exists(file("gone.session")));
  }

  @Test
  void anAgentThatIsKilledMakesAGapThatIsSaid() throws Exception {
    KubeletCalls.Pod pod = pod("gap", Map.of(RECORD, "1h"));
    String app = container(pod, "app", "sh", "-c", "mkdir /tmp/x; sleep 1000");
    until(
        "mkdir is seen",
        () ->
            Files.exists(file("proxied_gap_app_gap.recording.json"))
                && text("proxied_gap_app_gap.recording.json").contains("\"mkdir\""));
    node.kill();
    node.start();
    until(
        "it is recorded again",
        () -> {
          kubelet.execute(app, "sh", "-c", "sleep 1; rmdir /none; sleep 1");
          return text("proxied_gap_app_gap.recording.json").contains("\"rmdir\"");
        });
    remove(pod);
    until("it is over", () -> Files.exists(file("proxied_gap_app_gap.json")));
    assertThat(text("proxied_gap_app_gap.json")).contains("\"mkdir\"", "\"rmdir\"");
    assertThat(text("proxied_gap_app_gap.recording.json"))
        .contains("the agent was started again at", "are missing")
        .doesNotContain("it ran already");
    until("it is said", () -> node.said().contains("which may lack calls"));
  }

  @Test
  void asManyAsThereMayBeAndOneMore() throws Exception {
    KubeletCalls.Pod many = pod("many", Map.of(RECORD, "1h"));
    for (int i = 0; i <= MOST; i++) {
      container(many, "c" + i, "sh", "-c", "mkdir /tmp/x; sleep 1000");
    }
    Path last = file("proxied_many_c" + MOST + "_many.recording.json");
    until(
        "the last is told to have no place",
        () ->
            Files.exists(last)
                && Files.readString(last)
                    .contains("not recorded from its start, as 20 other containers"));
    remove(many);
    until(
        "they are over",
        () -> node.said().contains("c" + MOST + "\\\" of pod proxied/many was recorded"));
    for (int i = 0; i < MOST; i++) {
      assertThat(text("proxied_many_c" + i + "_many.json")).contains("\"mkdir\"");
      assertThat(text("proxied_many_c" + i + "_many.recording.json"))
          .doesNotContain("not recorded from its start", "no room", "may be missing", "is missing");
    }
    // It may have got the place of one that was removed before it.
    assertThat(Files.readString(last))
        .contains("not recorded from its start, as 20 other containers");
  }

  /// One shim makes both, so a trace of the first follows both. The second makes a million calls a
  /// second: of one that the first never makes.
  @Test
  void aContainerThatIsBusyAllTheTimeTakesNoRoomFromTheOneBesideIt() throws Exception {
    KubeletCalls.Pod pod = pod("crowd", Map.of(RECORD, "1h"));
    String app = container(pod, "app", "sh", "-c", "mkdir /tmp/x; sleep 1000");
    String busy = "dd if=/dev/zero of=/dev/null bs=1";
    String side = container(pod, "side", "sh", "-c", "sleep 3; " + busy);
    Thread.sleep(4000);
    // Into each, while it is busy.
    kubelet.execute(side, "sh", "-c", "sleep 1; timeout 2 " + busy + "; sync");
    kubelet.execute(app, "sh", "-c", "sleep 1; rmdir /tmp/x; sleep 1");
    until(
        "rmdir is seen",
        () -> text("proxied_crowd_app_crowd.recording.json").contains("\"rmdir\""));
    remove(pod);
    until("it is over", () -> Files.exists(file("proxied_crowd_app_crowd.json")));
    assertThat(text("proxied_crowd_app_crowd.recording.json"))
        .contains("\"mkdir\"", "\"rmdir\"")
        .doesNotContain("\"sync\"", "no room", "is missing")
        .doesNotContain("may lack", "may be missing");
    assertThat(text("proxied_crowd_side_crowd.recording.json"))
        .contains("\"sync\"")
        .doesNotContain("\"rmdir\"");
  }

  @Test
  void aDurationThatIsNoneIsSaidAndNothingIsRecorded() throws Exception {
    container(pod("zero", Map.of(RECORD, "0s")), "app", "sleep", "1000");
    container(pod("long", Map.of(RECORD, "25h")), "app", "sleep", "1000");
    container(pod("word", Map.of(RECORD, "true")), "app", "sleep", "1000");
    assertThat(node.said())
        .contains(
            "pod proxied/zero is not recorded: its annotation portcullis.dev/record: \\\"0s\\\" is"
                + " a duration of zero; write for example 10m",
            "\\\"25h\\\" is longer than 24h",
            "\\\"true\\\" is not a duration in whole hours, minutes and seconds");
    assertThat(directory.resolve("run/recordings")).doesNotExist();
  }
}

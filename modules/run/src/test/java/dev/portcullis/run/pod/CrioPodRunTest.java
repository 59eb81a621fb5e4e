package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.TestingRuntime;
import dev.portcullis.run.crio.CrioShape;
import dev.portcullis.run.pod.PodOutcome.ContainerOutcome;
import dev.portcullis.run.pod.PodOutcome.Phase;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Pods on a runtime that makes a container's process in CreateContainer.
@EnabledIf(value = "possible", disabledReason = "needs root and python3 on Linux, x86_64")
@Timeout(180)
class CrioPodRunTest {
  @TempDir private Path directory;
  private RunDirectory files;
  private final List<String> notes = new ArrayList<>();
  private @Nullable PodOutcome running;

  static boolean possible() {
    return "root".equals(System.getProperty("user.name"))
        && "amd64".equals(System.getProperty("os.arch"))
        && Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(it -> Files.isExecutable(Path.of(it, "python3")));
  }

  @BeforeEach
  void makeFiles() throws Exception {
    files = RunDirectory.create(directory.resolve("run"));
  }

  @AfterEach
  void removeFiles() throws Exception {
    files.remove();
  }

  private final class Noted implements PodEvents {
    @Override
    public void note(PodPlan pod, String text) {
      notes.add(text);
    }

    @Override
    public void line(PodPlan pod, ContainerPlan container, String line) {}

    @Override
    public void running(PodOutcome soFar, String address) {
      running = soFar;
      endContainer();
    }
  }

  /// A command that goes on until [#endContainer].
  private String untilEnded() {
    return "command: [sh, -c, 'until [ -e " + end() + " ]; do sleep 0.02; done']";
  }

  private Path end() {
    return directory.resolve("end");
  }

  private void endContainer() {
    try {
      Files.write(end(), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PodPlan plan(String annotations, String container) {
    String image = container.contains("image:") ? "" : "image: " + CrioShape.IMAGE + "\n";
    return Plans.plan(
        Plans.read(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {"
                + annotations
                + "}}\nspec:\n  containers:\n  - name: c\n"
                + (image + container).indent(4)));
  }

  private PodOutcome run(CrioShape shape, String container) throws Exception {
    return run(shape, plan("", container), null);
  }

  private PodOutcome proving(CrioShape shape, String annotations) throws Exception {
    return run(
        shape, plan(annotations, untilEnded()), Prover.by(Compiler.inThisProcess(), Bounds.USUAL));
  }

  private PodOutcome run(CrioShape shape, PodPlan plan, @Nullable Prover prover) throws Exception {
    Map<String, PreparedProfile> profiles = new LinkedHashMap<>();
    for (ContainerPlan each : plan.all()) {
      profiles.put(each.name(), PreparedProfile.withoutFile(new SeccompSetting.RuntimeDefault()));
    }
    try (TestingRuntime runtime = shape.at(directory.resolve("crio.sock")).start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      PodOutcome outcome =
          new PodRun(
                  cri,
                  plan,
                  profiles,
                  files,
                  new PodRun.Settings("1", "", "", null, false, prover),
                  new Noted())
              .run();
      assertThat(outcome.left()).isEmpty();
      assertThat(shape.pids()).isEmpty();
      return outcome;
    }
  }

  @Test
  void aShortContainerIsSeen() throws Exception {
    try (CrioShape shape = CrioShape.usual()) {
      PodOutcome outcome = run(shape, "command: ['true']");
      assertThat(outcome.failure()).isNull();
      ContainerOutcome container = outcome.containers().getFirst();
      assertThat(container.exitCode()).isZero();
      assertThat(container.kernel()).isNotNull();
      assertThat(notes).isEmpty();
    }
  }

  @Test
  void whatTheRuntimeSaysItGaveIsProven() throws Exception {
    try (CrioShape shape = CrioShape.usual()) {
      PodOutcome outcome = proving(shape, "");
      assertThat(outcome.failure()).isNull();
      assertThat(outcome.containers().getFirst().proof()).isInstanceOf(Proof.Proven.class);
    }
  }

  @Test
  void anotherLibseccompOfTheRuntimeStopsNothing() throws Exception {
    try (CrioShape shape = CrioShape.usual().withOtherLibseccomp()) {
      PodOutcome outcome = proving(shape, "");
      assertThat(outcome.failure()).isNull();
      ContainerOutcome container = outcome.containers().getFirst();
      assertThat(container.proof()).isInstanceOf(Proof.Equal.class);
      assertThat(container.phase()).isEqualTo(Phase.ENDED);
      assertThat(container.exitCode()).isZero();
      assertThat(notes)
          .anyMatch(note ->
              note.startsWith("container \"c\" has not exactly the filter of ")
                  && note.contains("mkdir(0, 0, 0, 0, 0, 0) on x86_64: the kernel has ENOSYS"));
    }
  }

  /// What the runtime says it gave is not its default, then.
  @Test
  void aDefaultThatTheNotifierChangesIsNotProven() throws Exception {
    try (CrioShape shape = CrioShape.usual()) {
      PodOutcome outcome = proving(shape, "seccomp-notifier-action.crio.io: stop");
      assertThat(outcome.failure())
          .contains("seccomp notifier has changed its default profile", "/var/run/crio/seccomp/");
      assertThat(outcome.containers().getFirst().phase()).isEqualTo(Phase.UNPROVEN);
    }
  }

  /// What takes longest is to have libseccomp make the filter that is expected.
  @Test
  void aContainerIsProvenThatEndsBeforeItsFilterWasMade() throws Exception {
    RulesetCompiler libseccomp = LibseccompCalls.ofThisMachine().orElseThrow();
    try (CrioShape shape = CrioShape.usual()) {
      RulesetCompiler afterItsEnd =
          ruleset -> {
            endContainer();
            awaitNoProcess(shape);
            return libseccomp.compile(ruleset);
          };
      PodOutcome outcome =
          run(shape, plan("", untilEnded()), Prover.by(Compiler.by(afterItsEnd), Bounds.USUAL));
      assertThat(outcome.failure()).isNull();
      assertThat(outcome.containers().getFirst().proof()).isInstanceOf(Proof.Proven.class);
      assertThat(notes).isEmpty();
    }
  }

  private static void awaitNoProcess(CrioShape shape) {
    try {
      Wait.until("the container has ended", () -> shape.pids().isEmpty());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Until its program was seen a container is waited for, and no longer.
  @Test
  void whatIsKnownIsNotWaitedFor() throws Exception {
    try (CrioShape shape = CrioShape.usual()) {
      PodOutcome outcome = run(shape, untilEnded());
      assertThat(outcome.failure()).isNull();
      assertThat(running).isNotNull();
      assertThat(running.containers().getFirst().phase()).isEqualTo(Phase.RUNNING);
      assertThat(running.containers().getFirst().kernel()).isNotNull();
    }
  }

  @Test
  void aSignaturePolicyIsToldTheImageAsTheUserHasIt() throws Exception {
    try (CrioShape shape = CrioShape.withSignaturePolicy()) {
      assertThat(run(shape, "command: ['true']").failure()).isNull();
    }
  }

  @Test
  void howAnImageGetsThere() throws Exception {
    try (CrioShape shape = CrioShape.usual()) {
      assertThat(run(shape, "image: localhost/mine:1").failure())
          .contains("localhost/mine:1 cannot be pulled; load it from a file with --load-image: ")
          .contains("connection refused");
      assertThat(run(shape, "image: localhost/mine:1\nimagePullPolicy: Never").failure())
          .contains("Never; load it from a file with --load-image")
          .doesNotContain("image save");
    }
    assertThat(MissingImage.remedy(CrioShape.IMAGE, "cri-o"))
        .isEqualTo(
            "load it from a file with --load-image: portcullis image save --output-file busybox.tar writes"
                + " this one");
    assertThat(MissingImage.remedy(CrioShape.IMAGE, "other"))
        .startsWith("load it with the tools of the runtime, which is other: portcullis image save");
  }
}

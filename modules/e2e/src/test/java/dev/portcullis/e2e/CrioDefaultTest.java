package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.crio.RealCrio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runtime.v1.Api;
import runtime.v1.Api.SecurityProfile.ProfileType;

/// CRI-O's default profile, which is in no file: it is asked for what it gave to a container.
class CrioDefaultTest {
  @RegisterExtension static final RealCrio CRIO = RealCrio.plain();

  @TempDir private Path directory;
  private KubeletCalls direct;
  private final List<KubeletCalls.Pod> pods = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    direct =
        new KubeletCalls(
            Path.of(CRIO.get().endpoint().substring("unix://".length())),
            false,
            Files.createDirectories(directory.resolve("logs")),
            CRIO.get().cgroupParent());
  }

  @AfterEach
  void remove() {
    pods.forEach(direct::remove);
    direct.close();
  }

  /// A container under the default.
  ///
  /// @return its first process, `pid:N`
  private String start(String name, String handler, Map<String, String> annotations)
      throws Exception {
    KubeletCalls.Pod pod = direct.runPod(name, handler, annotations);
    pods.add(pod);
    String container =
        direct.create(
            pod,
            "one",
            asked ->
                asked.setSeccomp(
                    Api.SecurityProfile.newBuilder().setProfileType(ProfileType.RuntimeDefault)));
    direct.start(container);
    return "pid:" + Objects.requireNonNull(CRIO.get().cri().containerStatus(container).pid());
  }

  private static Result ask(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--runtime-endpoint=" + CRIO.get().endpoint());
    return Portcullis.run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void isWhatAProcessRuns(String handler) throws Exception {
    RealCrio.requireHandler(handler);
    String pid = start("usual", handler, Map.of());
    Result shown = ask("profile", "show", "runtime/default");
    assertThat(shown.code()).as(shown.err()).isZero();
    Result compared = ask("profile", "compare", pid, "runtime/default");
    assertThat(compared.code()).as(compared.out() + compared.err()).isZero();
    assertThat(compared.out()).contains("is EQUAL to runtime/default");
    Result verified = ask("verify", pid, "--profile", "runtime/default");
    assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains(pid + " runs the filter of runtime/default");
    Path derived = directory.resolve("derived.json");
    Result made = ask("profile", "derive", "--from=runtime/default", "--output-file=" + derived);
    assertThat(made.code()).as(made.out() + made.err()).isZero();
    assertThat(ask("verify", pid, "--profile", derived.toString()).code()).isZero();
  }

  /// crio.conf(5), `seccomp_profile` of a handler.
  @Test
  void ofEachHandlerIsItsOwn() throws Exception {
    String usual = start("usual", RealCrio.RUNC, Map.of());
    String other = start("other", RealCrio.OTHER_DEFAULT, Map.of());
    Result which = ask("verify", usual, "--profile", "runtime/default");
    assertThat(which.code()).as(which.out()).isEqualTo(3);
    assertThat(which.err()).contains(RealCrio.RUNC, RealCrio.OTHER_DEFAULT);
    for (String[] pair : new String[][] {{usual, RealCrio.RUNC}, {other, RealCrio.OTHER_DEFAULT}}) {
      Result right =
          ask("verify", pair[0], "--profile=runtime/default", "--runtime-handler=" + pair[1]);
      assertThat(right.code()).as(right.out() + right.err()).isZero();
    }
    assertThat(
            ask("verify", usual, "--profile=runtime/default", "--runtime-handler=other-default")
                .code())
        .isEqualTo(1);
  }

  /// CRI-O makes questions to itself of what a profile denies, for a pod that asks for it.
  @Test
  void isNotThatOfAContainerWithANotifier() throws Exception {
    String _ =
        start(
            "notified",
            RealCrio.ANNOTATED,
            Map.of("io.kubernetes.cri-o.seccompNotifierAction", "log"));
    Result none = ask("profile", "show", "runtime/default");
    assertThat(none.code()).as(none.out()).isEqualTo(3);
    String _ = start("usual", RealCrio.RUNC, Map.of());
    Result shown = ask("profile", "show", "runtime/default");
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out()).doesNotContain("NOTIFY");
  }
}

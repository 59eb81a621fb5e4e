package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.e2e.crio.RealCrio;
import io.grpc.StatusRuntimeException;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runtime.v1.Api;
import runtime.v1.Api.SecurityProfile.ProfileType;

/// `portcullis node` between the calls of a kubelet and a real CRI-O: each container runs under
/// what was decided for it, and the kernel runs the filter of that.
class CrioNodeTest {
  @RegisterExtension static final RealCrio CRIO = RealCrio.plain();

  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String FILTER = "Seccomp: 2 (1 filter)";

  @TempDir private Path directory;
  private NodeProcess node;
  private KubeletCalls kubelet;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    node = new NodeProcess(directory, CRIO.get().endpoint());
    kubelet = calls(node.socket());
    profile("deny.json", "mkdir");
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    node.close();
  }

  private KubeletCalls calls(Path socket) throws IOException {
    KubeletCalls calls =
        new KubeletCalls(
            socket,
            false,
            Files.createDirectories(directory.resolve("logs")),
            CRIO.get().cgroupParent());
    open.add(calls);
    return calls;
  }

  private KubeletCalls.Pod pod(String name, String handler, Map<String, String> annotations) {
    return removed(kubelet.runPod(name, handler, annotations));
  }

  private KubeletCalls.Pod removed(KubeletCalls.Pod pod) {
    KubeletCalls caller = kubelet;
    open.add(() -> caller.remove(pod));
    return pod;
  }

  private void profile(String name, String call) throws IOException {
    Files.writeString(
        node.profileRoot().resolve(name),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["%s"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """
            .formatted(call));
  }

  private void start(
      KubeletCalls.Pod pod,
      String container,
      UnaryOperator<Api.LinuxContainerSecurityContext.Builder> asked) {
    kubelet.start(kubelet.create(pod, container, asked));
  }

  private void start(KubeletCalls.Pod pod, String container) {
    start(pod, container, asked -> asked);
  }

  private static UnaryOperator<Api.LinuxContainerSecurityContext.Builder> field(
      Api.SecurityProfile.Builder profile) {
    return asked -> asked.setSeccomp(profile);
  }

  private static Api.SecurityProfile.Builder type(ProfileType type) {
    return Api.SecurityProfile.newBuilder().setProfileType(type);
  }

  private String line(String pod, String container) {
    return Portcullis.statusLine(
        pod,
        container,
        "--prove",
        "--run-dir=" + node.socket().getParent(),
        "--runtime-endpoint=" + CRIO.get().endpoint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void annotationsCountWhereNoFieldNamesAProfile(String handler) throws Exception {
    RealCrio.requireHandler(handler);
    profile("other.json", "rmdir");
    String name = "annotated-" + handler;
    KubeletCalls.Pod named =
        pod(
            name,
            handler,
            Map.of(
                POD,
                "localhost/deny.json",
                KEY + "other",
                "localhost/other.json",
                KEY + "usual",
                "runtime/default",
                KEY + "free",
                "unconfined"));
    for (String container : List.of("pods", "other", "usual", "free")) {
      start(named, container);
    }
    start(pod("silent-" + handler, handler, Map.of()), "one");
    assertThat(line(name, "pods"))
        .contains("localhost/deny.json pod-annotation")
        .endsWith(FILTER + " proven");
    assertThat(line(name, "other"))
        .contains("localhost/other.json container-annotation")
        .endsWith(FILTER + " proven");
    assertThat(line(name, "usual"))
        .contains("runtime/default container-annotation")
        .endsWith(FILTER + " proven");
    assertThat(line(name, "free"))
        .endsWith("unconfined container-annotation - Seccomp: 0 (no filter) unconfined");
    assertThat(line("silent-" + handler, "one"))
        .contains("runtime/default node-default")
        .endsWith(FILTER + " proven");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  @SuppressWarnings("deprecation") // what old kubelets send
  void aFieldIsStrongerThanAnAnnotation(String handler) throws Exception {
    RealCrio.requireHandler(handler);
    String name = "field-" + handler;
    String file = node.profileRoot().resolve("deny.json").toString();
    KubeletCalls.Pod pod = pod(name, handler, Map.of(POD, "unconfined"));
    start(pod, "usual", field(type(ProfileType.RuntimeDefault)));
    start(pod, "named", field(type(ProfileType.Localhost).setLocalhostRef(file)));
    start(pod, "text", asked -> asked.setSeccompProfilePath("localhost/" + file));
    start(pod, "free", asked -> asked.setSeccompProfilePath("unconfined"));
    assertThat(line(name, "usual")).contains("runtime/default kubelet").endsWith(" proven");
    assertThat(line(name, "named"))
        .contains("localhost/deny.json kubelet")
        .endsWith(FILTER + " proven");
    assertThat(line(name, "text"))
        .contains("localhost/deny.json kubelet")
        .endsWith(FILTER + " proven");
    assertThat(line(name, "free")).endsWith("Seccomp: 0 (no filter) unconfined");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aPrivilegedContainerHasNoFilter(String handler) {
    RealCrio.requireHandler(handler);
    KubeletCalls.Pod pod =
        removed(
            kubelet.runPod("big-" + handler, handler, Map.of(POD, "localhost/deny.json"), true));
    start(pod, "one", asked -> asked.setPrivileged(true));
    assertThat(line("big-" + handler, "one"))
        .endsWith("unconfined privileged - Seccomp: 0 (no filter) unconfined");
  }

  /// Conditions are decided for the capabilities that CRI-O gives, of which SYS_CHROOT is none
  /// unless somebody asks for it (crio.conf(5), `default_capabilities`).
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aProfileInDockersFormatIsConvertedForWhatCrioGives(String handler) throws Exception {
    RealCrio.requireHandler(handler);
    Files.writeString(
        node.profileRoot().resolve("docker.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                      "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}],
         "syscalls": [
           {"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
           {"names": ["chroot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
            "excludes": {"caps": ["CAP_SYS_CHROOT"]}}]}
        """);
    String name = "docker-" + handler;
    KubeletCalls.Pod pod = pod(name, handler, Map.of(POD, "localhost/docker.json"));
    start(pod, "usual");
    String more =
        kubelet.create(
            pod,
            "more",
            asked ->
                asked.setCapabilities(
                    Api.Capability.newBuilder().addAddCapabilities("SYS_CHROOT")));
    kubelet.start(more);
    assertThat(kubelet.spec(more)).contains("\"mkdir\"").doesNotContain("\"chroot\"");
    assertThat(kubelet.spec(kubelet.create(pod, "again", asked -> asked))).contains("\"chroot\"");
    assertThat(line(name, "usual")).contains("localhost/docker.json").endsWith(" proven");
    assertThat(line(name, "more")).contains("localhost/docker.json").endsWith(" proven");
  }

  /// A handler of CRI-O may take another filter than was asked for, where a pod says so by an
  /// annotation. With it the node's default would be made weaker, or be another than what is
  /// proven.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "seccomp-profile.kubernetes.cri-o.io/POD",
        "seccomp-profile.crio.io/one",
        "io.kubernetes.cri-o.seccompNotifierAction",
        "seccomp-notifier-action.crio.io",
      })
  void whoTakesAFilterByAnAnnotationOfCrioIsRefused(String annotation) {
    Map<String, String> annotations =
        Map.of(annotation, annotation.contains("rofile") ? "127.0.0.1:9/profile:1" : "stop");
    KubeletCalls.Pod pod = pod("own", RealCrio.ANNOTATED, annotations);
    assertThatThrownBy(() -> kubelet.create(pod, "one"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("pod proxied/own, container \"one\"")
        .hasMessageContaining(annotation);
  }

  @Test
  void aMissingProfileIsSaidAndHeals() throws Exception {
    KubeletCalls.Pod pod = pod("healing", "", Map.of(KEY + "one", "localhost/late.json"));
    assertThatThrownBy(() -> kubelet.create(pod, "one"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith(
            "FAILED_PRECONDITION: portcullis: pod proxied/healing, container \"one\": annotation "
                + KEY
                + "one names localhost/late.json: "
                + node.profileRoot()
                + "/late.json: does not exist");
    Files.writeString(node.profileRoot().resolve("late.json"), "{}");
    assertThatThrownBy(() -> kubelet.create(pod, "one")).hasMessageContaining("defaultAction");
    profile("late.json", "mkdir");
    start(pod, "one");
    assertThat(line("healing", "one")).endsWith(FILTER + " proven");
  }

  @Test
  void aRuntimeThatDropsProfilesIsAnAlarm() {
    start(pod("naked", RealCrio.NO_FILTER, Map.of()), "one");
    assertThat(line("naked", "one")).endsWith("Seccomp: 0 (no filter) alarm");
  }

  @Test
  void withoutThePortcullisTheSameCallsRunUnfiltered() throws Exception {
    kubelet = calls(Path.of(CRIO.get().endpoint().substring("unix://".length())));
    start(pod("control", "", Map.of(POD, "localhost/deny.json")), "one");
    assertThat(line("control", "one")).endsWith("- - - Seccomp: 0 (no filter) foreign");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void ourOwnClientRunsTheExamplesThroughIt(String handler) throws Exception {
    RealCrio.requireHandler(handler);
    try (NodeProcess behind =
        new NodeProcess(
            Files.createDirectory(directory.resolve("behind")),
            CRIO.get().endpoint(),
            "--seccomp-profile-root=" + RealRuntime.example("profiles"))) {
      Examples.assertRight(
          Examples.run(behind.endpoint(), "--prove", "--runtime-handler=" + handler));
    }
  }
}

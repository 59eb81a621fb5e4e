package dev.portcullis.node.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.Interceptor.Pass;
import dev.portcullis.cri.Interceptor.Reason;
import dev.portcullis.cri.Interceptor.Refuse;
import dev.portcullis.cri.Interceptor.Verdict;
import dev.portcullis.cri.RuntimeImages;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import runtime.v1.Api;

@SuppressWarnings("deprecation") // the old string is a part of what is tested
class ProfileGateTest {
  private static final String CREATE = "runtime.v1.RuntimeService/CreateContainer";
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/app";
  private static final String GOOD =
      "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\"], \"action\":"
          + " \"SCMP_ACT_ERRNO\"}]}";

  /// What a runtime gets of it.
  private static final String GIVEN =
      GOOD.substring(0, GOOD.length() - 2)
          + ",{\"names\":[\"portcullis_"
          + sha256(GOOD)
          + "\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

  @TempDir Path temporary;
  private final List<String> told = new ArrayList<>();
  private RulesetCompiler compiling = LibseccompCalls.ofThisMachine().orElseThrow();
  private ImageAnnotations images = _ -> Map.of();
  private Path root;
  private Snapshots snapshots;
  private ProfileGate gate;

  /// What the runtime says; a test says otherwise.
  private Set<String> ofRuntime = Set.of("CAP_CHOWN", "CAP_SYS_CHROOT");

  private final DefaultCapabilities defaults =
      new DefaultCapabilities() {
        @Override
        public RuntimeCapabilities ofHandler(String handler) {
          throw new AssertionError("a container has a sandbox");
        }

        @Override
        public RuntimeCapabilities ofSandbox(String sandboxId) throws IOException {
          told.add("asked of " + sandboxId);
          if (ofRuntime.isEmpty()) {
            throw new IOException("the runtime is away");
          }
          return new RuntimeCapabilities(ofRuntime, CapabilityPrefix.ALWAYS);
        }
      };

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(temporary.toRealPath().resolve("seccomp"));
    snapshots = new Snapshots(temporary.resolve("snapshots"));
    gate =
        new ProfileGate(
            new ProfileRoot(root),
            new AllowedListeners(Set.of("/run/agent.sock")),
            ProfileName.RUNTIME_DEFAULT,
            new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
            defaults,
            snapshots,
            new RecordStore(temporary.resolve("records")),
            request -> images.of(request),
            Compiler.by(ruleset -> compiling.compile(ruleset)),
            new GateListener() {
              @Override
              public void admitted(Subject subject, ContainerRecord record, @Nullable String note) {
                told.add(subject.pod() + " " + subject.container() + " " + record.profile());
              }

              @Override
              public void refused(Subject subject, String message) {
                told.add("refused " + subject.pod());
              }

              @Override
              public void warned(Subject subject, String words) {
                told.add("warned " + words);
              }

              @Override
              public void withheld(String pod, List<String> keys) {
                told.add("withheld " + pod + " " + keys);
              }

              @Override
              public Consumer<String> recordable(RecordableContainer container) {
                told.add("recordable " + container);
                return id -> told.add("recorded " + id);
              }

              @Override
              public void removed() {
                told.add("removed");
              }
            });
  }

  private static Api.CreateContainerRequest.Builder request(Map<String, String> annotations) {
    return Api.CreateContainerRequest.newBuilder()
        .setConfig(
            Api.ContainerConfig.newBuilder()
                .setMetadata(Api.ContainerMetadata.newBuilder().setName("app"))
                .setLinux(
                    Api.LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                            Api.LinuxContainerSecurityContext.newBuilder()
                                .setSeccomp(
                                    Api.SecurityProfile.newBuilder()
                                        .setProfileType(
                                            Api.SecurityProfile.ProfileType.Unconfined)))))
        .setSandboxConfig(
            Api.PodSandboxConfig.newBuilder()
                .setMetadata(
                    Api.PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop"))
                .putAllAnnotations(annotations));
  }

  private Verdict judge(Api.CreateContainerRequest.Builder request) {
    return gate.judge(CREATE, request.build().toByteArray());
  }

  private static Api.ContainerConfig config(Verdict verdict) throws IOException {
    return Api.CreateContainerRequest.parseFrom(((Pass) verdict).request()).getConfig();
  }

  private static Api.LinuxContainerSecurityContext security(Verdict verdict) throws IOException {
    return config(verdict).getLinux().getSecurityContext();
  }

  private static final String CHROOT =
      """
      {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
       {"names": ["read", "execve", "exit_group"], "action": "SCMP_ACT_ALLOW"},
       {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_CHROOT"]}},
       {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "excludes": {"caps": ["CAP_CHOWN"]}}]}
      """;

  private String snapshotOfChroot(Api.Capability.Builder capabilities) throws IOException {
    var request = request(Map.of(KEY, "localhost/p.json")).setPodSandboxId("s1");
    request
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setCapabilities(capabilities);
    return Files.readString(Path.of(security(judge(request)).getSeccomp().getLocalhostRef()));
  }

  /// What a runtime gives by itself is its own affair: containerd gives CAP_SYS_CHROOT, CRI-O does
  /// not.
  @Test
  void dockersConditionsAreDecidedByWhatTheRuntimeGives() throws IOException {
    Files.writeString(root.resolve("p.json"), CHROOT);
    assertThat(snapshotOfChroot(Api.Capability.newBuilder()))
        .contains("chroot")
        .doesNotContain("clone");
    assertThat(told).contains("asked of s1");
    ofRuntime = Set.of("CAP_KILL");
    assertThat(snapshotOfChroot(Api.Capability.newBuilder()))
        .doesNotContain("chroot")
        .contains("clone");
    assertThat(snapshotOfChroot(Api.Capability.newBuilder().addAddCapabilities("SYS_CHROOT")))
        .contains("chroot");
    // Of which containerd makes CAP_CAP_SYS_CHROOT, which is nothing.
    assertThat(snapshotOfChroot(Api.Capability.newBuilder().addAddCapabilities("CAP_SYS_CHROOT")))
        .doesNotContain("chroot");
    ofRuntime = Set.of("CAP_CHOWN", "CAP_SYS_CHROOT");
    assertThat(snapshotOfChroot(Api.Capability.newBuilder().addDropCapabilities("ALL")))
        .doesNotContain("chroot")
        .contains("clone");
  }

  @Test
  void whereTheRuntimeCannotSayWhatItGivesNothingIsAssumed() throws IOException {
    Files.writeString(root.resolve("p.json"), CHROOT);
    ofRuntime = Set.of();
    Verdict verdict = judge(request(Map.of(KEY, "localhost/p.json")));
    assertThat(((Refuse) verdict).message())
        .contains(
            "localhost/p.json, which depends on the container's capabilities, and the runtime is"
                + " away");
    // A profile without conditions does not depend on it.
    Files.writeString(root.resolve("p.json"), GOOD);
    told.clear();
    assertThat(judge(request(Map.of(KEY, "localhost/p.json")))).isInstanceOf(Pass.class);
    assertThat(told).noneMatch(line -> line.startsWith("asked"));
  }

  private static final String LISTENING =
      GOOD.replace("{\"default", "{\"listenerPath\": \"SOCKET\", \"default")
          .replace("ERRNO", "NOTIFY");

  @Test
  void aListenerThatNobodyAllowedIsRefused() throws IOException {
    for (String path : List.of("/run/other.sock", "/run/../run/agent.sock", "agent.sock")) {
      Files.writeString(root.resolve("p.json"), LISTENING.replace("SOCKET", path));
      Refuse refused = (Refuse) judge(request(Map.of(KEY, "localhost/p.json")));
      assertThat(refused.reason()).isEqualTo(Reason.FAILED_PRECONDITION);
      assertThat(refused.message())
          .contains("names localhost/p.json: its listenerPath", path, "--allow-listener");
    }
    Files.writeString(root.resolve("p.json"), LISTENING.replace("SOCKET", "/run/agent.sock"));
    assertThat(judge(request(Map.of(KEY, "localhost/p.json")))).isInstanceOf(Pass.class);
  }

  /// A runtime that restores a container takes the annotations of the checkpoint image for its own.
  @Test
  void whatWasDecidedIsKeptByTheIdThatTheRuntimeGave() throws IOException {
    Pass pass = (Pass) judge(request(Map.of(KEY, "runtime/default")));
    String id = "4f1a".repeat(16);
    RecordStore records = new RecordStore(temporary.resolve("records"));
    assertThat(records.of(id)).isNull();
    answer(pass, id);
    ContainerRecord record = records.of(id);
    assertThat(record).isNotNull();
    assertThat(record).isEqualTo(ContainerRecord.read(config(pass).getAnnotationsMap()));
    assertThat(record.profile()).isEqualTo("runtime/default");
    assertThat(records.ids()).containsExactly(id);
    records.forget(records.ids(), Set.of(id));
    assertThat(records.of(id)).isNotNull();
    records.forget(records.ids(), Set.of());
    assertThat(records.of(id)).isNull();
    for (String bad : List.of("", "../x", ".x", "a/b", "x".repeat(200))) {
      answer(pass, bad);
      assertThat(told.getLast())
          .startsWith("warned only the runtime keeps the record of this decision");
    }
    assertThat(temporary.resolve("x.json")).doesNotExist();
    // Where it cannot be written it is said, and nothing is left that nobody would remove.
    Files.createDirectories(temporary.resolve("records/" + id + ".json/full"));
    answer(pass, id);
    assertThat(told.getLast())
        .startsWith("warned only the runtime keeps the record of this decision");
    assertThat(temporary.resolve("records").toFile().list()).containsExactly(id + ".json");
  }

  private static void answer(Pass pass, String id) {
    pass.answered()
        .accept(Api.CreateContainerResponse.newBuilder().setContainerId(id).build().toByteArray());
  }

  /// Without no_new_privs a runtime loads the filter first, and believes what it answers.
  @Test
  void aProfileThatWouldDeceiveTheRuntimeIsRefused() throws IOException {
    Path file = root.resolve("p.json");
    Files.writeString(
        file,
        GOOD.replace("\"mkdir\"", "\"capset\", \"setuid\"")
            .replace("ERRNO\"", "ERRNO\", \"errnoRet\": 0"));
    Refuse refused = (Refuse) judge(request(Map.of(KEY, "localhost/p.json")));
    assertThat(refused.reason()).isEqualTo(Reason.FAILED_PRECONDITION);
    assertThat(refused.message())
        .contains("it answers capset, setuid with errno 0", "allowPrivilegeEscalation: false");
    Api.CreateContainerRequest.Builder last = request(Map.of(KEY, "localhost/p.json"));
    last.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().setNoNewPrivs(true);
    assertThat(judge(last)).isInstanceOf(Pass.class);
    assertThat(told.getLast()).startsWith("warned ").contains("[fakes-success]");
    // What gives no rights up deceives nobody of them.
    Files.writeString(file, GOOD.replace("ERRNO\"", "ERRNO\", \"errnoRet\": 0"));
    assertThat(judge(request(Map.of(KEY, "localhost/p.json")))).isInstanceOf(Pass.class);
  }

  @Test
  void annotationsThatRuntimesObeyAreRefused() throws IOException {
    String bpf = "run.oci.seccomp_bpf_data";
    Refuse refused = (Refuse) judge(request(Map.of(bpf, "AAAA")));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
    assertThat(refused.message()).contains("annotation " + bpf + ": with it crun takes the filter");
    assertThat(judge(request(Map.of(KEY, "localhost/p.json", bpf, "AAAA"))))
        .isInstanceOf(Refuse.class);
    // The container's own.
    Api.CreateContainerRequest.Builder own = request(Map.of());
    own.getConfigBuilder().putAnnotations("run.oci.handler", "krun");
    assertThat(judge(own)).isInstanceOf(Refuse.class);
    // One that has no filter may have any, as long as it gets no rights by it.
    assertThat(judge(request(Map.of(KEY, "unconfined", "run.oci.handler", "krun"))))
        .isInstanceOf(Pass.class);
    assertThat(judge(request(Map.of("run.oci.delete_cgroup", "x")))).isInstanceOf(Pass.class);
  }

  /// Two rules for one call, each about two arguments: what libseccomp may not end on.
  private static final String HARD =
      """
      {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [
          {"index": 0, "value": 1, "op": "SCMP_CMP_NE"}, {"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}]},
        {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [
          {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 2, "op": "SCMP_CMP_NE"}]}]}
      """;

  /// The runtime would call the same library, and never start the container.
  @Test
  void aProfileThatIsNotCompiledInItsTimeIsRefused() throws IOException {
    List<String> asked = new ArrayList<>();
    compiling =
        _ -> {
          asked.add("compile");
          return new RulesetCompiler.Undecided("libseccomp did not finish in 5 s");
        };
    Files.writeString(root.resolve("p.json"), HARD);
    Refuse refused = (Refuse) judge(request(Map.of(KEY, "localhost/p.json")));
    assertThat(refused.reason()).isEqualTo(Reason.FAILED_PRECONDITION);
    assertThat(refused.message())
        .contains(
            "annotation " + KEY + " names localhost/p.json: " + root + "/p.json: ",
            "libseccomp did not finish in 5 s",
            "might never start the container");
    assertThat(told).containsExactly("refused shop/web");
    assertThat(asked).isNotEmpty();
    // One of little effort is not compiled here, and nobody waits.
    asked.clear();
    Files.writeString(root.resolve("p.json"), GOOD);
    assertThat(judge(request(Map.of(KEY, "localhost/p.json")))).isInstanceOf(Pass.class);
    assertThat(asked).isEmpty();
  }

  /// A profile that a pod was admitted for by proof, and that takes for ever when it is proven
  /// anew.
  @Test
  void aProofThatDoesNotEndIsNone() throws IOException {
    Files.writeString(root.resolve("p.json"), GOOD);
    Files.writeString(root.resolve("base.json"), GOOD);
    ProofRecord record =
        new ProofRecord(
            Map.of(
                new ProfileKey("p.json"),
                new StrictnessEvidence(
                    new ProfileName.Localhost("base.json"), "0".repeat(64), null)));
    Api.CreateContainerRequest.Builder request =
        request(Map.of(KEY, "localhost/p.json", PodRecord.PROVEN, record.text()));
    request.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().setNoNewPrivs(true);
    assertThat(judge(request)).isInstanceOf(Pass.class);
    compiling = _ -> new RulesetCompiler.Undecided("libseccomp did not finish in 5 s");
    assertThat(((Refuse) judge(request)).message())
        .contains("this is not proven now", "libseccomp did not finish in 5 s");
  }

  private static final String CHECKPOINT = "io.kubernetes.cri-o.annotations.checkpoint.name";

  /// What is restored has the filters of the checkpoint, whatever profile was decided.
  @ParameterizedTest
  @ValueSource(strings = {CHECKPOINT, "org.criu.checkpoint.container.name"})
  void noContainerIsMadeOfACheckpoint(String key) throws IOException {
    List<String> asked = new ArrayList<>();
    images =
        request -> {
          asked.add(request.image());
          return Map.of("org.opencontainers.image.title", "web", key, "app");
        };
    for (String profile : List.of("runtime/default", "unconfined")) {
      Api.CreateContainerRequest.Builder request = request(Map.of(KEY, profile));
      request.getConfigBuilder().getImageBuilder().setImage("sha256:4f1a");
      Refuse refused = (Refuse) judge(request);
      assertThat(refused.reason()).isEqualTo(Reason.FAILED_PRECONDITION);
      assertThat(refused.message())
          .startsWith(
              "portcullis: pod shop/web, container \"app\": annotation "
                  + key
                  + " of its image \"sha256:4f1a\": with it the runtime restores a container")
          .endsWith("run the image of the original container");
    }
    assertThat(asked).containsExactly("sha256:4f1a", "sha256:4f1a");
    // A privileged container has every right, and no filter.
    Api.CreateContainerRequest.Builder privileged = request(Map.of());
    privileged.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    assertThat(judge(privileged)).isInstanceOf(Pass.class);
  }

  @Test
  void whereNobodyKnowsOfAnImageNoContainerIsMadeOfIt() throws IOException {
    images = new RuntimeImages("unix://" + temporary.resolve("no.sock"))::annotations;
    Refuse refused = (Refuse) judge(request(Map.of(KEY, "runtime/default")));
    assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refused.message()).contains("whether its image is a checkpoint", "no.sock");
  }

  @Test
  void aFileIsNoImage() throws IOException {
    Api.CreateContainerRequest.Builder request = request(Map.of(KEY, "runtime/default"));
    request.getConfigBuilder().getImageBuilder().setImage("/var/lib/checkpoint.tar");
    assertThat(((Refuse) judge(request)).message()).contains("\"/var/lib/checkpoint.tar\"");
  }

  /// A filter of the author's own that answers capset with errno 0 keeps every capability.
  @Test
  void whatRunsUnconfinedGetsNoRightsByAFilterOfItsAuthor() throws IOException {
    String key = "run.oci.seccomp_bpf_data";
    Map<String, String> pods = Map.of(KEY, "unconfined", key, "x");
    assertThat(((Refuse) judge(request(pods))).message())
        .contains("annotation " + key + ": with it", "set allowPrivilegeEscalation: false");
    images = _ -> Map.of(key, "x");
    assertThat(((Refuse) judge(request(Map.of(KEY, "unconfined")))).message())
        .contains("annotation " + key + " of its image", "set allowPrivilegeEscalation: false");
    images = _ -> Map.of();
    assertThat(judge(bound(pods))).isInstanceOf(Pass.class);
  }

  private static Api.CreateContainerRequest.Builder bound(Map<String, String> annotations) {
    Api.CreateContainerRequest.Builder bound = request(annotations);
    bound.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().setNoNewPrivs(true);
    return bound;
  }

  /// A profile that never had the last rule can be one that the runtime takes for another.
  @Test
  void whatRunsUnconfinedBringsNoProfileOfItsAuthor() throws IOException {
    for (String key :
        List.of("seccomp-profile.kubernetes.cri-o.io/POD", "seccomp-profile.crio.io")) {
      Map<String, String> pods = Map.of(KEY, "unconfined", key, "quay.io/a/b:1");
      assertThat(((Refuse) judge(bound(pods))).message())
          .contains("annotation " + key + ": with it", "remove it, because the OCI runtime may");
      images = _ -> Map.of(key, "quay.io/a/b:1");
      assertThat(((Refuse) judge(bound(Map.of(KEY, "unconfined")))).message())
          .contains("annotation " + key + " of its image", "use another image, because");
      images = _ -> Map.of();
    }
  }

  /// CRI-O hands a sandbox's annotations on to the containers.
  @Test
  void theSandboxIsMadeWithoutThem() throws IOException {
    Api.RunPodSandboxRequest.Builder request = Api.RunPodSandboxRequest.newBuilder();
    request
        .getConfigBuilder()
        .setMetadata(Api.PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop"))
        .putAnnotations("run.oci.seccomp_bpf_data", "AAAA")
        .putAnnotations("mine", "x");
    Pass pass =
        (Pass) gate.judge("runtime.v1.RuntimeService/RunPodSandbox", request.build().toByteArray());
    assertThat(Api.RunPodSandboxRequest.parseFrom(pass.request()).getConfig().getAnnotationsMap())
        .containsOnlyKeys("mine");
    assertThat(told).containsExactly("withheld shop/web [run.oci.seccomp_bpf_data]");
  }

  private static final String STRICTER = GOOD.replace("\"mkdir\"", "\"mkdir\", \"rmdir\"");

  /// What admission writes, of a pod that was admitted for a content.
  private static Map<String, String> admittedFor(String content) {
    return admittedFor(content, new ProfileName.Localhost("base.json"), GOOD);
  }

  /// @param base null where the record does not say what it was
  private static Map<String, String> admittedFor(
      String content, ProfileName than, @Nullable String base) {
    return Map.of(
        KEY,
        "localhost/./p.json",
        PodRecord.PROVEN,
        new ProofRecord(
                Map.of(
                    new ProfileKey("p.json"),
                    new StrictnessEvidence(
                        than, sha256(content), base == null ? null : sha256(base))))
            .text());
  }

  private static String sha256(String content) {
    return new ProfileContent(content.getBytes(UTF_8)).sha256();
  }

  /// A ConfigMap said what the other profile is, and the file here says otherwise.
  @Test
  void aPodIsHeldToTheBaseThatThisNodeHas() throws IOException {
    String anything = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
    ProfileName base = new ProfileName.Localhost("base.json");
    Files.writeString(root.resolve("p.json"), anything);
    Path file = Files.writeString(root.resolve("base.json"), GOOD);
    assertThat(((Refuse) judge(confined(admittedFor(anything, base, anything)))).message())
        .contains(
            "the pod was admitted because it is no weaker than localhost/base.json",
            "another content (sha256 " + sha256(anything) + ") than the file here (" + sha256(GOOD),
            "it is weaker now: mkdir",
            "delete the pod");
    // One that was written before the record said which, is proven again, and so refused or made.
    assertThat(((Refuse) judge(confined(admittedFor(anything, base, null)))).message())
        .contains("its record does not have the content", "it is weaker now: mkdir");
    Files.writeString(root.resolve("p.json"), STRICTER);
    assertThat(judge(confined(admittedFor(STRICTER, base, null)))).isInstanceOf(Pass.class);
    assertThat(judge(confined(admittedFor(STRICTER, base, anything)))).isInstanceOf(Pass.class);
    Files.delete(file);
    assertThat(((Refuse) judge(confined(admittedFor(STRICTER, base, GOOD)))).message())
        .contains("than can be read here", "base.json: does not exist");
    assertThat(((Refuse) judge(confined(admittedFor(STRICTER, base, null)))).message())
        .contains("its record does not have the content", "base.json: does not exist");
    // There is nothing to hold against no filter at all.
    assertThat(judge(confined(admittedFor(STRICTER, ProfileName.UNCONFINED, null))))
        .isInstanceOf(Pass.class);
  }

  /// A container for which a proof holds.
  private static Api.CreateContainerRequest.Builder confined(Map<String, String> annotations) {
    Api.CreateContainerRequest.Builder request = request(annotations);
    request.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().setNoNewPrivs(true);
    return request;
  }

  @Test
  void whatWasProvenHoldsUnderNoNewPrivsAlone() throws IOException {
    Files.writeString(root.resolve("base.json"), GOOD);
    Files.writeString(root.resolve("p.json"), STRICTER);
    assertThat(judge(confined(admittedFor(STRICTER)))).isInstanceOf(Pass.class);
    assertThat(((Refuse) judge(request(admittedFor(STRICTER)))).message())
        .contains(
            "no weaker than localhost/base.json",
            "allowPrivilegeEscalation: false that are",
            "does not run with no_new_privs");
    for (String capability : List.of("SYS_ADMIN", "sys_admin", "CAP_SYS_ADMIN", "all")) {
      Api.CreateContainerRequest.Builder added = confined(admittedFor(STRICTER));
      Api.Capability.Builder capabilities =
          added
              .getConfigBuilder()
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .getCapabilitiesBuilder();
      capabilities.addAddCapabilities("NET_ADMIN").addAddCapabilities(capability);
      assertThat(((Refuse) judge(added)).message()).contains("this one gets \"" + capability);
      capabilities.clearAddCapabilities().addAddAmbientCapabilities(capability);
      assertThat(((Refuse) judge(added)).message()).contains("this one gets \"" + capability);
      capabilities.clearAddAmbientCapabilities().addAddCapabilities("NET_ADMIN");
      assertThat(judge(added)).isInstanceOf(Pass.class);
    }
  }

  @Test
  void aPodIsHeldToTheContentThatItWasAdmittedFor() throws IOException {
    Files.writeString(root.resolve("base.json"), GOOD);
    Path file = Files.writeString(root.resolve("p.json"), STRICTER);
    assertThat(judge(confined(admittedFor(STRICTER)))).isInstanceOf(Pass.class);
    // Another content, and no weaker.
    Files.writeString(file, GOOD);
    assertThat(judge(confined(admittedFor(STRICTER)))).isInstanceOf(Pass.class);
    Files.writeString(file, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
    Refuse refused = (Refuse) judge(confined(admittedFor(STRICTER)));
    assertThat(refused.reason()).isEqualTo(Reason.FAILED_PRECONDITION);
    assertThat(refused.message())
        .contains(
            "shop/web",
            "admitted with another content",
            "as no weaker than localhost/base.json; it is weaker now: mkdir",
            "delete the pod");
    // What nobody proved is nobody's concern here.
    assertThat(judge(request(Map.of(KEY, "localhost/p.json")))).isInstanceOf(Pass.class);
    Files.delete(root.resolve("base.json"));
    assertThat(((Refuse) judge(confined(admittedFor(STRICTER)))).message())
        .contains("base.json", "does not exist");
  }

  @Test
  void aRecordThatCannotBeReadHoldsToNothing() throws IOException {
    Files.writeString(root.resolve("p.json"), GOOD);
    assertThat(
            ((Refuse) judge(request(Map.of(KEY, "localhost/p.json", PodRecord.PROVEN, "x"))))
                .message())
        .contains("portcullis.dev/proven is not in Portcullis' format");
  }

  @Test
  void theRuntimeGetsASnapshotOfWhatWasChecked() throws IOException {
    Path file = Files.writeString(root.resolve("p.json"), GOOD);
    Verdict verdict = judge(request(Map.of(KEY, "localhost/p.json")));
    Api.LinuxContainerSecurityContext security = security(verdict);
    Path snapshot = Path.of(security.getSeccomp().getLocalhostRef());
    assertThat(security.getSeccompProfilePath()).isEqualTo("localhost/" + snapshot);
    assertThat(snapshot).hasParent(temporary.resolve("snapshots"));
    // Between the check and the runtime's reading, and behind the runtime's back.
    Files.writeString(file, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
    assertThat(snapshot).hasContent(GIVEN);
    assertThat(snapshots.sweep().keep(Set.of())).isZero();
    ((Pass) verdict).afterwards().run();
    assertThat(told).containsExactly("shop/web app localhost/p.json");
    ContainerRecord record = ContainerRecord.read(config(verdict).getAnnotationsMap());
    assertThat(record).isNotNull();
    assertThat(record.origin()).isEqualTo("container-annotation");
    assertThat(record.file()).isEqualTo(sha256(GOOD));
    assertThat(record.snapshot()).isEqualTo(sha256(GIVEN));
    assertThat(snapshots.sweep().keep(Set.of(record.snapshot()))).isZero();
    assertThat(snapshots.sweep().keep(Set.of())).isEqualTo(1);
  }

  @Test
  void theWishForAProofIsNoted() throws IOException {
    Files.writeString(root.resolve("p.json"), GOOD);
    for (String profile : List.of("localhost/p.json", "runtime/default")) {
      assertThat(wantsProof(Map.of(KEY, profile))).isFalse();
      assertThat(wantsProof(Map.of(KEY, profile, PROVE, "false"))).isFalse();
      assertThat(wantsProof(Map.of(KEY, profile, PROVE, "true"))).isTrue();
      assertThat(wantsProof(Map.of(KEY, profile, PROVE, "yes"))).isTrue();
    }
  }

  private static final String PROVE = "portcullis.dev/prove";

  private boolean wantsProof(Map<String, String> annotations) throws IOException {
    ContainerRecord record =
        ContainerRecord.read(config(judge(request(annotations))).getAnnotationsMap());
    assertThat(record).isNotNull();
    return record.prove();
  }

  @Test
  void anExchangedLinkGivesTheOneFileOrTheOtherAndNeverAnUncheckedOne() throws Exception {
    Files.writeString(root.resolve("a.json"), GOOD);
    Files.writeString(temporary.resolve("outside.json"), "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
    Path link = root.resolve("p.json");
    Path[] targets = {root.resolve("a.json"), temporary.resolve("outside.json")};
    Thread swapper =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                  Path fresh = temporary.resolve("fresh");
                  Files.createSymbolicLink(fresh, targets[i % 2]);
                  Files.move(fresh, link, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    int passed = 0;
    int refused = 0;
    for (int i = 0; i < 5000 && (passed < 20 || refused < 20); i++) {
      switch (judge(request(Map.of(KEY, "localhost/p.json")))) {
        case Pass pass -> {
          passed++;
          assertThat(Path.of(security(pass).getSeccomp().getLocalhostRef())).hasContent(GIVEN);
        }
        case Refuse refuse -> refused++;
      }
    }
    swapper.interrupt();
    swapper.join();
    assertThat(passed).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void aMissingFileNamesEverythingAndHeals() throws IOException {
    Api.CreateContainerRequest.Builder request =
        request(Map.of("seccomp.security.alpha.kubernetes.io/pod", "localhost/team/p.json"));
    assertThat(judge(request))
        .isEqualTo(
            new Refuse(
                Reason.FAILED_PRECONDITION,
                "portcullis: pod shop/web, container \"app\": annotation"
                    + " seccomp.security.alpha.kubernetes.io/pod names localhost/team/p.json: "
                    + root
                    + "/team/p.json: does not exist, nor does its directory"));
    assertThat(told).containsExactly("refused shop/web");
    Files.createDirectory(root.resolve("team"));
    Files.writeString(root.resolve("team/p.json"), GOOD);
    assertThat(judge(request)).isInstanceOf(Pass.class);
  }

  static Stream<String> broken() {
    return Stream.of("", "{}", "null", "[]", "{\"defaultAction\": \"SCMP_ACT_NONE\"}", "\u0000");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("broken")
  void aBrokenFileIsAnError(String content) throws IOException {
    Files.writeString(root.resolve("p.json"), content);
    Verdict verdict = judge(request(Map.of(KEY, "localhost/p.json")));
    assertThat(verdict).isInstanceOf(Refuse.class);
    assertThat(((Refuse) verdict).message())
        .contains("shop/web", "\"app\"", "annotation " + KEY, root + "/p.json");
  }

  @Test
  void aDefaultThatIsAFileIsCheckedLikeAnyOther() throws IOException {
    ProfileGate strict =
        new ProfileGate(
            new ProfileRoot(root),
            new AllowedListeners(Set.of("/run/agent.sock")),
            new ProfileName.Localhost("base.json"),
            new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
            defaults,
            snapshots,
            new RecordStore(temporary.resolve("records")),
            _ -> Map.of(),
            Compiler.inThisProcess(),
            new GateListener() {
              @Override
              public void admitted(Subject subject, ContainerRecord record, @Nullable String note) {
                told.add(record.origin());
              }

              @Override
              public void refused(Subject subject, String message) {
                told.add(message);
              }

              @Override
              public void warned(Subject subject, String words) {
                told.add("warned " + words);
              }

              @Override
              public void withheld(String pod, List<String> keys) {
                told.add("withheld " + pod + " " + keys);
              }

              @Override
              public Consumer<String> recordable(RecordableContainer container) {
                return _ -> {};
              }

              @Override
              public void removed() {}
            });
    byte[] bytes = request(Map.of()).build().toByteArray();
    assertThat(strict.judge(CREATE, bytes)).isInstanceOf(Refuse.class);
    Files.writeString(root.resolve("base.json"), GOOD);
    assertThat(strict.judge(CREATE, bytes)).isInstanceOf(Pass.class);
    assertThat(told.getFirst()).startsWith("--default-profile names localhost/base.json: ");
    assertThat(told.getLast()).isEqualTo("node-default");
  }

  @ParameterizedTest
  @CsvSource({
    "runtime/default, RuntimeDefault, runtime/default",
    "docker/default, RuntimeDefault, runtime/default",
    "unconfined, Unconfined, unconfined",
    ", RuntimeDefault, runtime/default"
  })
  void bothFormsSayTheSame(String annotation, String type, String path) throws IOException {
    Verdict verdict = judge(request(annotation == null ? Map.of() : Map.of(KEY, annotation)));
    assertThat(security(verdict).getSeccomp().getProfileType())
        .isEqualTo(Api.SecurityProfile.ProfileType.valueOf(type));
    assertThat(security(verdict).getSeccompProfilePath()).isEqualTo(path);
  }

  @Test
  void dockersConditionsAreDecidedByTheRequestsCapabilities() throws IOException {
    Files.writeString(
        root.resolve("p.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO",
                       "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
        """);
    Api.CreateContainerRequest.Builder request = request(Map.of(KEY, "localhost/p.json"));
    String without = security(judge(request)).getSeccomp().getLocalhostRef();
    request
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setCapabilities(Api.Capability.newBuilder().addAddCapabilities("SYS_ADMIN"));
    Verdict verdict = judge(request);
    String with = security(verdict).getSeccomp().getLocalhostRef();
    assertThat(Files.readString(Path.of(without))).contains("mount");
    assertThat(Files.readString(Path.of(with))).doesNotContain("mount").doesNotContain("caps");
    ContainerRecord record = ContainerRecord.read(config(verdict).getAnnotationsMap());
    assertThat(record).isNotNull();
    assertThat(record.file()).isNotEqualTo(record.snapshot());
  }

  @Test
  void privilegedContainersKeepWhatTheKubeletSaid() throws IOException {
    Api.CreateContainerRequest.Builder request = request(Map.of(KEY, "junk"));
    request
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setPrivileged(true)
        .setSeccompProfilePath("localhost//x");
    Api.ContainerConfig config = config(judge(request));
    assertThat(config.getLinux()).isEqualTo(request.getConfig().getLinux());
    assertThat(config.getAnnotationsMap())
        .containsEntry("portcullis.dev/seccomp-origin", "privileged");
  }

  @Test
  void aContainerForWindowsIsRefused() {
    Api.CreateContainerRequest.Builder request = request(Map.of(KEY, "junk"));
    request
        .getConfigBuilder()
        .clearLinux()
        .setWindows(Api.WindowsContainerConfig.getDefaultInstance());
    assertThat(((Refuse) judge(request)).message()).contains("Windows");
  }

  @Test
  void aRequestWithoutItsPodIsRefused() {
    Verdict verdict = judge(request(Map.of()).clearSandboxConfig());
    assertThat(((Refuse) verdict).message()).contains("sandbox_config");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateContainer", "RunPodSandbox"})
  void garbageIsRefused(String method) {
    assertThat(gate.judge("runtime.v1.RuntimeService/" + method, new byte[] {10, 99}))
        .isInstanceOf(Refuse.class);
  }

  /// It carries containers that are made at once.
  @Test
  void restoredPodsPassNobody() {
    String method = "runtime.v1.RuntimeService/RestorePod";
    assertThat(gate.wants(method)).isTrue();
    assertThat(gate.judge(method, new byte[0]))
        .isInstanceOfSatisfying(
            Refuse.class,
            refused -> assertThat(refused.reason().name()).isEqualTo("UNIMPLEMENTED"));
  }

  /// What makes containers in a way that nobody knows yet makes them unseen.
  @ParameterizedTest
  @ValueSource(strings = {"RestoreContainer", "RestorePodSandbox", "CreateContainers", "CreatePod"})
  void newWaysToMakeContainersPassNobody(String method) {
    String whole = "runtime.v1.RuntimeService/" + method;
    assertThat(gate.wants(whole)).isTrue();
    assertThat(((Refuse) gate.judge(whole, new byte[0])).reason()).isEqualTo(Reason.UNIMPLEMENTED);
    assertThat(gate.wants("runtime.v1.RuntimeService/RuntimeConfig")).isFalse();
    assertThat(gate.wants("runtime.v1.RuntimeService/CheckpointContainer")).isFalse();
  }

  @Test
  void removalsAreToldAfterwards() {
    byte[] bytes = {1, 2};
    assertThat(gate.wants("runtime.v1alpha2.RuntimeService/RemovePodSandbox")).isTrue();
    assertThat(gate.wants("runtime.v1.RuntimeService/ListContainers")).isFalse();
    Pass pass = (Pass) gate.judge("runtime.v1.RuntimeService/RemoveContainer", bytes);
    assertThat(pass.request()).isSameAs(bytes);
    assertThat(told).isEmpty();
    pass.afterwards().run();
    assertThat(told).containsExactly("removed");
  }
}

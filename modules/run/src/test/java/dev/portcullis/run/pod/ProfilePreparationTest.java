package dev.portcullis.run.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.CompilationGuard;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.Ground;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilePreparationTest {
  private static final String DOCKER =
      """
      {"defaultAction": "SCMP_ACT_ERRNO",
       "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}],
       "syscalls": [
        {"names": ["read", "write", "execve", "exit_group"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["settimeofday"], "action": "SCMP_ACT_ALLOW",
         "includes": {"caps": ["CAP_SYS_TIME"]}}]}
      """;

  @TempDir Path temporary;
  private Path root;
  private ProfilePreparation preparation;

  /// What the runtime says; a test says otherwise.
  private Set<String> ofRuntime = Set.of("CAP_CHOWN");

  private CapabilityPrefix prefix = CapabilityPrefix.WHERE_IT_LACKS;

  private final DefaultCapabilities defaults =
      new DefaultCapabilities() {
        @Override
        public RuntimeCapabilities ofHandler(String handler) {
          assertThat(handler).isEqualTo("h");
          return new RuntimeCapabilities(ofRuntime, prefix);
        }

        @Override
        public RuntimeCapabilities ofSandbox(String sandboxId) {
          throw new AssertionError("there is no sandbox yet");
        }
      };

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(temporary.toRealPath().resolve("seccomp"));
    preparation = allowing(AllowedListeners.NONE);
  }

  private ProfilePreparation allowing(AllowedListeners listeners) {
    return new ProfilePreparation(
        new ProfileRoot(root),
        listeners,
        new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
        defaults,
        new Snapshots(temporary.resolve("snapshots")),
        new CompilationGuard(Compiler.inThisProcess()));
  }

  private ProfilePreparation.Preparation prepare(String security, OciRuntime runtime)
      throws IOException {
    return preparation.prepare(
        Plans.container(
            "securityContext: {seccompProfile: {type: Localhost, localhostProfile: p.json}"
                + (security.isEmpty() ? "" : ", " + security)
                + "}"),
        runtime,
        "h");
  }

  private Path ready(String security) throws IOException {
    var ready = (ProfilePreparation.Ready) prepare(security, OciRuntime.RUNC);
    return ((SeccompSetting.Localhost) ready.profile().setting()).file();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "capabilities: {add: [SYS_TIME]} | true",
        "capabilities: {add: [CAP_SYS_TIME], drop: [ALL]} | true",
        "capabilities: {add: [ALL]} | true",
        "privileged: true | true",
        "privileged: false | false",
        "capabilities: {add: [ALL], drop: [SYS_TIME]} | false",
        "capabilities: {add: [ALL], drop: [ALL]} | false",
        "capabilities: {drop: [ALL]} | false"
      })
  void dockersConditionsAreDecidedByTheContainersCapabilities(String security, boolean allows)
      throws IOException {
    Files.writeString(root.resolve("p.json"), DOCKER);
    Path file = ready(security);
    assertThat(file).hasParent(temporary.resolve("snapshots"));
    assertThat(Files.readString(file).contains("settimeofday")).isEqualTo(allows);
    assertThat(Files.readString(file)).doesNotContain("includes").doesNotContain("archMap");
  }

  @Test
  void whatTheRuntimeGivesByItselfCounts() throws IOException {
    Files.writeString(root.resolve("p.json"), DOCKER);
    assertThat(Files.readString(ready(""))).doesNotContain("settimeofday");
    ofRuntime = Set.of("CAP_CHOWN", "CAP_SYS_TIME");
    assertThat(Files.readString(ready(""))).contains("settimeofday");
    assertThat(Files.readString(ready("capabilities: {drop: [ALL]}")))
        .doesNotContain("settimeofday");
  }

  /// One prefix is taken off before the runtime is asked. For containerd a name with another one is
  /// no capability, and so opens nothing.
  @ParameterizedTest
  @EnumSource(
      value = CapabilityPrefix.class,
      names = {"ALWAYS", "UNKNOWN"})
  void aNameWithThePrefixOpensNothingWhereItIsNotTaken(CapabilityPrefix other) throws IOException {
    prefix = other;
    Files.writeString(root.resolve("p.json"), DOCKER);
    for (String name : List.of("CAP_CAP_SYS_TIME", "CAP_CAP_ALL")) {
      assertThat(Files.readString(ready("capabilities: {add: [" + name + "]}")))
          .doesNotContain("settimeofday");
    }
    assertThat(Files.readString(ready("capabilities: {add: [SYS_TIME]}"))).contains("settimeofday");
  }

  @Test
  void conversionsForTwoContainersAreTwoFiles() throws IOException {
    Files.writeString(root.resolve("p.json"), DOCKER);
    Path with = ready("capabilities: {add: [SYS_TIME]}");
    Path without = ready("");
    assertThat(with).isNotEqualTo(without);
    assertThat(Files.readString(with)).contains("settimeofday");
    // What a condition does not ask for makes no other profile.
    assertThat(ready("capabilities: {add: [SYS_TIME, AQ]}")).isEqualTo(with);
  }

  @Test
  void theRuntimeReadsWhatWasCheckedWhateverBecomesOfTheFile() throws IOException {
    String content = "{\"defaultAction\": \"SCMP_ACT_LOG\"}";
    Path file = Files.writeString(root.resolve("p.json"), content);
    Path snapshot = ready("");
    Files.writeString(file, "{}");
    assertThat(snapshot)
        .hasContent(
            "{\"defaultAction\": \"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"portcullis_"
                + new ProfileContent(content.getBytes(UTF_8)).sha256()
                + "\"],\"action\":\"SCMP_ACT_LOG\"}]}");
  }

  @Test
  void aNodesPortcullisGetsTheFileItselfAndConvertsIt() throws IOException {
    Files.writeString(root.resolve("p.json"), DOCKER);
    var ready = (ProfilePreparation.Ready) prepare("", OciRuntime.UNKNOWN);
    PreparedProfile there = ready.profile().forNode(Path.of("/link/seccomp"));
    assertThat(there.setting())
        .isEqualTo(new SeccompSetting.Localhost(Path.of("/link/seccomp/p.json")));
    // What it makes of the file is what we would have made of it.
    Path expected = ((SeccompSetting.Localhost) there.expected()).file();
    assertThat(expected).content().contains("execve").doesNotContain("includes");
    PreparedProfile unconfined = PreparedProfile.withoutFile(new SeccompSetting.Unconfined());
    assertThat(unconfined.forNode(Path.of("/link/seccomp"))).isEqualTo(unconfined);
  }

  @Test
  void missingIsNotBroken() throws IOException {
    assertThat(prepare("", OciRuntime.RUNC))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable -> {
              assertThat(unusable.missing()).isTrue();
              assertThat(unusable.message()).contains(root + "/p.json");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "not json", "{\"defaultAction\": \"SCMP_ACT_MAYBE\"}", "null"})
  void brokenIsNeverReady(String content) throws IOException {
    Files.writeString(root.resolve("p.json"), content);
    assertThat(prepare("", OciRuntime.RUNC))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable -> {
              assertThat(unusable.missing()).isFalse();
              assertThat(unusable.message()).contains("p.json");
            });
  }

  @Test
  void warningsSayWhere() throws IOException {
    Files.writeString(
        root.resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n \"sycalls\": [],\n \"syscalls\": []}");
    var ready = (ProfilePreparation.Ready) prepare("", OciRuntime.RUNC);
    assertThat(ready.profile().warnings())
        .anySatisfy(warning -> assertThat(warning).startsWith(root + "/p.json:2:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"defaultAction\": \"SCMP_ACT_LOG\",\n\"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"]}",
        "{\n\"defaultAction\": \"SCMP_ACT_LOG\",\n\"architectures\": [\"SCMP_ARCH_RISCV64\"]}",
        "{\"defaultAction\": \"SCMP_ACT_LOG\",\n\"syscalls\": ["
            + "{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}"
      })
  void whatRuncRefusesIsRefusedBeforeIt(String content) throws IOException {
    Files.writeString(root.resolve("p.json"), content);
    assertThat(prepare("", OciRuntime.RUNC))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable -> {
              assertThat(unusable.missing()).isFalse();
              assertThat(unusable.message()).startsWith(root + "/p.json:2:").contains("runc");
            });
    assertThat(prepare("", OciRuntime.UNKNOWN))
        .isInstanceOfSatisfying(
            ProfilePreparation.Ready.class,
            ready ->
                assertThat(ready.profile().warnings())
                    .anySatisfy(warning -> assertThat(warning).startsWith(root + "/p.json:2:")));
    // No runtime reads it.
    assertThat(prepare("privileged: true", OciRuntime.RUNC))
        .isInstanceOf(ProfilePreparation.Ready.class);
  }

  /// Between the judgement and the container somebody can change the file.
  @Test
  void whatWasProvenOfAnotherContentIsNotUsed() throws IOException {
    String content = "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}";
    Path file = Files.writeString(root.resolve("p.json"), content);
    ContainerPlan proven = provenOf(new ProfileContent(content.getBytes(UTF_8)).sha256());
    assertThat(preparation.prepare(proven, OciRuntime.RUNC, "h"))
        .isInstanceOf(ProfilePreparation.Ready.class);
    Files.writeString(file, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
    assertThat(preparation.prepare(proven, OciRuntime.RUNC, "h"))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable -> {
              assertThat(unusable.missing()).isFalse();
              assertThat(unusable.message())
                  .startsWith(file + ": its content has changed")
                  .contains("no weaker than localhost/base.json; run it again");
            });
  }

  private static ContainerPlan provenOf(String sha256) {
    ContainerPlan plan =
        Plans.container(
            "securityContext: {seccompProfile: {type: Localhost, localhostProfile: p.json}}");
    return new ContainerPlan(
        new Admitted(
            plan.decision().asked(),
            new Ground.ByProof(
                "tighten",
                new StrictnessEvidence(new ProfileName.Localhost("base.json"), sha256, "f00d"))),
        plan.sidecar(),
        plan.image(),
        plan.program(),
        plan.mounts(),
        plan.rights(),
        plan.limits());
  }

  /// The runtime would connect to it as root. It reads no profile of a privileged container.
  @Test
  void aListenerThatNobodyAllowedIsNotGivenToARuntime() throws IOException {
    Files.writeString(
        root.resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/run/agent.sock\","
            + " \"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}");
    assertThat(prepare("", OciRuntime.RUNC))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable -> {
              assertThat(unusable.missing()).isFalse();
              assertThat(unusable.message())
                  .startsWith(
                      root + "/p.json: its listenerPath /run/agent.sock is not allowed here")
                  .contains("--allow-listener /run/agent.sock");
            });
    assertThat(prepare("privileged: true", OciRuntime.RUNC))
        .isInstanceOf(ProfilePreparation.Ready.class);
    preparation = allowing(new AllowedListeners(Set.of("/run/agent.sock")));
    assertThat(prepare("", OciRuntime.RUNC)).isInstanceOf(ProfilePreparation.Ready.class);
  }

  /// The runtime would call libseccomp, and never come back. It reads no profile of a privileged
  /// container.
  @Test
  void whatLibseccompDoesNotFinishIsNotGivenToARuntime() throws IOException {
    RulesetCompiler stuck = _ -> new RulesetCompiler.Undecided("libseccomp did not finish in 2 s");
    preparation =
        new ProfilePreparation(
            new ProfileRoot(root),
            AllowedListeners.NONE,
            new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
            defaults,
            new Snapshots(temporary.resolve("snapshots")),
            new CompilationGuard(Compiler.by(stuck)));
    String two =
        "{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": ["
            + "{\"index\": 0, \"op\": \"SCMP_CMP_NE\", \"value\": 3},"
            + "{\"index\": 1, \"op\": \"SCMP_CMP_%s\", \"value\": 3}]}";
    Files.writeString(
        root.resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
            + two.formatted("GE")
            + ","
            + two.formatted("NE")
            + "]}");
    assertThat(prepare("", OciRuntime.RUNC))
        .isInstanceOfSatisfying(
            ProfilePreparation.Unusable.class,
            unusable ->
                assertThat(unusable.message())
                    .contains("p.json: cannot compile the filter: libseccomp did not finish"));
    assertThat(prepare("privileged: true", OciRuntime.RUNC))
        .isInstanceOf(ProfilePreparation.Ready.class);
    // of little effort: not even asked about
    Files.writeString(
        root.resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [" + two.formatted("NE") + "]}");
    assertThat(prepare("", OciRuntime.RUNC)).isInstanceOf(ProfilePreparation.Ready.class);
  }
}

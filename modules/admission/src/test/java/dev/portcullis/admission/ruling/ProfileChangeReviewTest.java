package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Distribution.BASE;
import static dev.portcullis.admission.ruling.Distribution.LOOSE;
import static dev.portcullis.admission.ruling.Distribution.MINE;
import static dev.portcullis.admission.ruling.Distribution.NAMESPACE;
import static dev.portcullis.admission.ruling.Distribution.denying;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.patched;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Profiles that change under the pods that were admitted for them.
class ProfileChangeReviewTest {
  private final Distribution cluster = new Distribution();

  @BeforeEach
  void aPodRuns() throws IOException {
    Mapping pod =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json",
            "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]");
    cluster.pods =
        List.of(
            patched(pod, cluster.admission(Mode.ENFORCE).mutate(creation(pod)).response().patch()));
  }

  /// The ConfigMap of the team, with these keys and contents.
  private static Mapping map(String... files) {
    MappingBuilder data = new MappingBuilder();
    for (int i = 0; i < files.length; i += 2) {
      data.put(files[i], files[i + 1]);
    }
    return new MappingBuilder()
        .put(
            "metadata",
            yaml(
                "{name: team, creationTimestamp: '1970-01-01T00:00:00Z',"
                    + " labels: {portcullis.dev/seccomp-profiles: 'true'}}"))
        .put("data", data.build())
        .build();
  }

  private static final Mapping STORED =
      map("base.json", BASE, "mine.json", MINE, "loose.json", LOOSE);

  private static AdmissionRequest request(
      Operation operation, String namespace, @Nullable Mapping object, @Nullable Mapping old) {
    return new AdmissionRequest(
        "u",
        "configmaps",
        "",
        "v1",
        "ConfigMap",
        namespace,
        "team",
        operation,
        Reviews.ALICE,
        object,
        old);
  }

  private AdmissionVerdict update(String... files) throws IOException {
    return cluster
        .admission(Mode.ENFORCE)
        .profiles(request(Operation.UPDATE, NAMESPACE, map(files), STORED));
  }

  @Test
  void aWeakerContentIsRefused() throws IOException {
    AdmissionVerdict ruling = update("base.json", BASE, "mine.json", LOOSE, "loose.json", LOOSE);
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
    assertThat(ruling.reasons())
        .singleElement()
        .asString()
        .startsWith(
            "ConfigMap portcullis-profiles/team, key mine.json: pod ?/p was admitted because"
                + " localhost/mine.json was no weaker than localhost/base.json, and the new"
                + " content is weaker: bpf")
        .endsWith("give the new content another name, or delete these pods first");
  }

  @Test
  void oneThatIsNoWeakerIsNot() throws IOException {
    assertThat(
            update("base.json", BASE, "mine.json", denying("ptrace", "bpf", "swapoff")).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(update("base.json", BASE, "mine.json", BASE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void othersMayChangeAsTheyLike() throws IOException {
    assertThat(
            update(
                    "base.json",
                    BASE,
                    "mine.json",
                    MINE,
                    "loose.json",
                    "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}")
                .outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    cluster.pods = List.of();
    assertThat(update("base.json", BASE, "mine.json", LOOSE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void theBaseGoesAlong() throws IOException {
    // Both in one request: the new content counts against the new base.
    assertThat(update("base.json", LOOSE, "mine.json", LOOSE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(update("mine.json", BASE).reasons().toString())
        .contains("the new content is not proven to be no weaker: no ConfigMap");
  }

  /// Nodes have an administrator's file by the base's name, or not yet the new one.
  @Test
  void aBaseThatNodesHaveOtherwiseDoesNotGoAlong() throws IOException {
    cluster.nodes =
        List.of(
            Distribution.node("n1", Map.of("localhost/base.json", Distribution.sha256(BASE))),
            Distribution.node("n2", Map.of()));
    assertThat(update("base.json", LOOSE, "mine.json", LOOSE).reasons().toString())
        .contains(
            "the new content is not proven to be no weaker: node n1 has (still) another content of"
                + " localhost/base.json");
    assertThat(update("base.json", BASE, "mine.json", BASE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void aBaseThatBecomesWeakerIsSaid() throws IOException {
    AdmissionVerdict ruling = update("base.json", LOOSE, "mine.json", MINE);
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(ruling.response().warnings())
        .singleElement()
        .asString()
        .startsWith(
            "ConfigMap portcullis-profiles/team, key base.json: SeccompPolicy \"tighten\" allows"
                + " profiles no weaker than localhost/base.json, and its new content is weaker than"
                + " the old content: bpf");
  }

  @Test
  void podsThatABaseLeavesBehindAreSaid() throws IOException {
    AdmissionVerdict ruling =
        update("base.json", denying("ptrace", "bpf", "swapoff"), "mine.json", MINE);
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(ruling.response().warnings())
        .singleElement()
        .asString()
        .startsWith(
            "ConfigMap portcullis-profiles/team, key base.json: pod ?/p was admitted because"
                + " localhost/mine.json was no weaker than localhost/base.json, and it is weaker"
                + " than the new content: swapoff")
        .endsWith("nodes with the proxy will not create these containers again");
    // One that all pods still fulfil is nobody's concern.
    assertThat(
            update("base.json", denying("ptrace", "bpf", "swapon"), "mine.json", MINE)
                .response()
                .warnings())
        .isEmpty();
  }

  @Test
  void whatWasTakenAwayDoesNotComeBackWeaker() throws IOException {
    Mapping without = map("base.json", BASE);
    assertThat(update("base.json", BASE).outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    cluster.maps = List.of(Distribution.map("team", Map.of("base.json", BASE)));
    assertThat(
            cluster
                .admission(Mode.ENFORCE)
                .profiles(
                    request(
                        Operation.UPDATE,
                        NAMESPACE,
                        map("base.json", BASE, "mine.json", LOOSE),
                        without))
                .outcome())
        .isEqualTo(AdmissionVerdict.Outcome.REFUSED);
  }

  /// By any ConfigMap, whatever it has there, and whatever the mode: a path is its who has it.
  @Test
  void aPathThatAnotherHasIsNotToBeHad() throws IOException {
    for (Mode mode : Mode.values()) {
      for (String name : List.of("aaa", "zzz")) {
        AdmissionRequest squatting =
            new AdmissionRequest(
                "u",
                "configmaps",
                "",
                "v1",
                "ConfigMap",
                NAMESPACE,
                name,
                Operation.CREATE,
                Reviews.ALICE,
                map("base.json", BASE),
                null);
        AdmissionVerdict ruling = cluster.admission(mode).profiles(squatting);
        assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
        assertThat(ruling.reasons())
            .containsExactly(
                "ConfigMap portcullis-profiles/"
                    + name
                    + ", key base.json: wants localhost/base.json, which ConfigMap"
                    + " portcullis-profiles/team, key base.json has; the first ConfigMap keeps the"
                    + " path: remove it there first, or give this ConfigMap another"
                    + " portcullis.dev/profile-directory");
      }
    }
    // Nor is it a directory of somebody else's.
    Mapping through =
        new MappingBuilder()
            .put(
                "metadata",
                yaml(
                    "{labels: {portcullis.dev/seccomp-profiles: 'true'}, annotations:"
                        + " {portcullis.dev/profile-directory: base.json}}"))
            .put("data", new MappingBuilder().put("x.json", BASE).build())
            .build();
    AdmissionVerdict ruling =
        cluster
            .admission(Mode.ENFORCE)
            .profiles(
                new AdmissionRequest(
                    "u",
                    "configmaps",
                    "",
                    "v1",
                    "ConfigMap",
                    NAMESPACE,
                    "squat",
                    Operation.CREATE,
                    Reviews.ALICE,
                    through,
                    null));
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
    // Two that came in at the same moment: neither is written, and anyone who takes his out is let.
    cluster.maps =
        List.of(
            Distribution.map("team", Map.of("base.json", BASE, "mine.json", MINE)),
            Distribution.map("zzz", Map.of("base.json", LOOSE)));
    assertThat(update("base.json", BASE, "mine.json", MINE, "more.json", MINE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(update("mine.json", MINE).outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void aDeletionThatUncoversAnotherContentIsOne() throws IOException {
    cluster.maps =
        List.of(
            Distribution.map("team", Map.of("mine.json", MINE)),
            // The same time, and a name behind it.
            Distribution.map("zzz", Map.of("mine.json", LOOSE, "base.json", BASE)));
    AdmissionVerdict ruling =
        cluster
            .admission(Mode.ENFORCE)
            .profiles(request(Operation.DELETE, NAMESPACE, null, STORED));
    assertThat(ruling.reasons().toString())
        .contains("ConfigMap portcullis-profiles/zzz, key mine.json", "weaker");
  }

  /// Nobody may see them any more, then.
  @Test
  void whatGoesWithItsNamespaceGoes() throws IOException {
    cluster.going = true;
    cluster.maps = null;
    Admission admission = cluster.admission(Mode.ENFORCE);
    assertThat(admission.profiles(request(Operation.DELETE, NAMESPACE, null, STORED)).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.PASSED_OVER);
    // A change is judged all the same.
    assertThatThrownBy(() -> update("mine.json", LOOSE)).isInstanceOf(IOException.class);
    cluster.going = false;
    assertThatThrownBy(() -> admission.profiles(request(Operation.DELETE, NAMESPACE, null, STORED)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void endedPodsDoNotMatter() throws IOException {
    MappingBuilder ended = new MappingBuilder();
    cluster.pods.getFirst().entries().forEach((key, entry) -> ended.put(key, entry.value()));
    cluster.pods = List.of(ended.put("status", yaml("{phase: Succeeded}")).build());
    assertThat(update("base.json", BASE, "mine.json", LOOSE).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void whoeverSendsABrokenProfileIsTold() throws IOException {
    AdmissionVerdict ruling = update("base.json", BASE, "mine.json", "{\n\"defaultAction\": 1}");
    assertThat(ruling.response().warnings())
        .singleElement()
        .asString()
        .startsWith("ConfigMap portcullis-profiles/team, key mine.json: line 2");
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void whoeverFollowsThemIsNotFlooded() throws IOException {
    String large = MINE + " ".repeat(9 * 1024 * 1024);
    assertThat(update("base.json", BASE, "a", large, "b", large).reasons())
        .containsExactly(
            "all ConfigMaps with profiles would together have more than 16 MiB, the most that nodes"
                + " accept; remove some first");
    Mapping stored = map("base.json", BASE, "a", large, "b", large);
    assertThat(
            cluster
                .admission(Mode.ENFORCE)
                .profiles(
                    request(
                        Operation.UPDATE, NAMESPACE, map("base.json", BASE, "a", large), stored))
                .outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void nobodyTakesTheLastPlace() throws IOException {
    String[] files = new String[2 * 1_001];
    for (int i = 0; i < files.length; i += 2) {
      files[i] = "p" + i + ".json";
      files[i + 1] = MINE;
    }
    assertThat(update(files).reasons())
        .containsExactly(
            "all ConfigMaps with profiles would together have 1001 profiles, and nodes accept 1000;"
                + " remove some first");
    assertThat(update(Arrays.copyOf(files, 2 * 1_000)).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void otherNamespacesAreNobodysConcern() throws IOException {
    Mapping weaker = map("base.json", BASE, "mine.json", LOOSE);
    assertThat(
            cluster
                .admission(Mode.ENFORCE)
                .profiles(request(Operation.UPDATE, "other", weaker, STORED))
                .outcome())
        .isEqualTo(AdmissionVerdict.Outcome.PASSED_OVER);
  }

  @Test
  void theModeOfTheClusterDoesNotMatter() throws IOException {
    Mapping weaker = map("base.json", BASE, "mine.json", LOOSE);
    assertThat(
            cluster
                .admission(Mode.WARN)
                .profiles(request(Operation.UPDATE, NAMESPACE, weaker, STORED))
                .outcome())
        .isEqualTo(AdmissionVerdict.Outcome.REFUSED);
  }

  @Test
  void nothingChangesWhileNobodyKnows() {
    cluster.maps = null;
    assertThatThrownBy(() -> update("mine.json", LOOSE))
        .isInstanceOf(IOException.class)
        .hasMessage("no answer");
  }
}

package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Distribution.BASE;
import static dev.portcullis.admission.ruling.Distribution.MINE;
import static dev.portcullis.admission.ruling.Distribution.node;
import static dev.portcullis.admission.ruling.Distribution.sha256;
import static dev.portcullis.admission.ruling.Distribution.tightening;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.json;
import static dev.portcullis.admission.ruling.Reviews.patched;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.update;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Pods that are admitted for what their profile does.
class ProvenPodTest {
  private static final String RECORD =
      "[{\\\"profile\\\":\\\"localhost/mine.json\\\",\\\"sha256\\\":\\\""
          + sha256(MINE)
          + "\\\",\\\"noWeakerThan\\\":\\\"localhost/base.json\\\",\\\"baseSha256\\\":\\\""
          + sha256(BASE)
          + "\\\"}]";

  private final Distribution cluster = new Distribution();

  /// A container for which a proof holds.
  private static final String CONTAINERS =
      "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]";

  private static Mapping naming(String profile) {
    return pod("seccomp.security.alpha.kubernetes.io/pod: " + profile, CONTAINERS);
  }

  private Mapping mutated(Mapping pod) throws IOException {
    return patched(pod, cluster.admission(Mode.ENFORCE).mutate(creation(pod)).response().patch());
  }

  private AdmissionVerdict validated(Mapping pod) throws IOException {
    return cluster.admission(Mode.ENFORCE).validate(creation(pod));
  }

  private String refusal(String profile) throws IOException {
    AdmissionVerdict ruling = validated(mutated(naming(profile)));
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
    return String.join("\n", ruling.reasons());
  }

  @Test
  void carriesTheContentThatItWasAdmittedFor() throws IOException {
    AdmissionVerdict mutation =
        cluster.admission(Mode.ENFORCE).mutate(creation(naming("localhost/mine.json")));
    assertThat(json(mutation.response().patch()))
        .contains(
            "{\"op\":\"add\",\"path\":\"/metadata/annotations/portcullis.dev~1proven\",\"value\":\""
                + RECORD
                + "\"}",
            "{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"portcullis.dev/proven\":\"true\"}}",
            "portcullis.dev~1policy\",\"value\":\"tighten\"");
    Mapping mutated = mutated(naming("localhost/mine.json"));
    assertThat(validated(mutated).outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    assertThat(cluster.admission(Mode.ENFORCE).mutate(creation(mutated)).response().patch())
        .isEmpty();
    assertThat(ManifestRecord.proofs(mutated).byProfile())
        .containsOnlyKeys(new ProfileKey("mine.json"))
        .hasEntrySatisfying(
            new ProfileKey("mine.json"),
            proven -> {
              assertThat(proven.sha256()).isEqualTo(sha256(MINE));
              assertThat(proven.than().text()).isEqualTo("localhost/base.json");
              assertThat(proven.baseSha256()).isEqualTo(sha256(BASE));
            });
  }

  @Test
  void aContainerWithoutNoNewPrivilegesIsAdmittedForNothing() throws IOException {
    Mapping escalating =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json",
            "containers: [{name: c}]");
    AdmissionVerdict ruling = validated(mutated(escalating));
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
    assertThat(ruling.reasons().toString())
        .contains("spec.containers[0].securityContext.allowPrivilegeEscalation", "set it to false");
    assertThat(ManifestRecord.proofs(mutated(escalating)).isEmpty()).isTrue();
  }

  /// What was proven for a pod is of no use to a container that comes later.
  @Test
  void anEphemeralContainerDoesNotInheritTheProof() throws IOException {
    Mapping stored = mutated(naming("localhost/mine.json"));
    for (String context : List.of("{}", "{allowPrivilegeEscalation: false}")) {
      Mapping debugged =
          patched(
              stored,
              List.of(
                  PatchOperation.add(
                      "/spec/ephemeralContainers",
                      new Sequence(
                          Position.NONE,
                          List.of(yaml("{name: debug, securityContext: " + context + "}"))))));
      AdmissionVerdict ruling =
          cluster
              .admission(Mode.ENFORCE)
              .validate(
                  request(
                      "pods",
                      "ephemeralcontainers",
                      "v1",
                      "Pod",
                      Operation.UPDATE,
                      debugged,
                      stored));
      assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.REFUSED);
      assertThat(ruling.reasons().toString()).contains("\"debug\" may not run under");
    }
  }

  @Test
  void theRecordIsForWhatWasProvenAlone() throws IOException {
    assertThat(ManifestRecord.proofs(mutated(naming("runtime/default"))).isEmpty()).isTrue();
    assertThat(ManifestRecord.proofs(mutated(naming("localhost/base.json"))).isEmpty()).isTrue();
  }

  @Test
  void aWeakerOneIsRefusedWithTheCallThatShowsIt() throws IOException {
    assertThat(refusal("localhost/loose.json"))
        .contains("weaker than localhost/base.json (SeccompPolicy \"tighten\"): bpf");
  }

  @Test
  void whatNobodyKnowsIsNotProven() throws IOException {
    assertThat(refusal("localhost/none.json"))
        .contains("no ConfigMap in namespace \"portcullis-profiles\" has localhost/none.json");
    cluster.maps = List.of(Distribution.map("team", Map.of("mine.json", MINE)));
    assertThat(refusal("localhost/mine.json"))
        .contains("no ConfigMap in namespace \"portcullis-profiles\" has localhost/base.json");
    cluster.maps = List.of(Distribution.map("team", Map.of("mine.json", "{", "base.json", MINE)));
    assertThat(refusal("localhost/mine.json"))
        .contains("ConfigMap portcullis-profiles/team, key mine.json is not a usable profile");
    cluster.maps = null;
    assertThat(refusal("localhost/mine.json")).contains("have not been read yet");
  }

  @Test
  void nodesThatHaveAnotherContentOrDoNotTellProveNothing() throws IOException {
    cluster.nodes =
        List.of(
            node("n1", Map.of("localhost/mine.json", sha256(MINE))),
            node("n3", Map.of("localhost/mine.json", "f00d")),
            node("n2", Map.of("localhost/mine.json", "f00d")),
            node("n4", Map.of()));
    assertThat(refusal("localhost/mine.json"))
        .contains("nodes n2, n3 have (still) another content of localhost/mine.json")
        .contains("kubectl get nodeprofiles n2");
    cluster.nodes =
        List.of(
            new ReportingNode(
                "n5",
                Map.of("kubernetes.io/arch", ArchitectureLabel.OWN),
                new ReportingNode.Profiles(Map.of(), false),
                Distribution.RUNTIME));
    assertThat(refusal("localhost/mine.json")).contains("node n5 has more profiles than its list");
    cluster.nodes =
        List.of(
            new ReportingNode(
                "n6",
                Map.of("kubernetes.io/arch", "s390x"),
                new ReportingNode.Profiles(Map.of(), true),
                Distribution.RUNTIME));
    assertThat(refusal("localhost/mine.json")).contains("node n6 has another architecture");
    cluster.nodes = List.of();
    assertThat(refusal("localhost/mine.json")).contains("no node where the pod may run reports");
  }

  /// A proof is about filters, and they must be what the node's runtime makes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''         | ''         | ''    | not reported its container runtime: upgrade its"
            + " Portcullis",
        "''         | ''         | 2.5.4 | not reported its container runtime: upgrade its"
            + " Portcullis",
        "docker     | 20.10.2    | 2.5.4 | docker 20.10.2, but proofs need containerd from 1.6.0"
            + " and cri-o",
        "containerd | 1.5.18     | 2.5.4 | containerd 1.5.18, but proofs need containerd from"
            + " 1.6.0",
        "containerd | 1.10       | 2.5.4 | ",
        "containerd | v2.1.0     | 2.6.0 | ",
        "containerd | unknown    | 2.5.4 | containerd unknown, but proofs need",
        "cri-o      | 1.23.5     | 2.5.4 | cri-o 1.23.5, but proofs need",
        "cri-o      | 1.24.0     | 2.4.0 | ",
        "containerd | 1.6.20~ds1 | ''    | not reported the libseccomp of its OCI runtime: start"
            + " its Portcullis with",
        "containerd | 1.6.20~ds1 | 2.3.3 | libseccomp 2.3.3, but proofs need 2.4.0 or later",
        "containerd | 1.6.20~ds1 | junk  | libseccomp junk, but proofs need 2.4.0 or later",
      })
  void nodesWhoseFiltersAreNotKnownProveNothing(
      String name, String version, String libseccomp, @Nullable String problem) throws IOException {
    ReportingNode good = node("n1", Map.of("localhost/mine.json", sha256(MINE)));
    cluster.nodes =
        List.of(
            good,
            new ReportingNode(
                "n2",
                good.labels(),
                good.profiles(),
                new ReportingNode.NodeRuntime(name, version, libseccomp)));
    if (problem == null) {
      assertThat(validated(mutated(naming("localhost/mine.json"))).outcome())
          .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    } else {
      assertThat(refusal("localhost/mine.json"))
          .contains("node n2 has " + problem, "keep the pod off by a nodeSelector");
    }
  }

  /// The right to write a ConfigMap does not decide the content of an administrator's file on the
  /// nodes.
  @Test
  void aBaseThatNodesHaveOtherwiseProvesNothing() throws IOException {
    cluster.maps =
        List.of(
            Distribution.map(
                "team",
                Map.of("mine.json", MINE, "base.json", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}")));
    cluster.nodes =
        List.of(
            node(
                "n1",
                Map.of("localhost/mine.json", sha256(MINE), "localhost/base.json", sha256(BASE))));
    assertThat(refusal("localhost/mine.json"))
        .contains(
            "node n1 has (still) another content of localhost/base.json than the ConfigMap",
            "kubectl get nodeprofiles n1");
    cluster.maps = List.of(Distribution.map("team", Map.of("mine.json", MINE, "base.json", BASE)));
    assertThat(validated(mutated(naming("localhost/mine.json"))).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void onlyNodesWhereThePodMayRunMatter() throws IOException {
    cluster.nodes =
        List.of(
            node("n1", Map.of("localhost/mine.json", sha256(MINE))),
            node("n2", Map.of("localhost/mine.json", "f00d")));
    Mapping bound =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json",
            "nodeName: n1, " + CONTAINERS);
    assertThat(validated(mutated(bound)).outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void theDefaultOfTheRuntimeIsNoBaseAndUnconfinedIs() throws IOException {
    AdmissionVerdict ruling =
        cluster
            .admission(Mode.ENFORCE, tightening(ProfileName.RUNTIME_DEFAULT))
            .validate(creation(naming("localhost/mine.json")));
    assertThat(ruling.reasons().toString())
        .contains("keep a copy of it where the other profiles are");
    Mapping mutated = naming("localhost/mine.json");
    Admission toAny = cluster.admission(Mode.ENFORCE, tightening(ProfileName.UNCONFINED));
    mutated = patched(mutated, toAny.mutate(creation(mutated)).response().patch());
    assertThat(toAny.validate(creation(mutated)).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
  }

  @Test
  void aRecordThatDoesNotFitIsRefused() throws IOException {
    Mapping mutated = mutated(naming("localhost/mine.json"));
    // The content changes between the two webhooks.
    String stricter = Distribution.denying("ptrace", "bpf", "swapon", "swapoff");
    cluster.maps =
        List.of(
            Distribution.map(
                "team", Map.of("mine.json", stricter, "base.json", Distribution.BASE)));
    cluster.nodes = List.of(node("n1", Map.of()));
    assertThat(validated(mutated).reasons().toString())
        .contains("metadata.annotations.portcullis.dev/proven", "try again");
  }

  @Test
  void nobodyElseWritesTheRecord() throws IOException {
    Mapping forged =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: runtime/default, portcullis.dev/proven:"
                + " '[]'",
            "containers: [{name: c}]");
    assertThat(validated(forged).reasons().toString())
        .contains("metadata.annotations.portcullis.dev/proven", "only Portcullis may write");
    assertThat(ManifestRecord.proofs(mutated(forged)).isEmpty()).isTrue();
    assertThat(json(cluster.admission(Mode.WARN).mutate(creation(forged)).response().patch()))
        .contains("\"remove\",\"path\":\"/metadata/annotations/portcullis.dev~1proven\"");
  }

  @Test
  void nobodyTakesTheRecordAway() throws IOException {
    Mapping stored = mutated(naming("localhost/mine.json"));
    Admission admission = cluster.admission(Mode.ENFORCE);
    assertThat(admission.validate(update(stored, stored)).outcome())
        .isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    Mapping without =
        yaml(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {
              seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json}},
             spec: {containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]}}\
            """);
    assertThat(admission.validate(update(without, stored)).reasons().toString())
        .contains("metadata.annotations.portcullis.dev/proven", "keep the stored value");
    Mapping unlabelled =
        patched(
            without,
            cluster.admission(Mode.ENFORCE).mutate(creation(without)).response().patch().stream()
                .filter(step -> !step.path().startsWith("/metadata/labels"))
                .toList());
    assertThat(admission.validate(update(unlabelled, stored)).reasons().toString())
        .contains("metadata.labels.portcullis.dev/proven");
  }

  @Test
  void whatComesLaterIsNotProven() throws IOException {
    Mapping stored = mutated(naming("runtime/default"));
    Mapping changed = mutated(naming("localhost/mine.json"));
    assertThat(
            cluster.admission(Mode.ENFORCE).validate(update(changed, stored)).reasons().toString())
        .contains("additions and changes to an existing pod");
  }

  @Test
  void aTemplateIsToldWhatItsPodsWillBe() throws IOException {
    String form =
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {metadata:"
            + " {annotations: {seccomp.security.alpha.kubernetes.io/pod: localhost/%s}}, spec:"
            + " {"
            + CONTAINERS
            + "}}}}";
    Admission admission = cluster.admission(Mode.ENFORCE);
    assertThat(template(admission, form.formatted("mine.json")))
        .noneMatch(warning -> warning.contains("refused"));
    assertThat(template(admission, form.formatted("loose.json")).toString())
        .contains("will be refused", "weaker than localhost/base.json");
  }

  private static List<String> template(Admission admission, String deployment) throws IOException {
    return admission
        .templates(
            request(
                "deployments",
                "",
                "apps/v1",
                "Deployment",
                Operation.CREATE,
                yaml(deployment),
                null))
        .response()
        .warnings();
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"WARN", "AUDIT"})
  void nothingIsWrittenWhereNothingIsEnforced(Mode mode) throws IOException {
    assertThat(
            cluster
                .admission(mode)
                .mutate(creation(naming("localhost/mine.json")))
                .response()
                .patch())
        .isEmpty();
  }
}

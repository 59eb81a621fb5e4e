package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.cluster;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
  private static final String WITH_FIELD =
      """
      containers: [{name: c, image: i, securityContext:
        {seccompProfile: {type: Localhost, localhostProfile: "%s"}}}]\
      """;

  /// @param profiles names below `localhost/`, with their digests
  private static ReportingNode node(String name, String zone, Map<String, String> profiles) {
    Map<String, String> digests = new java.util.HashMap<>();
    profiles.forEach((path, digest) -> digests.put("localhost/" + path, digest));
    return new ReportingNode(
        name,
        Map.of("zone", zone, "kubernetes.io/hostname", name),
        new ReportingNode.Profiles(digests, true),
        ReportingNode.NodeRuntime.UNTOLD);
  }

  private static List<String> warnings(List<ReportingNode> nodes, Mode mode, String spec)
      throws IOException {
    Admission admission =
        cluster(
            new Scope(mode, Set.of(), Set.of(), Set.of()),
            null,
            nodes,
            policy("p", null, "localhost/a", "localhost/./a", "runtime/default"));
    AdmissionVerdict ruling = admission.validate(creation(pod("", spec)));
    assertThat(ruling.outcome()).isEqualTo(AdmissionVerdict.Outcome.ALLOWED);
    return ruling.response().warnings();
  }

  private static List<String> warnings(List<ReportingNode> nodes, String spec) throws IOException {
    return warnings(nodes, Mode.ENFORCE, spec);
  }

  private static final ReportingNode WITH = node("n1", "east", Map.of("a", "aaaa"));
  private static final ReportingNode WITHOUT = node("n2", "west", Map.of("b", "bbbb"));
  private static final ReportingNode OTHER = node("n3", "west", Map.of("a", "cccc"));

  @Test
  void nothingIsSaidWhereNoNodeTellsOrAllHaveIt() throws IOException {
    assertThat(warnings(List.of(), WITH_FIELD.formatted("a"))).isEmpty();
    assertThat(
            warnings(
                List.of(WITH, node("n4", "north", Map.of("a", "aaaa"))),
                WITH_FIELD.formatted("./a")))
        .isEmpty();
    assertThat(
            warnings(
                List.of(WITHOUT),
                "securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: c,"
                    + " image: i}]"))
        .isEmpty();
  }

  @Test
  void aPathThatNoFileCanHave() throws IOException {
    Admission admission =
        cluster(
            new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
            null,
            List.of(WITH),
            policy("p", null, "*"));
    assertThat(
            admission
                .validate(creation(pod("", WITH_FIELD.formatted("a\\0b"))))
                .response()
                .warnings())
        .singleElement()
        .asString()
        .contains("is on none of the 1 nodes");
  }

  /// Each is looked for on every node.
  @Test
  void notForAllProfilesOfAHugePod() throws IOException {
    StringBuilder containers = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      containers.append(
          "{name: c%d, securityContext: {seccompProfile: {type: Localhost, localhostProfile: x%d}}},"
              .formatted(i, i));
    }
    Admission admission =
        cluster(
            new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
            null,
            List.of(WITH),
            policy("p", null, "*"));
    assertThat(
            admission
                .validate(creation(pod("", "containers: [" + containers + "]")))
                .response()
                .warnings())
        // Of 32, which are asked about, eleven are shown.
        .hasSize(12)
        .endsWith("and 21 more warnings");
  }

  @Test
  void aProfileThatNoNodeHas() throws IOException {
    assertThat(warnings(List.of(WITHOUT), WITH_FIELD.formatted("a")))
        .singleElement()
        .asString()
        .startsWith("container \"c\": localhost/a is on none of the 1 nodes where the pod may run");
    assertThat(warnings(List.of(WITHOUT), Mode.AUDIT, WITH_FIELD.formatted("a"))).isEmpty();
  }

  @Test
  void aProfileThatNotAllNodesHave() throws IOException {
    assertThat(warnings(List.of(WITH, WITHOUT), WITH_FIELD.formatted("a")))
        .singleElement()
        .asString()
        .contains("is not on 1 of the 2 nodes", "(n2)");
    String zone = "nodeSelector: {zone: %s}, " + WITH_FIELD.formatted("a");
    assertThat(warnings(List.of(WITH, WITHOUT), zone.formatted("east"))).isEmpty();
    assertThat(warnings(List.of(WITH, WITHOUT), zone.formatted("west")))
        .singleElement()
        .asString()
        .contains("on none of the 1 nodes");
    assertThat(warnings(List.of(WITH, WITHOUT), zone.formatted("north"))).isEmpty();
    String named = "nodeName: %s, " + WITH_FIELD.formatted("a");
    assertThat(warnings(List.of(WITH, WITHOUT), named.formatted("n1"))).isEmpty();
    assertThat(warnings(List.of(WITH, WITHOUT), named.formatted("n2"))).hasSize(1);
    assertThat(warnings(List.of(WITH, WITHOUT), named.formatted("silent"))).isEmpty();
    String affinity = "affinity: {nodeAffinity: {}}, " + WITH_FIELD.formatted("a");
    assertThat(warnings(List.of(WITH, WITHOUT), affinity)).isEmpty();
    assertThat(warnings(List.of(WITHOUT), affinity)).hasSize(1);
  }

  @Test
  void aProfileThatIsNotTheSameEverywhere() throws IOException {
    assertThat(warnings(List.of(WITH, OTHER), WITH_FIELD.formatted("a")))
        .singleElement()
        .asString()
        .endsWith("differs between the nodes where the pod may run: sha256 aaaa on 1, cccc on 1");
  }

  @Test
  void aNodeThatDoesNotTellAllMayHaveIt() throws IOException {
    ReportingNode partly =
        new ReportingNode(
            "n5",
            Map.of(),
            new ReportingNode.Profiles(Map.of(), false),
            ReportingNode.NodeRuntime.UNTOLD);
    assertThat(warnings(List.of(partly, WITH), WITH_FIELD.formatted("a"))).isEmpty();
  }

  @Test
  void aWorkloadIsWarnedOfToo() throws IOException {
    Admission admission =
        cluster(
            new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
            null,
            List.of(WITHOUT),
            policy("p", null, "localhost/a"));
    AdmissionVerdict ruling =
        admission.templates(
            request(
                "deployments",
                "",
                "apps/v1",
                "Deployment",
                Operation.CREATE,
                yaml(
                    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template:"
                        + " {spec: {"
                        + WITH_FIELD.formatted("a")
                        + "}}}}"),
                null));
    assertThat(ruling.response().warnings())
        .singleElement()
        .asString()
        .contains("localhost/a is on none of the 1 nodes");
  }
}

package dev.portcullis.admission.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewTest {
  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u-1", "operation": "CREATE", "namespace": "ns", "name": "p",
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
        "userInfo": {"username": "alice", "groups": ["a", "b"], "extra": {"scopes": ["x"]}},
        "object": {"spec": {}}, "oldObject": null, "unheardOf": {"later": true}}}
      """;

  private static ReviewReader.Read read(String text) {
    return ReviewReader.read(text.getBytes(UTF_8));
  }

  @Test
  void aReviewIsRead() {
    assertThat(read(REVIEW))
        .isInstanceOfSatisfying(
            ReviewReader.Understood.class,
            read -> {
              AdmissionRequest request = read.request();
              assertThat(request.uid()).isEqualTo("u-1");
              assertThat(request.operation()).isEqualTo(Operation.CREATE);
              assertThat(request.resource()).isEqualTo("deployments");
              assertThat(request.apiVersion()).isEqualTo("apps/v1");
              assertThat(request.user().name()).isEqualTo("alice");
              assertThat(request.user().groups()).containsExactlyInAnyOrder("a", "b");
              assertThat(request.user().extra()).containsEntry("scopes", List.of("x"));
              assertThat(request.object()).isNotNull();
              assertThat(request.oldObject()).isNull();
            });
  }

  /// Who wrote which field is left out: it has more values than all else, and decides nothing.
  @Test
  void managedFieldsAreNotReadAndNothingElseIsLost() {
    String fields = "[" + "{\"f:a\":{}},".repeat(40_000) + "{}]";
    String review =
        REVIEW
            .replace(
                "{\"spec\": {}}",
                "{\"metadata\": {\"managedFields\": %s, \"name\": \"p\"}, \"data\": {\"managedFields\":"
                        .formatted(fields)
                    + " \"{}\"}}")
            .replace("\"scopes\"", "\"managedFields\"");
    assertThat(read(review))
        .isInstanceOfSatisfying(
            ReviewReader.Understood.class,
            read -> {
              Mapping object = requireNonNull(read.request().object());
              assertThat(((Mapping) requireNonNull(object.get("metadata"))).entries().keySet())
                  .containsExactly("name");
              assertThat(((Mapping) requireNonNull(object.get("data"))).entries().keySet())
                  .containsExactly("managedFields");
              assertThat(read.request().user().extra())
                  .containsEntry("managedFields", List.of("x"));
            });
  }

  private static String why(String text) {
    assertThat(read(text)).isInstanceOf(ReviewReader.Unreadable.class);
    return ((ReviewReader.Unreadable) read(text)).why();
  }

  @Test
  void whatCannotBeTrustedIsRefused() {
    assertThat(why("")).contains("empty");
    assertThat(why(REVIEW.substring(0, 200))).contains("not JSON");
    assertThat(why("[]")).contains("not one JSON object");
    assertThat(why(REVIEW.replace("k8s.io/v1\"", "k8s.io/v1beta1\"")))
        .contains("admissionReviewVersions: [v1]");
    assertThat(why("{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}"))
        .contains("no request");
    assertThat(why(REVIEW.replace("\"uid\": \"u-1\", ", ""))).contains("request.uid");
    assertThat(why(REVIEW.replace("CREATE", "MAKE"))).contains("request.operation");
    assertThat(why(REVIEW.replace("\"alice\"", "7"))).contains("request.userInfo.username");
    assertThat(why(REVIEW.replace("[\"a\", \"b\"]", "\"a\""))).contains("groups");
    assertThat(why(REVIEW.replace("{\"spec\": {}}", "\"pod\""))).contains("request.object");
  }

  static List<String> usersBeyondMeasure() {
    return List.of(
        REVIEW.replace("alice", "a".repeat(ReviewReader.LARGEST_USER)),
        REVIEW.replace("[\"a\", \"b\"]", "[\"" + "\u00e9".repeat(33_000) + "\"]"),
        REVIEW.replace("[\"x\"]", "[\"" + "x".repeat(2_700_000) + "\"]"),
        REVIEW.replace(
            "\"scopes\"", "\"" + "s".repeat(40_000) + "\": [], \"" + "t".repeat(40_000) + "\""),
        REVIEW.replace("[\"a\", \"b\"]", numbered(ReviewReader.MOST_OF_USER)),
        REVIEW.replace("[\"x\"]", numbered(ReviewReader.MOST_OF_USER)));
  }

  private static String numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest
  @MethodSource("usersBeyondMeasure")
  void aUserThatNoServerWouldSendIsNotTaken(String review) {
    assertThat(read(review))
        .isInstanceOfSatisfying(
            ReviewReader.Oversized.class,
            oversized ->
                assertThat(oversized.why())
                    .startsWith("userInfo of ")
                    .contains("65536 bytes, 4096 values", "fewer groups or less extra")
                    .hasSizeLessThan(500));
  }

  @Test
  void aUserWithHundredsOfGroupsIsTaken() {
    String groups =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "\"cn=group-%d,ou=people,o=example\"".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(read(REVIEW.replace("[\"a\", \"b\"]", groups)))
        .isInstanceOf(ReviewReader.Understood.class);
  }

  /// They stand in logs and answers.
  @Test
  void longNamesAreRefused() {
    String name = "n".repeat(1_025);
    assertThat(why(REVIEW.replace("u-1", name))).contains("request.uid", "1024");
    assertThat(why(REVIEW.replace("\"ns\"", "\"" + name + "\""))).contains("request.namespace");
    assertThat(why(REVIEW.replace("\"p\"", "\"" + name + "\""))).contains("request.name");
    assertThat(why(REVIEW.replace("\"apps\"", "\"" + name + "\""))).contains("group");
    assertThat(why(REVIEW.replace("u-1", name))).hasSizeLessThan(500);
  }

  @Test
  void bytesAreBounded() {
    int bound = 3 * 1024 * 1024;
    String review = REVIEW + " ".repeat(bound - REVIEW.length());
    assertThat(read(review)).isInstanceOf(ReviewReader.Understood.class);
    assertThat(why(review + " ")).contains("larger than " + bound + " bytes");
  }

  /// Go's JSON takes the last of two; anyone who takes the first sees another object.
  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(why(REVIEW.replace("\"spec\": {}", "\"spec\": {}, \"spec\": {\"a\": 1}")))
        .contains("spec");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 100_000})
  void whatIsNestedTooDeepIsRefused(int depth) {
    String nested = "[".repeat(depth) + "]".repeat(depth);
    assertThat(why(REVIEW.replace("{\"spec\": {}}", "{\"spec\": " + nested + "}"))).isNotEmpty();
  }

  private static String written(AdmissionResponse response) {
    return new String(ReviewWriter.write("u-1", response), UTF_8);
  }

  @Test
  void answersAreWritten() {
    assertThat(written(AdmissionResponse.allowed()))
        .isEqualTo(
            "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                + "{\"uid\":\"u-1\",\"allowed\":true}}");
    assertThat(written(AdmissionResponse.refused(AdmissionResponse.Refusal.forbidden("no"))))
        .contains(
            "\"allowed\":false,\"status\":{\"status\":\"Failure\",\"code\":403,"
                + "\"reason\":\"Forbidden\",\"message\":\"no\"}");
    String patch = "[{\"op\":\"add\",\"path\":\"/a\",\"value\":{}}]";
    assertThat(
            written(
                AdmissionResponse.patched(
                    List.of(PatchOperation.add("/a", new MappingBuilder().build())))))
        .contains("\"patchType\":\"JSONPatch\"")
        .contains(Base64.getEncoder().encodeToString(patch.getBytes(UTF_8)));
    assertThat(written(AdmissionResponse.allowed().warning(List.of("w")).audited(Map.of("k", "v"))))
        .contains("\"warnings\":[\"w\"],\"auditAnnotations\":{\"k\":\"v\"}");
  }

  @Test
  void anAnswerIsBounded() {
    String long1 = "x".repeat(1_000_000);
    assertThat(
            written(
                AdmissionResponse.refused(AdmissionResponse.Refusal.forbidden(long1))
                    .warning(Collections.nCopies(1000, long1))
                    .audited(Map.of("k", long1))))
        .hasSizeLessThan(64 * 1024)
        .contains("and 989 more warnings");
  }

  @Test
  void keysAreEscapedInPaths() {
    assertThat(PatchOperation.escaped("a/b~c")).isEqualTo("a~1b~0c");
  }
}

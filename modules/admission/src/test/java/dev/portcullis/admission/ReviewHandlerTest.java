package dev.portcullis.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.http.Request;
import dev.portcullis.admission.http.Response;
import dev.portcullis.admission.measure.Metrics;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a review becomes when something fails: never an answer that allows.
class ReviewHandlerTest {
  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u-1", "operation": "CREATE", "namespace": "ns",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "userInfo": {"username": "alice"},
        "object": {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}],
          "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}}}}
      """;

  private final Metrics metrics = new Metrics(List.of("validate"), List.of("enforce"), List.of());

  private Response answer(@Nullable Admission admission, String body) {
    return new ReviewHandler("validate", () -> admission, Admission::validate, metrics)
        .answer(new Request("", body.getBytes(UTF_8)));
  }

  private static Admission cluster(boolean answers) {
    return new Admission(
        new Admission.Sources(
            () -> Policies.NONE,
            Grants.known((_, _, _) -> false),
            _ -> {
              if (!answers) {
                throw new IOException("no answer");
              }
              return null;
            },
            (_, _) -> new Mapping(Position.NONE, Map.of()),
            List::of,
            Admission.Contents.unknown()),
        new Scope(Mode.OFF, Set.of(), Set.of(), Set.of()),
        ProfileName.RUNTIME_DEFAULT,
        Leniency.NONE);
  }

  private static String text(Response response) {
    return new String(response.body(), UTF_8);
  }

  @Test
  void whatIsAllowedIs200() {
    Response response = answer(cluster(true), REVIEW);
    assertThat(response.status()).isEqualTo(200);
    assertThat(text(response)).contains("\"uid\":\"u-1\"", "\"allowed\":true");
  }

  /// Also in a cluster that is off by its flag: the namespace may say otherwise.
  @Test
  void whereTheClusterDoesNotAnswerThePodIsRefused() {
    Response response = answer(cluster(false), REVIEW);
    assertThat(response.status()).isEqualTo(200);
    assertThat(text(response))
        .contains("\"allowed\":false", "\"code\":500", "cannot decide", "no answer");
    assertThat(new String(metrics.page(), UTF_8))
        .contains(
            "portcullis_reviews_total{mode=\"enforce\",outcome=\"undecided\",webhook=\"validate\"}"
                + " 1.0");
  }

  @Test
  void beforeThePoliciesAreKnownNothingIsDecided() {
    Response response = answer(null, REVIEW);
    assertThat(response.status()).isEqualTo(503);
    assertThat(text(response)).doesNotContain("allowed");
  }

  @Test
  void whatCannotBeReadIs400() {
    Response response = answer(cluster(true), REVIEW.replace("v1\", \"kind", "v1beta1\", \"kind"));
    assertThat(response.status()).isEqualTo(400);
    assertThat(text(response)).contains("admissionReviewVersions");
  }
}

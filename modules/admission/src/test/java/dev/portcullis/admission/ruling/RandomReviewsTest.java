package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.cluster;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.patched;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.ReviewWriter;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// Pods at random: whatever they say, admission answers, and an admitted pod says in its fields
/// what it was judged by.
class RandomReviewsTest {
  private static final long SEED = 20261124;
  private static final int PODS = 10_000;

  private static final List<String> NAMES =
      List.of(
          "runtime/default",
          "docker/default",
          "unconfined",
          "localhost/a",
          "localhost/b",
          "localhost/",
          "localhost/../x",
          "localhost//abs",
          "''",
          "junk",
          "localhost/a/b c");
  private static final List<String> FIELDS =
      List.of(
          "{type: RuntimeDefault}",
          "{type: Unconfined}",
          "{type: Localhost, localhostProfile: a}",
          "{type: Localhost, localhostProfile: b}",
          "{type: Localhost}",
          "{type: Localhost, localhostProfile: ''}",
          "{type: Odd}",
          "{}",
          "null",
          "{type: RuntimeDefault, localhostProfile: a}",
          "[]",
          "{type: 7}");

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @Test
  void everyOneIsAnswered() throws IOException {
    Admission admission =
        cluster(
            Mode.ENFORCE,
            policy("base", null, "runtime/default", "localhost/a"),
            policy("second", "localhost/b", "localhost/b"));
    int admitted = 0;
    int refused = 0;
    for (int i = 0; i < PODS; i++) {
      Mapping pod = yaml(pod());
      AdmissionVerdict mutation = admission.mutate(creation(pod));
      assertThat(mutation.response().refusal()).isNull();
      Mapping after = patched(pod, mutation.response().patch());
      AdmissionVerdict ruling = admission.validate(creation(after));
      assertThat(ReviewWriter.write("u", ruling.response())).hasSizeLessThan(64 * 1024);
      // The patch is whole: the second pass has nothing to do, and judges alike.
      assertThat(admission.mutate(creation(after)).response().patch()).as(pod::toString).isEmpty();
      if (mutation.outcome() == Outcome.PATCHED) {
        assertThat(ruling.outcome()).as(() -> pod + " seed " + SEED).isEqualTo(Outcome.ALLOWED);
        admitted++;
      } else if (ruling.outcome() == Outcome.REFUSED) {
        refused++;
      }
    }
    assertThat(admitted).isGreaterThan(PODS / 100);
    assertThat(refused).isGreaterThan(PODS / 10);
  }

  private String pod() {
    StringBuilder annotations = new StringBuilder();
    maybe(annotations, "seccomp.security.alpha.kubernetes.io/pod");
    maybe(annotations, "container.seccomp.security.alpha.kubernetes.io/c0");
    maybe(annotations, "container.seccomp.security.alpha.kubernetes.io/c1");
    maybe(annotations, "container.seccomp.security.alpha.kubernetes.io/nobody");
    maybe(annotations, "portcullis.dev/policy");
    maybe(annotations, "portcullis.dev/unconfined");
    return "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {"
        + annotations
        + "}}, spec: {"
        + context()
        + "initContainers: ["
        + (random.nextBoolean() ? "{" + context() + "name: c0}" : "")
        + "], containers: [{"
        + context()
        + "name: c1}]}}";
  }

  private void maybe(StringBuilder annotations, String key) {
    if (random.nextInt(3) == 0) {
      annotations.append("'").append(key).append("': ").append(one(NAMES)).append(", ");
    }
  }

  private String context() {
    return switch (random.nextInt(4)) {
      case 0 -> "securityContext: {seccompProfile: " + one(FIELDS) + "}, ";
      case 1 -> "securityContext: {}, ";
      case 2 -> "securityContext: null, ";
      default -> "";
    };
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}

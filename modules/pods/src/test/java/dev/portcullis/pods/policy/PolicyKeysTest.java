package dev.portcullis.pods.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyKeysTest {
  private static List<PolicyKeys.Odd> odd(String kind, String key) {
    return PolicyKeys.odd(
        Manifests.objects(
                "apiVersion: policy/v1beta1\nkind: "
                    + kind
                    + "\nmetadata:\n  name: p\n  annotations:\n    "
                    + key
                    + ": runtime/default\n")
            .getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "seccomp.security.alpha.kubernetes.io/defaultProfileNames, "
        + "did you mean seccomp.security.alpha.kubernetes.io/defaultProfileName?",
    "seccomp.security.alpha.kubernetes.io/defaultProfile, "
        + "did you mean seccomp.security.alpha.kubernetes.io/defaultProfileName?",
    "seccomp.security.alpha.kubernetes.io/allowedProfiles, "
        + "did you mean seccomp.security.alpha.kubernetes.io/allowedProfileNames?",
    "seccomp.security.kubernetes.io/allowedProfileNames, "
        + "did you mean seccomp.security.alpha.kubernetes.io/allowedProfileNames?",
    "seccomp.security.alpha.kubernetes.io/pod, one allows profiles by"
  })
  void whatNobodyReads(String key, String instead) {
    assertThat(odd("PodSecurityPolicy", key))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.path().text()).isEqualTo("metadata.annotations[" + key + "]");
          assertThat(found.path().at().line()).isEqualTo(6);
          assertThat(found.text()).contains("has no effect on a PodSecurityPolicy; " + instead);
        });
    assertThat(odd("PodDisruptionBudget", key)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    PolicyReader.PSP_ALLOWED,
    PolicyReader.PSP_DEFAULT,
    "apparmor.security.beta.kubernetes.io/allowedProfileNames",
    "kubernetes.io/description"
  })
  void whatIsReadOrMeansSomethingElse(String key) {
    assertThat(odd("PodSecurityPolicy", key)).isEmpty();
  }

  @Test
  void aPolicyWithoutAnnotations() {
    assertThat(
            PolicyKeys.odd(
                Manifests.objects(
                        "{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: p}}")
                    .getFirst()))
        .isEmpty();
  }
}

package dev.portcullis.admission.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.cluster.ClusterPolicies.Known;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterPoliciesTest {
  private static final Policy.Kind KIND = Policy.Kind.SECCOMP_POLICY;
  private static final Policy SOUND =
      new Policy(KIND, "p", List.of(new AllowedProfile.Any()), null);
  private static final List<FieldError> WRONG =
      List.of(FieldError.required(new FieldPath("spec", Position.NONE), ""));

  @Test
  void whatIsSoundCounts() {
    assertThat(Known.of(KIND, "p", new PolicyReader.Usable(SOUND))).isEqualTo(new Known(SOUND, 0));
    assertThat(Known.of(KIND, "p", new PolicyReader.Broken(WRONG, SOUND)))
        .isEqualTo(new Known(SOUND, 1));
  }

  /// In a cluster without policies some profiles need no grant; a policy that nobody can read does
  /// not make it one.
  @Test
  void whatCannotBeUsedIsAPolicyThatAllowsNothing() {
    for (Known known :
        List.of(
            Known.of(KIND, "p", new PolicyReader.Broken(WRONG, null)),
            Known.unusable(KIND, "p", 1))) {
      assertThat(known).isEqualTo(new Known(new Policy(KIND, "p", List.of(), null), 1));
    }
  }

  @Test
  void whatSaysNothingOfSeccompIsNone() {
    assertThat(Known.of(KIND, "p", new PolicyReader.Silent())).isEqualTo(new Known(null, 0));
  }
}

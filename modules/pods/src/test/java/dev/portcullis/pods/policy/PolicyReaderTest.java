package dev.portcullis.pods.policy;

import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {
  private static PolicyReader.Found read(String yaml) {
    return PolicyReader.read(objects(yaml).getFirst());
  }

  private static Policy policy(String yaml) {
    PolicyReader.Found found = read(yaml);
    assertThat(found).isInstanceOf(PolicyReader.Usable.class);
    return ((PolicyReader.Usable) found).policy();
  }

  private static List<String> errors(String yaml) {
    PolicyReader.Found found = read(yaml);
    assertThat(found).isInstanceOf(PolicyReader.Broken.class);
    return kinds(((PolicyReader.Broken) found).errors());
  }

  @Nested
  class SeccompPolicies {
    private static String ours(String spec) {
      return "apiVersion: portcullis.dev/v1alpha1\nkind: SeccompPolicy\nmetadata: {name: p}\nspec: "
          + spec;
    }

    @Test
    void namesWildcardsAndADefault() {
      Policy policy =
          policy(
              ours(
                  "{allowedProfiles: [runtime/default, localhost/a.json, localhost/team-a/*],"
                      + " defaultProfile: localhost/a.json}"));
      assertThat(policy.name()).isEqualTo("p");
      assertThat(policy.kind()).isEqualTo(Policy.Kind.SECCOMP_POLICY);
      assertThat(policy.defaultProfile()).isEqualTo(new ProfileName.Localhost("a.json"));
      assertThat(policy.allowedText())
          .isEqualTo("runtime/default, localhost/a.json, localhost/team-a/*");
    }

    @ParameterizedTest
    @CsvSource({
      "*, unconfined, true",
      "*, localhost/a, true",
      "localhost/*, localhost/a/b, true",
      "localhost/*, unconfined, false",
      "localhost/*, runtime/default, false",
      "localhost/team-a/*, localhost/team-a/x/y.json, true",
      "localhost/team-a/*, localhost/team-ab/x, false",
      "localhost/team-a/*, localhost/team-a, false",
      "localhost/team-a/*, localhost/team-a/, false",
      "localhost/a, localhost/./a, false",
      "docker/default, runtime/default, true",
      "runtime/default, unconfined, false",
    })
    void whatAnEntryAllows(String entry, String name, boolean allowed) {
      Policy policy = policy(ours("{allowedProfiles: ['" + entry + "']}"));
      ProfileText.Meaning meaning = ProfileText.read(name);
      assertThat(policy.allows(((ProfileText.Named) meaning).name())).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{allowedProfiles: [RuntimeDefault]} | INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: [localhost/a*]}   | INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: [runtime/*]}      | INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: [localhost/../*]} | INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: [localhost/]}     | INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: [5]}              | TYPE_INVALID spec.allowedProfiles[0]",
          "{allowedProfiles: localhost/a}      | TYPE_INVALID spec.allowedProfiles",
          "{defaultProfile: nope}              | INVALID spec.defaultProfile",
          "{alowedProfiles: []}                | INVALID spec.alowedProfiles",
          "{stricterThan: [5]}                 | TYPE_INVALID spec.stricterThan[0]",
          "{stricterThan: runtime/default}     | TYPE_INVALID spec.stricterThan",
          "{stricterThan: [junk]}              | INVALID spec.stricterThan[0]",
        })
    void whatIsRefused(String spec, String error) {
      assertThat(errors(ours(spec))).containsExactly(error);
    }

    @Test
    void anEmptySpecAllowsNothing() {
      assertThat(policy(ours("{}")).allowedText()).isEqualTo("nothing");
    }

    @Test
    void anotherVersionIsRefused() {
      assertThat(
              errors(
                  "{apiVersion: portcullis.dev/v9, kind: SeccompPolicy, metadata: {name: p}, spec: {}}"))
          .containsExactly("NOT_SUPPORTED apiVersion");
    }
  }

  @Nested
  class PodSecurityPolicies {
    private static String psp(String annotations) {
      return "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: p\n"
          + "  annotations: "
          + annotations;
    }

    private static String allowing(String list) {
      return psp("{seccomp.security.alpha.kubernetes.io/allowedProfileNames: '" + list + "'}");
    }

    private static String withDefault(String name) {
      return psp("{seccomp.security.alpha.kubernetes.io/defaultProfileName: '" + name + "'}");
    }

    @Test
    void aListAndADefault() {
      Policy policy =
          policy(
              psp(
                  "{seccomp.security.alpha.kubernetes.io/allowedProfileNames:"
                      + " 'docker/default,localhost/a',"
                      + " seccomp.security.alpha.kubernetes.io/defaultProfileName:"
                      + " docker/default}"));
      assertThat(policy.kind()).isEqualTo(Policy.Kind.POD_SECURITY_POLICY);
      assertThat(policy.allowedText()).isEqualTo("runtime/default, localhost/a");
      // Trap 40: the two spellings are one.
      assertThat(policy.allows(ProfileName.RUNTIME_DEFAULT)).isTrue();
      assertThat(policy.defaultProfile()).isEqualTo(ProfileName.RUNTIME_DEFAULT);
    }

    @Test
    void everything() {
      assertThat(policy(allowing("*")).allows(ProfileName.UNCONFINED)).isTrue();
    }

    /// Trap 38: no pattern matching.
    @Test
    void aStarInAPathIsAFileName() {
      Policy policy = policy(allowing("localhost/*"));
      assertThat(policy.allows(new ProfileName.Localhost("a"))).isFalse();
      assertThat(policy.allows(new ProfileName.Localhost("*"))).isTrue();
    }

    /// Nothing is trimmed.
    @ParameterizedTest
    @ValueSource(
        strings = {
          "runtime/default, unconfined",
          "unconfined,",
          ",",
          "RuntimeDefault",
          "localhost//x"
        })
    void entriesThatKubernetesRefuses(String list) {
      assertThat(errors(allowing(list)))
          .containsOnly(
              "INVALID metadata.annotations[seccomp.security.alpha.kubernetes.io/allowedProfileNames]");
    }

    @Test
    void localhostWithNothingAfterItIsTakenAndAllowsNothing() {
      assertThat(policy(allowing("localhost/")).allowedText()).isEqualTo("nothing");
    }

    @Test
    void anEmptyListAllowsNothing() {
      assertThat(policy(allowing("")).allowedText()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "not-good", "runtime/default,unconfined"})
    void defaultsThatKubernetesRefuses(String name) {
      assertThat(errors(withDefault(name))).hasSize(1);
    }

    @Test
    void aPolicyThatSaysNothingAboutSeccompIsSilent() {
      assertThat(read(psp("{a/b: c}"))).isInstanceOf(PolicyReader.Silent.class);
    }

    @Test
    void theOldGroupCounts() {
      assertThat(read(allowing("*").replace("policy/v1beta1", "extensions/v1beta1")))
          .isInstanceOf(PolicyReader.Usable.class);
    }
  }

  @Test
  void otherKindsAreNoPolicies() {
    assertThat(read("{apiVersion: v1, kind: Pod}")).isInstanceOf(PolicyReader.NoPolicy.class);
    assertThat(read("{apiVersion: example.com/v1, kind: SeccompPolicy}"))
        .isInstanceOf(PolicyReader.NoPolicy.class);
  }
}

package dev.portcullis.pods.policy;

import static dev.portcullis.pods.Manifests.objects;
import static dev.portcullis.pods.Manifests.texts;
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
    return texts(((PolicyReader.Broken) found).errors());
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
          "{allowedProfiles: [RuntimeDefault]}|spec.allowedProfiles[0]|must be a valid seccomp",
          "{allowedProfiles: [localhost/a*]}|spec.allowedProfiles[0]|a wildcard is",
          "{allowedProfiles: [runtime/*]}|spec.allowedProfiles[0]|only paths below",
          "{allowedProfiles: [localhost/../*]}|spec.allowedProfiles[0]|only paths below",
          "{allowedProfiles: [localhost/]}|spec.allowedProfiles[0]|must name a file",
          "{allowedProfiles: [5]}|spec.allowedProfiles[0]|must be a string",
          "{allowedProfiles: localhost/a}|spec.allowedProfiles|must be a list",
          "{defaultProfile: nope}|spec.defaultProfile|must be a valid seccomp profile",
          "{alowedProfiles: []}|spec.alowedProfiles|did you mean",
          "{stricterThan: [5]}|spec.stricterThan[0]|must be a string",
          "{stricterThan: runtime/default}|spec.stricterThan|must be a list",
          "{stricterThan: [junk]}|spec.stricterThan[0]|must be a valid seccomp profile",
        })
    void whatIsRefused(String spec, String field, String message) {
      assertThat(errors(ours(spec)).getFirst()).startsWith(field + ": ").contains(message);
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
          .singleElement()
          .asString()
          .contains("portcullis.dev/v1alpha1");
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
          .allMatch(error ->
              error.startsWith(
                  "metadata.annotations[seccomp.security.alpha.kubernetes.io/allowedProfileNames]:"
                      + " Invalid value: "));
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

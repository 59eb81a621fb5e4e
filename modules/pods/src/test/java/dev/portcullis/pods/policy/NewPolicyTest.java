package dev.portcullis.pods.policy;

import static dev.portcullis.pods.Manifests.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.name.ProfileName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewPolicyTest {
  @Test
  void everyFormIsWrittenAndReadAgain() {
    NewPolicy made =
        new NewPolicy(
            "web",
            List.of("runtime/default", "localhost/web/*", "runtime/default"),
            List.of("localhost/base.json"),
            "runtime/default");
    assertThat(made.errors()).isEmpty();
    assertThat(YamlWriter.write(made.object().manifest()))
        .isEqualTo(
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata:
              name: web
            spec:
              allowedProfiles:
              - runtime/default
              - localhost/web/*
              stricterThan:
              - localhost/base.json
              defaultProfile: runtime/default
            """);
    assertThat(PolicyReader.read(made.object()))
        .isEqualTo(
            new PolicyReader.Usable(
                new Policy(
                    Policy.Kind.SECCOMP_POLICY,
                    "web",
                    List.of(
                        new AllowedProfile.Exactly(ProfileName.RUNTIME_DEFAULT),
                        new AllowedProfile.Below("web/")),
                    List.of(new ProfileName.Localhost("base.json")),
                    ProfileName.RUNTIME_DEFAULT)));
  }

  @Test
  void whatTheReaderOrTheServerRefuses() {
    assertThat(kinds(new NewPolicy("Web", List.of("*"), List.of(), null).errors()))
        .containsExactly("INVALID metadata.name");
    assertThat(kinds(new NewPolicy("w", List.of("unconfined", "bogus"), List.of(), null).errors()))
        .containsExactly("INVALID spec.allowedProfiles[1]");
    assertThat(kinds(new NewPolicy("w", List.of(), List.of("*"), "none").errors()))
        .containsExactly("INVALID spec.stricterThan[0]", "INVALID spec.defaultProfile");
    String longest = "localhost/" + "a".repeat(1014);
    assertThat(new NewPolicy("w", List.of(longest), List.of(), longest).errors()).isEmpty();
    assertThat(kinds(new NewPolicy("w", List.of(longest + "a"), List.of(), null).errors()))
        .containsExactly("INVALID spec.allowedProfiles[0]");
  }

  @Test
  void aListHasSoManyEntries() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i <= NewPolicy.MOST_ALLOWED; i++) {
      many.add("localhost/" + i);
    }
    assertThat(kinds(new NewPolicy("w", many, List.of(), null).errors()))
        .containsExactly("INVALID spec.allowedProfiles");
    assertThat(new NewPolicy("w", many.subList(1, many.size()), List.of(), null).errors())
        .isEmpty();
    List<String> same = Collections.nCopies(NewPolicy.MOST_ALLOWED + 1, "localhost/x");
    assertThat(new NewPolicy("w", same, List.of(), null).errors()).isEmpty();
  }

  /// In a list of allowed profiles it would be a pattern.
  @Test
  void aNameWithAnAsteriskCannotBeAllowed() {
    assertThat(NewPolicy.canAllow(new ProfileName.Localhost("batch/*"))).isFalse();
    assertThat(NewPolicy.canAllow(new ProfileName.Localhost("batch/x"))).isTrue();
    assertThat(NewPolicy.canAllow(ProfileName.UNCONFINED)).isTrue();
  }
}

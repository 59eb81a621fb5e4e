package dev.portcullis.pods.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final List<String> DIRECTORIES = List.of("", "a/", "a/b/", "a//", "b/", "ab/");
  private static final List<ProfileName> NAMES =
      List.of(
          ProfileName.RUNTIME_DEFAULT,
          ProfileName.UNCONFINED,
          new ProfileName.Localhost("a"),
          new ProfileName.Localhost("a/"),
          new ProfileName.Localhost("a/b"),
          new ProfileName.Localhost("a/b/c"),
          new ProfileName.Localhost("a//"),
          new ProfileName.Localhost("a//b"),
          new ProfileName.Localhost("ab/c"),
          new ProfileName.Localhost("./a"));

  private static AllowedProfile entry(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new AllowedProfile.Any();
      case 1, 2, 3 -> new AllowedProfile.Below(DIRECTORIES.get(random.nextInt(DIRECTORIES.size())));
      default -> new AllowedProfile.Exactly(NAMES.get(random.nextInt(NAMES.size())));
    };
  }

  private static Policy policy(Random random) {
    List<AllowedProfile> entries = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      entries.add(entry(random));
    }
    return new Policy(
        random.nextInt(4) == 0 ? Policy.Kind.POD_SECURITY_POLICY : Policy.Kind.SECCOMP_POLICY,
        "p" + random.nextInt(1000),
        entries,
        random.nextInt(3) == 0 ? ProfileName.RUNTIME_DEFAULT : null);
  }

  /// The same as to ask each policy by itself.
  @Test
  void findsWhatEachPolicySaysOfItself() {
    Random random = new Random(7);
    int found = 0;
    for (int round = 0; round < 500; round++) {
      Set<Policy> some = new TreeSet<>(Policy.BY_NAME); // which have one name each
      for (int i = random.nextInt(12); i > 0; i--) {
        some.add(policy(random));
      }
      Policies policies = Policies.of(some);
      List<Policy> sorted = List.copyOf(some);
      assertThat(policies.all()).isEqualTo(sorted);
      assertThat(policies.withDefault())
          .isEqualTo(sorted.stream().filter(it -> it.defaultProfile() != null).toList());
      for (ProfileName name : NAMES) {
        List<Policy> allowing = sorted.stream().filter(it -> it.allows(name)).toList();
        assertThat(policies.allowing(name)).as("%s of %s", name, some).isEqualTo(allowing);
        found += allowing.size();
      }
    }
    assertThat(found).isGreaterThan(5_000);
  }
}

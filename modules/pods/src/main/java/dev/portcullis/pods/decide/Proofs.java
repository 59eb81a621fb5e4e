package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tries to prove that a policy allows a profile which no list names, and keeps in mind what
/// failed, for the refusal.
final class Proofs {
  /// Proofs that one profile may cost. A comparison takes milliseconds, a policy may name a hundred
  /// profiles, and somebody waits.
  static final int MOST = 32;

  private final Strictness strictness;
  private final String unprovable;
  private final List<String> failures = new ArrayList<>();
  private int tried;
  private @Nullable StrictnessEvidence proven;

  /// @param unprovable why nothing can be proven for the container; empty where it can
  Proofs(Strictness strictness, String unprovable) {
    this.strictness = strictness;
    this.unprovable = unprovable;
  }

  /// Whether the profile is no weaker than one of those that the policy names.
  boolean allows(Policy policy, ProfileName.Localhost profile) {
    for (ProfileName than : policy.stricterThan()) {
      if (profile.equals(than)) {
        return true;
      }
      if (!unprovable.isEmpty()) {
        if (failures.isEmpty()) {
          failures.add(unprovable);
        }
        continue;
      }
      if (!strictness.hasTime()) {
        failures.add("no time was left to compare profiles; try again");
        return false;
      }
      if (tried++ >= MOST) {
        if (tried == MOST + 1) {
          failures.add("after " + MOST + " comparisons, the rest was skipped");
        }
        return false;
      }
      switch (strictness.compare(profile, than)) {
        case Strictness.NoWeaker(String sha256, String base) -> {
          proven = new StrictnessEvidence(than, sha256, base);
          return true;
        }
        case Strictness.Weaker(String where) ->
            failures.add(
                "it is weaker than "
                    + RefusalText.shown(than)
                    + " ("
                    + policy.label()
                    + "): "
                    + where);
        case Strictness.Unprovable(String why) ->
            failures.add(
                "it is not proven to be no weaker than "
                    + RefusalText.shown(than)
                    + " ("
                    + policy.label()
                    + "): "
                    + why);
      }
    }
    return false;
  }

  /// What was proven; null where nothing was, or had to be.
  @Nullable StrictnessEvidence proven() {
    return proven;
  }

  /// Why nothing was proven, in the order of the policies.
  List<String> failures() {
    return List.copyOf(failures);
  }
}

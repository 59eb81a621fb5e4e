package dev.portcullis.pods.decide;

import java.util.Optional;

/// What a container is admitted on.
public sealed interface Ground {

  /// A policy allows its profile by name. Of a container that runs without a filter whatever it
  /// names, it is a policy that allows that.
  ///
  /// @param policy the first by name
  record ByPolicy(String policy) implements Ground {}

  /// A policy allows its profile because it is proven to be no weaker than one that it names.
  ///
  /// @param policy the first by name, where none allows the profile by name
  record ByProof(String policy, StrictnessEvidence proven) implements Ground {}

  /// There is no policy, and all users may use the profile then.
  record NoPolicies() implements Ground {}

  /// Who may use what was not checked: see {@link PolicyScope.ValidityOnly}.
  record ValidityOnly() implements Ground {}

  /// The name of the policy that admits it.
  default Optional<String> policyName() {
    return switch (this) {
      case ByPolicy(String policy) -> Optional.of(policy);
      case ByProof(String policy, _) -> Optional.of(policy);
      case NoPolicies _, ValidityOnly _ -> Optional.empty();
    };
  }
}

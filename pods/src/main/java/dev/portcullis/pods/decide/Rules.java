package dev.portcullis.pods.decide;

import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import java.util.List;

/// What pods are judged by.
public sealed interface Rules {

  /// Only whether a pod is valid; every profile may be used.
  record ValidityOnly() implements Rules {}

  /// Policies, all of which count as usable by everybody.
  record PoliciesForAll(List<Policy> policies) implements Rules {
    public PoliciesForAll {
      policies = policies.stream().sorted(Policy.BY_NAME).toList();
    }
  }

  /// Policies and grants, for one requesting user.
  record PoliciesForUser(List<Policy> policies, Grants grants, User user) implements Rules {
    public PoliciesForUser {
      policies = policies.stream().sorted(Policy.BY_NAME).toList();
    }
  }
}

package dev.portcullis.pods.decide;

import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.User;

/// What pods are judged by.
public sealed interface Rules {

  /// Only whether a pod is valid; every profile may be used.
  record ValidityOnly() implements Rules {}

  /// Policies, all of which count as usable by everybody.
  record PoliciesForAll(Policies policies, Strictness strictness) implements Rules {}

  /// Policies and grants, for one requesting user.
  record PoliciesForUser(Policies policies, Grants grants, Strictness strictness, User user)
      implements Rules {}
}

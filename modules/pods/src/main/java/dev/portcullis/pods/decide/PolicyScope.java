package dev.portcullis.pods.decide;

import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.User;

/// What pods are judged by.
public sealed interface PolicyScope {

  /// Only whether a pod is valid; every profile may be used.
  record ValidityOnly() implements PolicyScope {}

  /// Policies, all of which count as usable by all users.
  record PoliciesForAll(Policies policies, Strictness strictness) implements PolicyScope {}

  /// Policies and grants, for one requesting user.
  record PoliciesForUser(Policies policies, Grants grants, Strictness strictness, User user)
      implements PolicyScope {}
}

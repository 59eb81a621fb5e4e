package dev.portcullis.pods.decide;

import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;

/// Who may use which policy.
@FunctionalInterface
public interface Grants {

  /// Whether a user may use a policy for a pod in a namespace.
  boolean mayUse(User user, Policy policy, String namespace);
}

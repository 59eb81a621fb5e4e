package dev.portcullis.pods.decide;

import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may use which policy.
@FunctionalInterface
public interface Grants {

  /// Which of some policies any of some users may use for a pod in a namespace. What is asked
  /// together is meant to be answered together: asking may cost a call over the network.
  Answers ask(List<User> users, List<Policy> policies, String namespace);

  /// Grants from a source that always has the answer.
  static Grants known(Known grants) {
    return (users, policies, namespace) -> {
      Set<Policy> usable = new HashSet<>();
      for (Policy policy : policies) {
        if (users.stream().anyMatch(user -> grants.mayUse(user, policy, namespace))) {
          usable.add(policy);
        }
      }
      return new Answers(usable, Set.of(), null);
    };
  }

  /// Whether one user may use one policy.
  @FunctionalInterface
  interface Known {
    boolean mayUse(User user, Policy policy, String namespace);
  }

  /// What is known after asking. A policy in neither set may not be used.
  ///
  /// @param usable those that one of the users may use
  /// @param unknown those of which it could not be learnt; no user may guess that they may be used,
  ///   nor which default would have come first
  /// @param failure why, in words; null where nothing is unknown
  record Answers(Set<Policy> usable, Set<Policy> unknown, @Nullable String failure) {
    public Answers {
      usable = Set.copyOf(usable);
      unknown = Set.copyOf(unknown);
    }
  }
}

package dev.portcullis.cel;

import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.User;
import java.util.Comparator;
import java.util.List;

/// The order in which policies are asked for: first those that many may use, so that most pods are
/// admitted by the first question.
///
/// @param rbac the grants as far as they are known
record GrantRank(Rbac rbac) {
  List<Policy> sorted(List<Policy> policies) {
    return policies.stream()
        .sorted(
            Comparator.comparing((Policy policy) -> !isForMany(policy))
                .thenComparing(Policy.BY_NAME))
        .toList();
  }

  private boolean isForMany(Policy policy) {
    return isGrantedTo(policy, User.AUTHENTICATED) || isGrantedTo(policy, User.SERVICE_ACCOUNTS);
  }

  /// Whether all users may use a policy by a group that an API server leaves out where a policy in
  /// CEL asks for a service account, and service accounts have no other grant.
  boolean missesAccounts(Policy policy) {
    return isGrantedTo(policy, User.AUTHENTICATED) && !isGrantedTo(policy, User.SERVICE_ACCOUNTS);
  }

  /// In all namespaces.
  private boolean isGrantedTo(Policy policy, String group) {
    for (Grant grant : rbac.grants(policy, "")) {
      if (grant.subject().kind().equals("Group") && grant.subject().name().equals(group)) {
        return true;
      }
    }
    return false;
  }
}

package dev.portcullis.pods.rbac;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A RoleBinding or a ClusterRoleBinding.
///
/// @param namespace null for a ClusterRoleBinding, which holds everywhere
record Binding(@Nullable String namespace, String name, Role.Key role, List<Subject> subjects) {

  /// @param namespace of a service account
  record Subject(Kind kind, String name, String namespace) {
    enum Kind {
      USER,
      GROUP,
      SERVICE_ACCOUNT
    }

    boolean is(User user) {
      return switch (kind) {
        case USER -> user.name().equals(name);
        case GROUP -> user.groups().contains(name);
        case SERVICE_ACCOUNT -> user.isServiceAccount(namespace, name);
      };
    }
  }

  Binding {
    subjects = List.copyOf(subjects);
  }

  boolean binds(User user, String inNamespace) {
    if (namespace != null && !namespace.equals(inNamespace)) {
      return false;
    }
    for (Subject subject : subjects) {
      if (subject.is(user)) {
        return true;
      }
    }
    return false;
  }
}

package dev.portcullis.pods.rbac;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A RoleBinding or a ClusterRoleBinding.
///
/// @param namespace null for a ClusterRoleBinding, which holds everywhere
record Binding(@Nullable String namespace, String name, Role.Key role, List<Subject> subjects) {
  Binding {
    subjects = List.copyOf(subjects);
  }

  String kind() {
    return namespace == null ? "ClusterRoleBinding" : "RoleBinding";
  }

  /// The namespace and the name, which no other binding of its kind has.
  Role.Key key() {
    return new Role.Key(namespace, name);
  }

  @Override
  public String toString() {
    return kind() + " " + key().qualified();
  }

  boolean holdsIn(String inNamespace) {
    return namespace == null || namespace.equals(inNamespace);
  }

  boolean binds(User user, String inNamespace) {
    if (!holdsIn(inNamespace)) {
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

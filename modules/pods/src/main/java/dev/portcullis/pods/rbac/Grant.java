package dev.portcullis.pods.rbac;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// One grant of a policy: a subject, and the binding that gives it a role.
///
/// @param binding null for a group that needs none
/// @param role null like the binding
public record Grant(Named subject, @Nullable Named binding, @Nullable Named role) {

  /// By subject and binding; those without a binding at the end.
  static final Comparator<Grant> ORDER =
      Comparator.comparing((Grant grant) -> grant.binding() == null)
          .thenComparing(grant -> grant.subject().toString())
          .thenComparing(grant -> String.valueOf(grant.binding()));

  /// An object or a subject of RBAC.
  ///
  /// @param namespace null where the kind has none
  public record Named(String kind, @Nullable String namespace, String name) {
    @Override
    public String toString() {
      return kind + " " + (namespace == null ? name : namespace + "/" + name);
    }
  }

  static Grant of(Binding binding, Subject subject) {
    return new Grant(
        new Named(
            subject.kind().text(),
            switch (subject.kind()) {
              case USER, GROUP -> null;
              case SERVICE_ACCOUNT -> subject.namespace();
            },
            subject.name()),
        named(binding.kind(), binding.key()),
        named(binding.role().kind(), binding.role()));
  }

  private static Named named(String kind, Role.Key key) {
    return new Named(kind, key.namespace(), key.name());
  }
}

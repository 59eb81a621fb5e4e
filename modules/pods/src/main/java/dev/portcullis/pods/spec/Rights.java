package dev.portcullis.pods.spec;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a container's security context says about rights, as far as it decides when a runtime loads
/// the container's filter. A process may load one if it is under no_new_privs or has CAP_SYS_ADMIN
/// (seccomp(2)). So with no_new_privs runc and crun load it last. Without, they load it while they
/// still have all rights, and drop capabilities, groups and user under it: what the filter answers
/// to these calls is the profile author's choice, and may be a success that never was.
///
/// @param privileged `privileged`
/// @param allowPrivilegeEscalation `allowPrivilegeEscalation`; true unless the field says false
/// @param added `capabilities.add`, as written
public record Rights(boolean privileged, boolean allowPrivilegeEscalation, List<String> added) {
  /// Of a container without a security context.
  public static final Rights OF_NOTHING = new Rights(false, true, List.of());

  public Rights {
    added = List.copyOf(added);
  }

  /// The member of `added` by which the container has CAP_SYS_ADMIN; null where none does. In any
  /// spelling that some runtime takes: in lower case, with `CAP_` or without, `ALL`.
  public @Nullable String sysAdmin() {
    for (String name : added) {
      switch (name.strip().toUpperCase(Locale.ROOT)) {
        case "SYS_ADMIN", "CAP_SYS_ADMIN", "ALL", "CAP_ALL" -> {
          return name;
        }
        default -> {}
      }
    }
    return null;
  }

  /// Whether the container is under no_new_privs and has no right to do without. `privileged` and
  /// CAP_SYS_ADMIN count, whatever the field says: Kubernetes takes them for privilege escalation.
  public boolean noNewPrivileges() {
    return !allowPrivilegeEscalation && !privileged && sysAdmin() == null;
  }
}

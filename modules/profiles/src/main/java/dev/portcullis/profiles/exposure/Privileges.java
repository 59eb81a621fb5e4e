package dev.portcullis.profiles.exposure;

import java.util.Set;

/// What a process may have beside what its filter leaves it.
///
/// @param capabilities its bounding set, in full names: anyone who runs in a container may get what
///   is in there by a program with file capabilities, or as root
/// @param overNode whether they are capabilities over the node, and not only in a user namespace of
///   the pod (`hostUsers: false`)
public record Privileges(Set<String> capabilities, boolean overNode) {
  public Privileges {
    capabilities = Set.copyOf(capabilities);
  }
}

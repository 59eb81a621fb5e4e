package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.profile.Profile;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sockets that profiles may name as their `listenerPath`, by an administrator's word. The OCI
/// runtime connects to such a socket as root on the node, and anyone who listens there answers the
/// container's calls (seccomp_unotify(2)): it may be a socket in a volume of the pod itself.
///
/// @param paths absolute; a profile's must be the very same text
public record AllowedListeners(Set<String> paths) {
  /// None.
  public static final AllowedListeners NONE = new AllowedListeners(Set.of());

  public AllowedListeners {
    paths = Set.copyOf(paths);
  }

  /// Why a profile may not be used; null where it may.
  public @Nullable String refusal(Profile profile) {
    String path = profile.listener().path();
    return path.isEmpty() || paths.contains(path)
        ? null
        : "its listenerPath "
            + QuotedText.path(path)
            + " is not allowed here: the runtime would connect to it as root, and its listener"
            + " there would decide about calls; remove it, or let an administrator allow it with"
            + " --allow-listener "
            + QuotedText.path(path);
  }
}

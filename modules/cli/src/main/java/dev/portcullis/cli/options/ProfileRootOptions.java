package dev.portcullis.cli.options;

import dev.portcullis.container.profiles.AllowedListeners;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Where the profiles of `localhost/` names lie, and what they may name themselves.
public final class ProfileRootOptions {
  public static final Option ROOT_DIR =
      Option.value("root-dir", "DIR", "the kubelet's directory").usually("/var/lib/kubelet");

  public static final Option SECCOMP_PROFILE_ROOT =
      Option.value(
          "seccomp-profile-root",
          "DIR",
          "directory of localhost/ profiles (default: seccomp below --root-dir)");

  public static final Option ALLOW_LISTENER =
      Option.values(
          "allow-listener",
          "PATH",
          "a socket that profiles may name as their listenerPath; may be repeated");

  /// Those that say where the profiles lie, for the grammar of a verb.
  public static final List<Option> ALL = List.of(ROOT_DIR, SECCOMP_PROFILE_ROOT);

  private ProfileRootOptions() {}

  /// Where `localhost/` profiles lie, by {@link #SECCOMP_PROFILE_ROOT} and {@link #ROOT_DIR}.
  public static Path profileRoot(Arguments arguments) throws UsageException {
    Path named = arguments.path(SECCOMP_PROFILE_ROOT);
    return named != null ? named : arguments.pathOrUsual(ROOT_DIR).resolve("seccomp");
  }

  /// What profiles may name as their `listenerPath`.
  public static AllowedListeners allowedListeners(Arguments arguments) throws UsageException {
    List<String> paths = arguments.values(ALLOW_LISTENER);
    for (String path : paths) {
      if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
        throw new UsageException(
            "--allow-listener: \"" + path + "\" must be an absolute path, as in the profile");
      }
    }
    return new AllowedListeners(Set.copyOf(paths));
  }
}

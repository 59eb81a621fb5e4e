package dev.portcullis.seccomp.defaults;

import dev.portcullis.seccomp.profile.Profile;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the default profile of a runtime says in some of its releases.
///
/// @param name the first release that says it
/// @param versions all releases that say it
/// @param source where it was read, of the first release
/// @param base the name of the contents that the changes are to; null where nothing is before
/// @param changes as `+ allow since 4.8: ptrace`; of contents without a base all that they say,
///   without a sign
/// @param profile in Docker's format, with its conditions
public record DefaultContents(
    String name,
    List<VersionRange> versions,
    Source source,
    @Nullable String base,
    List<String> changes,
    Profile profile) {
  public DefaultContents {
    versions = List.copyOf(versions);
    changes = List.copyOf(changes);
  }

  /// Where something was read.
  ///
  /// @param repository on GitHub, `containerd/containerd`
  /// @param date of the commit, `2022-02-15`
  /// @param file its path, and what changes it
  public record Source(String repository, String tag, String commit, String date, String file) {}

  /// The versions in one line.
  public String versionsText() {
    return versions.stream().map(VersionRange::toString).collect(Collectors.joining(", "));
  }
}

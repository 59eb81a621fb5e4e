package dev.portcullis.profiles.key;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import java.util.Optional;

/// The one key of a profile below a profile root, for all the names that lead to it:
/// `localhost/a//b.json` and `localhost/./a/b.json` are one file.
///
/// @param path below the profile root, without empty elements and `.`: `a/b.json`
public record ProfileKey(String path) implements Comparable<ProfileKey> {
  public ProfileKey {
    if (!new ProfileName.Localhost(path.isEmpty() ? "." : path).cleaned().equals(path)) {
      throw new IllegalArgumentException("not a cleaned path below the profile root: " + path);
    }
  }

  /// Of the profile that a name leads to.
  public static ProfileKey of(ProfileName.Localhost name) {
    return new ProfileKey(name.cleaned());
  }

  /// By its text; empty for a text that {@link #text} does not write.
  public static Optional<ProfileKey> read(String text) {
    return ProfileText.read(text) instanceof ProfileText.Named(ProfileName.Localhost name)
            && name.cleaned().equals(name.path())
        ? Optional.of(of(name))
        : Optional.empty();
  }

  /// As records, reports and messages have it: `localhost/a/b.json`.
  public String text() {
    return ProfileText.LOCALHOST_PREFIX + path;
  }

  @Override
  public int compareTo(ProfileKey other) {
    return path.compareTo(other.path);
  }

  @Override
  public String toString() {
    return text();
  }
}

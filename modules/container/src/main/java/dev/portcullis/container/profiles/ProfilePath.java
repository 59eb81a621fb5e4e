package dev.portcullis.container.profiles;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// From the path of a `localhost/` name to a path below the root, by text alone.
///
/// The API server refuses absolute paths and the element `..` and nothing else, and kubelet checks
/// nothing: it joins with Go's filepath.Join, which cleans `a//b`, `./a` and a trailing `/`. Java
/// normalises in the same way.
final class ProfilePath {
  private ProfilePath() {}

  static Path below(Path root, String path) throws UnusableProfileException {
    if (path.isEmpty()) {
      throw bad(root, path, "the name has no path after localhost/; name a file below the root");
    }
    if (path.startsWith("/")) {
      throw bad(root, path, "the path must be relative to the profile root; remove the first /");
    }
    if (Arrays.asList(path.split("/", -1)).contains("..")) {
      throw bad(root, path, "the path must not contain `..`");
    }
    if (path.indexOf('\0') >= 0) {
      throw bad(root, path, "the path must not contain NUL");
    }
    Path joined;
    try {
      joined = root.resolve(path).normalize();
    } catch (InvalidPathException unmappable) {
      throw bad(
          root,
          path,
          "the path cannot be written in this system's encoding; start Portcullis with a UTF-8"
              + " locale (LANG=C.UTF-8)");
    }
    if (!joined.startsWith(root)) {
      throw bad(root, path, "the path leads out of the profile root");
    }
    return joined;
  }

  private static UnusableProfileException bad(Path root, String path, String message) {
    return UnusableProfileException.unusable(root + "/" + path, message);
  }
}

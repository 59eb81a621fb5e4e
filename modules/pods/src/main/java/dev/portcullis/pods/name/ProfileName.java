package dev.portcullis.pods.name;

import java.util.Arrays;
import java.util.stream.Collectors;

/// How a pod names a seccomp profile.
public sealed interface ProfileName {

  /// The profile that the container runtime ships.
  RuntimeDefault RUNTIME_DEFAULT = new RuntimeDefault();

  /// No filter at all.
  Unconfined UNCONFINED = new Unconfined();

  /// The name as an annotation spells it. `docker/default`, the old spelling of `runtime/default`,
  /// is not kept: the two are one profile.
  String text();

  /// `runtime/default`
  record RuntimeDefault() implements ProfileName {
    @Override
    public String text() {
      return ProfileText.RUNTIME_DEFAULT;
    }
  }

  /// `unconfined`
  record Unconfined() implements ProfileName {
    @Override
    public String text() {
      return ProfileText.UNCONFINED;
    }
  }

  /// `localhost/<path>`: a file below the node's profile root.
  ///
  /// @param path as the pod wrote it, character for character; not empty, relative, without an
  ///   element `..`
  record Localhost(String path) implements ProfileName {
    public Localhost {
      if (path.isEmpty() || !ProfileText.pathProblems(path).isEmpty()) {
        throw new IllegalArgumentException("not a profile path: " + path);
      }
    }

    @Override
    public String text() {
      return ProfileText.LOCALHOST_PREFIX + path;
    }

    /// The path as kubelet makes one of it (Go's `filepath.Join`): without empty elements and `.`.
    /// Names with the same one lead to one file. By text alone: a name may have what no path of a
    /// file can have, as NUL.
    public String cleaned() {
      return Arrays.stream(path.split("/", -1))
          .filter(element -> !element.isEmpty() && !element.equals("."))
          .collect(Collectors.joining("/"));
    }
  }
}

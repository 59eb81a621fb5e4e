package dev.portcullis.node.distribution;

import java.util.Set;

/// Under which profiles containers of this node run, or soon will.
public sealed interface Usage {
  /// These, and no others.
  ///
  /// @param paths below the profile root
  record Known(Set<String> paths) implements Usage {
    public Known {
      paths = Set.copyOf(paths);
    }
  }

  /// It is unknown, so all may be in use.
  ///
  /// @param why for people
  record Unknown(String why) implements Usage {}
}

package dev.portcullis.node.proxy;

import dev.portcullis.pods.name.ProfileName;

/// What was decided about a container's profile.
sealed interface Selection {

  /// It is to run under this one.
  ///
  /// @param source what named it, for messages: `annotation ...`
  record Chosen(ProfileName name, SelectionOrigin origin, String source) implements Selection {}

  /// Something is named that cannot be used. Nothing else takes its place.
  ///
  /// @param source what named it
  /// @param problem the value, and what is wrong with it
  record Unusable(String source, String problem) implements Selection {}

  /// The container is privileged: no profile is chosen for it.
  record LeftAlone() implements Selection {}
}

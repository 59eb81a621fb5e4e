package dev.portcullis.node.proxy;

import dev.portcullis.pods.name.ProfileName;

/// What was decided about a container's profile.
sealed interface Choice {

  /// It is to run under this one.
  ///
  /// @param source what named it, for messages: `annotation ...`
  record Chosen(ProfileName name, ChoiceOrigin origin, String source) implements Choice {}

  /// Something is named that cannot be used. Nothing else takes its place.
  ///
  /// @param source what named it
  /// @param problem the value, and what is wrong with it
  record Unusable(String source, String problem) implements Choice {}

  /// Its profile is nobody's concern.
  record LeftAlone() implements Choice {}
}

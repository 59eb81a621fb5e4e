package dev.portcullis.pods.resolve;

import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldPath;

/// What the pod says about the profile of one container.
public sealed interface RequestedProfile {

  /// The pod names a profile for it, or tries to.
  ///
  /// @param origin one of the first four
  /// @param path of the field or annotation that decides
  /// @param meaning a profile, or why it is none. What is present decides, also when it is
  ///   unusable: nothing falls through to a lower level
  record Named(Origin origin, FieldPath path, ProfileText.Meaning meaning)
      implements RequestedProfile {}

  /// The pod names none: a default applies.
  record Unnamed() implements RequestedProfile {}
}

package dev.portcullis.pods.resolve;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.name.ProfileText;

/// What the pod says about the profile of one container.
public sealed interface Wish {

  /// The pod names a profile for it, or tries to.
  ///
  /// @param origin one of the first four
  /// @param field the path of the field or annotation that decides
  /// @param meaning a profile, or why it is none. What is present decides, also when it is
  ///   unusable: nothing falls through to a lower level
  record Named(Origin origin, String field, Position at, ProfileText.Meaning meaning)
      implements Wish {}

  /// The pod names none: a default applies.
  record Unnamed() implements Wish {}
}

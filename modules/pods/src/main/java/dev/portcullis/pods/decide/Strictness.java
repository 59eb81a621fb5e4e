package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import org.jspecify.annotations.Nullable;

/// Whether one profile is no weaker than another, by what the two do: for `spec.stricterThan` of
/// policies. Asked for profiles below the profile root only, and only for policies that may be
/// used.
@FunctionalInterface
public interface Strictness {

  /// What `profile` is to `than`.
  Answer compare(ProfileName.Localhost profile, ProfileName than);

  /// Whether there is time left to compare: the one who waits for the answer may have gone.
  default boolean hasTime() {
    return true;
  }

  /// What could be learnt.
  sealed interface Answer {}

  /// It is proven: no call gets a less severe action.
  ///
  /// @param sha256 of the content that it was proven of, in hexadecimal
  /// @param baseSha256 of the other profile's content; null where that is no filter at all
  record NoWeaker(String sha256, @Nullable String baseSha256) implements Answer {}

  /// It is not so.
  ///
  /// @param where in words, what it allows and the other does not, with one call that shows it
  record Weaker(String where) implements Answer {}

  /// It cannot be decided, and so nothing is allowed.
  ///
  /// @param why in words: a content is not known, or is another one here than there
  record Unprovable(String why) implements Answer {}

  /// Where no content is known.
  ///
  /// @param why the reason, for the refusal
  static Strictness unknown(String why) {
    return (_, _) -> new Unprovable(why);
  }
}

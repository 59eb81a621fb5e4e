package dev.portcullis.profiles.compare;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.seccomp.profile.ProfileContent;
import org.jspecify.annotations.Nullable;

/// What one content is to another.
@FunctionalInterface
public interface ContentComparer {
  /// What `profile` is to `than`.
  ///
  /// @param than null for no filter at all
  Strictness.Answer compare(ProfileContent profile, @Nullable ProfileContent than);

  /// Whether there is time left to compare: the one who waits for the answer may have gone.
  default boolean hasTime() {
    return true;
  }
}

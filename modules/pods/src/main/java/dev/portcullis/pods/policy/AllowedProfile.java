package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;

/// One entry of a policy's list of allowed profiles.
public sealed interface AllowedProfile {

  boolean allows(ProfileName name);

  /// The entry as a policy spells it.
  String text();

  /// `*`: every profile, `unconfined` too.
  record Any() implements AllowedProfile {
    @Override
    public boolean allows(ProfileName name) {
      return true;
    }

    @Override
    public String text() {
      return "*";
    }
  }

  /// One name. Compared as text, without cleaning the path: `localhost/./a` is not `localhost/a`.
  record Exactly(ProfileName name) implements AllowedProfile {
    @Override
    public boolean allows(ProfileName other) {
      return name.equals(other);
    }

    @Override
    public String text() {
      return name.text();
    }
  }

  /// `localhost/<directory>/*`, or `localhost/*`: every file below a directory of the profile root.
  ///
  /// @param directory with a slash at its end; empty for the root itself
  record Below(String directory) implements AllowedProfile {
    @Override
    public boolean allows(ProfileName other) {
      return other instanceof ProfileName.Localhost localhost
          && localhost.path().startsWith(directory)
          && localhost.path().length() > directory.length();
    }

    @Override
    public String text() {
      return ProfileText.LOCALHOST_PREFIX + directory + "*";
    }
  }
}

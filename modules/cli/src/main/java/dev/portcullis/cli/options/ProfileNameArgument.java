package dev.portcullis.cli.options;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import java.util.List;

/// A profile name on the command line.
public final class ProfileNameArgument {
  /// What a name that is none may have been meant as.
  private static final List<String> NAMES = List.of("runtime/default", "unconfined");

  /// The names that need no file, and how the others begin.
  public static final Values VALUES =
      Values.TEXT.or(() -> List.of("runtime/default", "unconfined", ProfileText.LOCALHOST_PREFIX));

  private ProfileNameArgument() {}

  /// The profile that a text names.
  ///
  /// @param what is given the name, for the message: `--default-profile: `; empty for an operand
  public static ProfileName read(String what, String text) throws UsageException {
    return switch (ProfileText.read(text)) {
      case ProfileText.Named(ProfileName name) -> name;
      case ProfileText.Unusable(List<ProfileText.Problem> problems) ->
          throw new UsageException(
              what
                  + "\""
                  + text
                  + "\" "
                  + problems.getFirst().detail()
                  + "; use runtime/default, unconfined or localhost/<path>"
                  + NearestOption.hint(text, "", NAMES));
    };
  }
}

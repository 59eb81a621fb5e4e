package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;
import java.util.regex.Pattern;

/// The name of a system call, where a rule names it. Whether there is such a call is not known
/// here.
public record SyscallName(Position at, String name) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,100}");

  /// Whether a text may be given to libseccomp as a name. What no name can be is not looked up: a C
  /// string ends at its first NUL, so `mkdir\0x` would be `mkdir` to libseccomp.
  public static boolean canBeLookedUp(String text) {
    return WORD.matcher(text).matches();
  }
}

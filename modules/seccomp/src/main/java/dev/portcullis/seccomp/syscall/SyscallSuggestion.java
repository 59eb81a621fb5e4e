package dev.portcullis.seccomp.syscall;

import dev.portcullis.seccomp.finding.SpellingHint;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Suggests a system call for a name that does not exist.
///
/// Not one that is merely like it: `openat3` may be a call of tomorrow, and is not `openat2`.
public final class SyscallSuggestion {
  /// How C and the kernel write the name or the number of a call.
  private static final Pattern DRESSED =
      Pattern.compile(
          "(?i:SCMP_SYS\\((?<macro>\\w+)\\)|(?:__NR_|__SNR_|__(?:x64|ia32|arm64)_sys_|SYS_)(?<name>\\w+))"
              + "|(?<function>\\w+)\\(\\)");

  /// Calls whose function in the kernel is called otherwise (fs/stat.c, kernel/sys.c).
  private static final Map<String, String> FUNCTIONS =
      Map.of("newuname", "uname", "newstat", "stat", "newlstat", "lstat", "newfstat", "fstat");

  private SyscallSuggestion() {}

  /// `; did you mean X?`, or nothing.
  public static String hint(String written, Collection<String> known) {
    return of(written, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /// The known call that was meant; nothing where that is not clear.
  public static Optional<String> of(String written, Collection<String> known) {
    String plain = plain(written);
    if (known.contains(plain)) {
      return Optional.of(plain);
    }
    String other = FUNCTIONS.get(plain);
    if (other != null) {
      return Optional.of(other);
    }
    List<String> numbered =
        known.stream()
            .filter(name -> name.startsWith(plain))
            .filter(name -> name.substring(plain.length()).matches("[0-9]+"))
            .toList();
    if (plain.length() >= 3 && numbered.size() == 1) {
      return Optional.of(numbered.getFirst());
    }
    return SpellingHint.single(plain, known).filter(name -> !isVersionOf(plain, name));
  }

  private static String plain(String written) {
    String text = written.strip();
    Matcher dressed = DRESSED.matcher(text);
    if (dressed.matches()) {
      for (String group : List.of("macro", "name", "function")) {
        if (dressed.group(group) != null) {
          text = dressed.group(group);
        }
      }
    }
    return text.toLowerCase(Locale.ROOT);
  }

  /// Whether one is the other with a number or a letter that makes another call of it.
  private static boolean isVersionOf(String written, String name) {
    String longer = written.length() > name.length() ? written : name;
    String shorter = written.length() > name.length() ? name : written;
    if (longer.length() == shorter.length()) {
      return longer.replaceAll("[0-9]", "").equals(shorter.replaceAll("[0-9]", ""));
    }
    return longer.matches("\\Q" + shorter + "\\E[0-9v]")
        || longer.matches("[flp]\\Q" + shorter + "\\E");
  }
}

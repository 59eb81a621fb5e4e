package dev.portcullis.documents;

import java.util.Optional;
import java.util.Set;

/// Which field a key of an object is for, as Go's encoding/json decides it: the field of that name,
/// or the first whose name differs only in case.
///
/// Its folding (`foldFunc` in encoding/json, the same as Unicode's simple folding) is neither that
/// of ASCII nor that of {@link String#equalsIgnoreCase}: for names in ASCII it takes U+212A, the
/// Kelvin sign, for `k` and U+017F, the long s, for `s`, but not U+0131, the dotless i, for `i`.
public final class GoKeys {
  private static final int KELVIN = 0x212A;
  private static final int LONG_S = 0x017F;

  private GoKeys() {}

  /// The field that a key is for.
  ///
  /// @param fields in their order, in ASCII
  public static Optional<String> field(String key, Set<String> fields) {
    return fields.contains(key)
        ? Optional.of(key)
        : fields.stream().filter(field -> folds(field, key)).findFirst();
  }

  private static boolean folds(String field, String key) {
    if (field.length() != key.length()) {
      return false;
    }
    for (int i = 0; i < field.length(); i++) {
      if (lower(field.charAt(i)) != lower(key.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A' + 'a';
    }
    return switch (c) {
      case KELVIN -> 'k';
      case LONG_S -> 's';
      default -> c;
    };
  }
}

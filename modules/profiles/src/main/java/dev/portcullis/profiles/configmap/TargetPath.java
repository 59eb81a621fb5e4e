package dev.portcullis.profiles.configmap;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a key of a ConfigMap goes below the profile root. Kubernetes has checked the key once
/// (`IsConfigMapKey` in its `pkg/util/validation`: letters, digits, `-`, `_` and `.`, not `..`);
/// the annotation can be any text.
final class TargetPath {
  private static final Pattern ELEMENT = Pattern.compile("[-_a-zA-Z0-9][-._a-zA-Z0-9]{0,251}");
  private static final int DEEPEST = 8;

  private TargetPath() {}

  /// Why the text cannot be a directory below the root; null where it can.
  static @Nullable String wrongDirectory(String directory) {
    String[] elements = directory.split("/", -1);
    if (elements.length > DEEPEST) {
      return "is deeper than " + DEEPEST + " directories";
    }
    for (String element : elements) {
      String wrong = wrongElement(element);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  /// Why the text cannot be the name of a file or a directory; null where it can. None begins with
  /// a dot: `..` leads elsewhere, and the others are Portcullis' own and what editors leave.
  static @Nullable String wrongElement(String element) {
    return ELEMENT.matcher(element).matches()
        ? null
        : "has \""
            + shown(element)
            + "\", which is not a valid file name here: use letters, digits, \"-\", \"_\" and \".\","
            + " with no \".\" at the beginning";
  }

  private static String shown(String text) {
    return text.codePoints()
        .limit(64)
        .map(c -> c < 0x20 || c > 0x7e ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}

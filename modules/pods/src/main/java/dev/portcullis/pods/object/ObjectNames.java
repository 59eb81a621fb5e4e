package dev.portcullis.pods.object;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The forms of names in Kubernetes (`k8s.io/apimachinery/pkg/util/validation`).
public final class ObjectNames {
  /// Why a text is no label, for messages.
  public static final String LABEL =
      "must be lower case letters, digits and '-', begin and end with a letter or digit, and have"
          + " at most 63 characters";

  /// Why a text is no subdomain, for messages.
  public static final String SUBDOMAIN =
      "must be lower case letters, digits, '-' and '.', begin and end with a letter or digit, and"
          + " have at most 253 characters";

  private ObjectNames() {}

  /// RFC 1123 label: the name of a container or a namespace.
  public static boolean isLabel(String name) {
    return !name.isEmpty() && name.length() <= 63 && isLabelText(name);
  }

  /// RFC 1123 subdomain: the name of a pod or a policy.
  public static boolean isSubdomain(String name) {
    if (name.isEmpty() || name.length() > 253) {
      return false;
    }
    int start = 0;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
      if (!isLabelText(name.substring(start, dot))) {
        return false;
      }
      start = dot + 1;
    }
    return isLabelText(name.substring(start));
  }

  private static boolean isLabelText(String text) {
    if (text.isEmpty() || text.startsWith("-") || text.endsWith("-")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
        return false;
      }
    }
    return true;
  }

  /// Why a text is no key of an annotation; null where it is one. A key is a name of at most 63
  /// characters, or a DNS subdomain, a slash and such a name, judged in lower case.
  public static @Nullable String annotationKeyProblem(String key) {
    int slash = key.indexOf('/');
    if (slash != key.lastIndexOf('/')) {
      return "must have at most one '/'";
    }
    if (slash == 0) {
      return "prefix part must be non-empty";
    }
    if (slash > 0 && !isSubdomain(key.substring(0, slash).toLowerCase(Locale.ROOT))) {
      return "prefix part " + SUBDOMAIN;
    }
    String name = key.substring(slash + 1);
    if (name.isEmpty()) {
      return "name part must be non-empty";
    }
    if (name.length() > 63) {
      return "name part must be no more than 63 characters";
    }
    return isQualified(name)
        ? null
        : "name part must consist of letters, digits, '-', '_' or '.', and begin and end with a"
            + " letter or digit";
  }

  private static boolean isQualified(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      boolean edge = i == 0 || i == name.length() - 1;
      if (!alphanumeric && (edge || (c != '-' && c != '_' && c != '.'))) {
        return false;
      }
    }
    return true;
  }
}

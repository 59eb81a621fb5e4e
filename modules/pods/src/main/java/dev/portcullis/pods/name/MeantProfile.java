package dev.portcullis.pods.name;

import dev.portcullis.pods.object.NearestName;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What somebody probably meant who wrote what names no profile, or another one than it seems to.
/// For messages alone: nothing is decided by it.
public final class MeantProfile {
  /// Longer texts are no slips.
  private static final int LONGEST = 200;

  /// The last directories of every kubelet's profile root, wherever its own directory is.
  private static final String ROOT = "kubelet/seccomp/";

  /// All that somebody may have had in mind who meant the runtime's default.
  private static final List<String> DEFAULTS =
      List.of(ProfileText.RUNTIME_DEFAULT, ProfileText.DOCKER_DEFAULT, "RuntimeDefault");

  private MeantProfile() {}

  /// To follow the reason why a text names no profile; empty where nothing is known.
  static String hint(String text) {
    String meant = name(text);
    return meant == null ? "" : "; did you mean \"" + meant + "\"?";
  }

  /// To follow the reason why a path is none below the profile root.
  static String pathHint(String path) {
    String below = belowRoot(path);
    return below == null ? "" : "; below the profile root it is \"" + below + "\"";
  }

  private static @Nullable String name(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    String bare = bare(text);
    return switch (bare.toLowerCase(Locale.ROOT)) {
      case ProfileText.RUNTIME_DEFAULT, ProfileText.DOCKER_DEFAULT, "runtime", "default" ->
          ProfileText.RUNTIME_DEFAULT;
      case ProfileText.UNCONFINED -> ProfileText.UNCONFINED;
      default -> {
        // Only with its first letters: something else that is similar may have meant the opposite.
        if (bare.regionMatches(true, 0, ProfileText.UNCONFINED, 0, 2)
            && NearestName.of(bare, List.of(ProfileText.UNCONFINED)) != null) {
          yield ProfileText.UNCONFINED;
        }
        String localhost = localhost(bare);
        yield localhost == null && NearestName.of(bare, DEFAULTS) != null
            ? ProfileText.RUNTIME_DEFAULT
            : localhost;
      }
    };
  }

  /// A text without the blanks and the quotation marks around it.
  private static String bare(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isAround(text.charAt(from))) {
      from++;
    }
    while (to > from && isAround(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isAround(char c) {
    return Character.isWhitespace(c) || c == '"' || c == '\'' || c == '`';
  }

  private static @Nullable String localhost(String text) {
    String below = belowRoot(text);
    if (below != null) {
      return ProfileText.LOCALHOST_PREFIX + below;
    }
    int word = ProfileText.LOCALHOST_PREFIX.length() - 1;
    boolean prefixed =
        text.length() > word + 1
            && text.regionMatches(true, 0, ProfileText.LOCALHOST_PREFIX, 0, word)
            && (text.charAt(word) == '/' || text.charAt(word) == ':');
    String path = prefixed ? text.substring(word + 1) : text;
    return (prefixed || path.endsWith(".json")) && isBelowRoot(path)
        ? ProfileText.LOCALHOST_PREFIX + path
        : null;
  }

  private static boolean isBelowRoot(String path) {
    return !path.isEmpty() && !path.startsWith("/") && !("/" + path + "/").contains("/../");
  }

  /// Why a path of a valid name probably leads to another file than was meant; null where it does
  /// not.
  ///
  /// @param path what stands after `localhost/`, or in a field
  public static @Nullable String oddPath(String path) {
    if (path.length() > LONGEST) {
      return null;
    }
    if (path.contains("," + ProfileText.LOCALHOST_PREFIX)) {
      return "it names one profile, and this is one path, with a comma in it";
    }
    String inner = null;
    if (path.startsWith(ProfileText.LOCALHOST_PREFIX)) {
      inner = path.substring(ProfileText.LOCALHOST_PREFIX.length());
    } else if (!path.startsWith("/")) {
      inner = belowRoot(path);
    }
    return inner == null || inner.isEmpty()
        ? null
        : "the path is relative to the profile root; did you mean \"" + inner + "\"?";
  }

  /// The part of a path of a node that is below a kubelet's profile root; null where there is none.
  private static @Nullable String belowRoot(String path) {
    int root = path.length() > LONGEST ? -1 : path.indexOf(ROOT);
    boolean whole = root == 0 || (root > 0 && path.charAt(root - 1) == '/');
    String below = whole ? path.substring(root + ROOT.length()) : "";
    return isBelowRoot(below) ? below : null;
  }
}

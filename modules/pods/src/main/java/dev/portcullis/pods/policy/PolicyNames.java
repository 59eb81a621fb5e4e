package dev.portcullis.pods.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.ObjectNames;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Names for policies that have none yet: by what they allow. Different profiles never have the
/// same name, or a grant of the one would be a grant of the other.
public final class PolicyNames {
  /// A name is also a part of those of roles and bindings, and people read it.
  private static final int LONGEST = 60;

  private static final String JSON = ".json";

  /// Of what cannot stand in a name: so many hexadecimal digits of SHA-256 that trying them all out
  /// is not worth it.
  private static final int DIGITS = 12;

  private static final Pattern STEP = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern DIGESTED = Pattern.compile(".*-[0-9a-f]{" + DIGITS + "}");

  private PolicyNames() {}

  /// A name that is not taken. The same for the same profiles and the same names.
  ///
  /// @param profiles at least one, in their order: the first gives the name
  public static String of(Collection<ProfileName> profiles, Set<String> taken) {
    ProfileName first = profiles.iterator().next();
    String name =
        profiles.size() == 1
            ? of(first)
            : changed(
                text(first) + "-and-" + (profiles.size() - 1) + "-more",
                String.join("\n", profiles.stream().map(ProfileName::text).toList()));
    String free = name;
    // Ends: it takes one more name than there are.
    for (int i = 2; taken.contains(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private static String of(ProfileName profile) {
    return switch (profile) {
      case ProfileName.RuntimeDefault _, ProfileName.Unconfined _ -> text(profile);
      case ProfileName.Localhost localhost ->
          canStay(localhost.cleaned())
              ? localhost.cleaned().replace('/', '.')
              : changed(text(profile), localhost.cleaned());
    };
  }

  /// Whether a path can be a name with `.` for `/`, and no other path has that name.
  private static boolean canStay(String path) {
    List<String> steps = List.of(path.split("/", -1));
    String last = steps.getLast();
    String stem = last.endsWith(JSON) ? last.substring(0, last.length() - JSON.length()) : last;
    return path.length() <= LONGEST
        && !last.equals(JSON.substring(1))
        && STEP.matcher(stem).matches()
        && steps.stream().limit(steps.size() - 1L).allMatch(step -> STEP.matcher(step).matches())
        && !DIGESTED.matcher(stem).matches()
        && !DIGESTED.matcher(path).matches()
        && !path.equals(text(ProfileName.RUNTIME_DEFAULT))
        && !path.equals(text(ProfileName.UNCONFINED));
  }

  private static String changed(String readable, String whole) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(UTF_8));
      return readable + "-" + HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /// What is left of a profile's name in letters, digits and hyphens.
  private static String text(ProfileName profile) {
    String text =
        switch (profile) {
          case ProfileName.RuntimeDefault _, ProfileName.Unconfined _ -> profile.text();
          case ProfileName.Localhost localhost -> localhost.cleaned();
        };
    if (text.endsWith(JSON)) {
      text = text.substring(0, text.length() - JSON.length());
    }
    StringBuilder name = new StringBuilder();
    for (char c :
        text.substring(0, Math.min(LONGEST, text.length()))
            .toLowerCase(Locale.ROOT)
            .toCharArray()) {
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (plain) {
        name.append(c);
      } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
        name.append('-');
      }
    }
    while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
      name.setLength(name.length() - 1);
    }
    String made = name.toString();
    return ObjectNames.isSubdomain(made) ? made : "profile";
  }
}

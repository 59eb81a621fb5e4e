package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.ObjectNames;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/// Names for policies that nobody has named: by what they allow.
public final class PolicyNames {
  /// A name is also a part of those of roles and bindings, and people read it.
  private static final int LONGEST = 60;

  private static final String JSON = ".json";

  private PolicyNames() {}

  /// A name that is not taken. The same for the same profiles and the same names.
  ///
  /// @param profiles at least one, in their order: the first gives the name
  public static String of(Collection<ProfileName> profiles, Set<String> taken) {
    String first = text(profiles.iterator().next());
    String name = profiles.size() == 1 ? first : first + "-and-" + (profiles.size() - 1) + "-more";
    String free = name;
    // Ends: it takes one more name than there are.
    for (int i = 2; taken.contains(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

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

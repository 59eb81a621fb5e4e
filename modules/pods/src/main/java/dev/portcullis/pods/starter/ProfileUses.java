package dev.portcullis.pods.starter;

import dev.portcullis.pods.decide.NeededProfile;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Which pods use a profile, for the comment above a policy.
final class ProfileUses {
  /// How many are named: a cluster may have thousands.
  private static final int NAMED = 20;

  private final ProfileName profile;
  private final TreeSet<String> uses = new TreeSet<>();

  ProfileUses(ProfileName profile) {
    this.profile = profile;
  }

  ProfileName profile() {
    return profile;
  }

  void add(ObservedPod pod, NeededProfile needed) {
    uses.add(
        pod.text()
            + ": "
            + GoQuote.quote(needed.container())
            + (needed.unfiltered() ? ", without a filter whatever it names" : ""));
  }

  void addAll(ProfileUses others) {
    uses.addAll(others.uses);
  }

  /// A line for each, by name, up to {@link #NAMED}.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (uses.isEmpty()) {
      lines.add("* none of these pods");
    }
    for (String use : uses) {
      if (lines.size() == NAMED) {
        lines.add("* and " + (uses.size() - NAMED) + " more");
        break;
      }
      lines.add("* " + use);
    }
    return lines;
  }
}

package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All the policies that there are, found by what they allow. However many thousands there are, a
/// decision looks at those that matter to its profiles, and at no others.
public final class Policies {
  /// No policy at all.
  public static final Policies NONE = of(List.of());

  private final List<Policy> all;
  private final List<Policy> withDefault;
  private final List<Policy> byProof;
  private final Map<ProfileName, List<Policy>> exactly = new HashMap<>();

  /// By directory with the slash at its end; the profile root itself is the empty text.
  private final Map<String, List<Policy>> below = new HashMap<>();

  /// The length of the longest of them: a path may have a megabyte, and as many directories.
  private final int longest;

  private final List<Policy> any = new ArrayList<>();

  private Policies(List<Policy> sorted) {
    all = sorted;
    withDefault = sorted.stream().filter(policy -> policy.defaultProfile() != null).toList();
    byProof = sorted.stream().filter(policy -> !policy.stricterThan().isEmpty()).toList();
    for (Policy policy : sorted) {
      for (AllowedProfile entry : policy.allowed()) {
        List<Policy> place =
            switch (entry) {
              case AllowedProfile.Any _ -> any;
              case AllowedProfile.Exactly(ProfileName name) ->
                  exactly.computeIfAbsent(name, _ -> new ArrayList<>());
              case AllowedProfile.Below(String directory) ->
                  below.computeIfAbsent(directory, _ -> new ArrayList<>());
            };
        // Entries of one policy come one after another, so an entry that stands twice is seen here.
        if (place.isEmpty() || !place.getLast().equals(policy)) {
          place.add(policy);
        }
      }
    }
    longest = below.keySet().stream().mapToInt(String::length).max().orElse(-1);
  }

  public static Policies of(Collection<Policy> policies) {
    return new Policies(policies.stream().sorted(Policy.BY_NAME).toList());
  }

  /// All of them, by name.
  public List<Policy> all() {
    return all;
  }

  /// Those that have a default, by name.
  public List<Policy> withDefault() {
    return withDefault;
  }

  /// Those that may allow a profile which they do not name, by name.
  public List<Policy> byProof() {
    return byProof;
  }

  /// Those that allow a profile by its name, sorted by theirs.
  public List<Policy> allowing(ProfileName profile) {
    List<List<Policy>> places = new ArrayList<>();
    add(any, places);
    add(exactly.get(profile), places);
    if (profile instanceof ProfileName.Localhost localhost) {
      String path = localhost.path();
      // Of each directory above the file; the file itself is below none that ends where it ends.
      int last = Math.min(longest, path.length() - 1);
      for (int end = 0; end >= 0 && end <= last; end = next(path, end)) {
        add(below.get(path.substring(0, end)), places);
      }
    }
    if (places.isEmpty()) {
      return List.of();
    }
    // A policy of several entries may stand in several places.
    return places.size() == 1
        ? places.getFirst()
        : places.stream().flatMap(List::stream).distinct().sorted(Policy.BY_NAME).toList();
  }

  /// Behind the next slash; -1 where there is none.
  private static int next(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? -1 : slash + 1;
  }

  private static void add(@Nullable List<Policy> place, List<List<Policy>> places) {
    if (place != null && !place.isEmpty()) {
      places.add(place);
    }
  }
}

package dev.portcullis.cel;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What policies allow, turned round: for what a pod may name, the policies to ask for. An API
/// server finds an entry of such a table at once, and walks through a list.
final class GrantTable {
  /// Checks of the authorizer: 350,000 of the 10,000,000 units that one policy may spend on a
  /// request, of which a question for the service account and the user takes two
  /// (`k8s.io/apiserver/pkg/apis/cel`, `pkg/cel/library/cost.go`).
  static final int MOST_ASKED = 14;

  /// By names of profiles.
  final SortedMap<String, List<String>> names = new TreeMap<>();

  /// By directories, as `localhost/batch/`.
  final SortedMap<String, List<String>> below = new TreeMap<>();

  /// Of the policies that allow everything.
  final List<String> any = new ArrayList<>();

  /// By names that were proven to be no weaker than what a policy names, for containers that can
  /// gain no privileges.
  final SortedMap<String, List<String>> proven = new TreeMap<>();

  /// What policies allow that stand in a list which was cut: by the policy, in the same spellings.
  final SortedMap<String, List<String>> cut = new TreeMap<>();

  /// How many questions there are for an entry that was cut.
  final SortedMap<String, Integer> uncut = new TreeMap<>();

  /// Whether there is a PodSecurityPolicy.
  final boolean both;

  /// How many questions there are at all.
  final int keys;

  /// @param ranked in the order in which they are asked
  /// @param found what was proven
  GrantTable(List<Policy> ranked, List<ProvenName> found) {
    both = ranked.stream().anyMatch(each -> each.kind() == Policy.Kind.POD_SECURITY_POLICY);
    int count = 0;
    for (Policy policy : ranked) {
      List<String> own = GrantKey.of(policy).stream().map(GrantKey::text).toList();
      count += own.size();
      for (AllowedProfile entry : policy.allowed()) {
        switch (entry) {
          case AllowedProfile.Any _ -> add(any, own);
          case AllowedProfile.Exactly(ProfileName name) -> add(names, name.text(), own);
          case AllowedProfile.Below(String directory) ->
              add(below, ProfileText.LOCALHOST_PREFIX + directory, own);
        }
      }
      // One of these itself needs no proof.
      policy.stricterThan().forEach(base -> add(names, base.text(), own));
      found.stream()
          .filter(each -> each.policy().equals(policy.name()))
          .forEach(each -> add(proven, each.profile().text(), own));
    }
    keys = count;
    cut(names, true);
    cut(below, true);
    cut(proven, false);
    cutAny();
  }

  private static void add(SortedMap<String, List<String>> table, String entry, List<String> keys) {
    add(table.computeIfAbsent(entry, _ -> new ArrayList<>()), keys);
  }

  private static void add(List<String> list, List<String> keys) {
    keys.stream().filter(key -> !list.contains(key)).forEach(list::add);
  }

  /// @param kept whether a pod can still name a policy that is cut
  private void cut(SortedMap<String, List<String>> table, boolean kept) {
    for (Map.Entry<String, List<String>> each : table.entrySet()) {
      if (each.getValue().size() > MOST_ASKED) {
        uncut.merge(each.getKey(), each.getValue().size(), Math::max);
        if (kept) {
          each.getValue()
              .subList(MOST_ASKED, each.getValue().size())
              .forEach(key -> cut.computeIfAbsent(key, _ -> new ArrayList<>()).add(each.getKey()));
        }
        each.setValue(List.copyOf(each.getValue().subList(0, MOST_ASKED)));
      }
    }
  }

  private void cutAny() {
    if (any.size() > MOST_ASKED) {
      uncut.put("*", any.size());
      List<String> rest = List.copyOf(any.subList(MOST_ASKED, any.size()));
      rest.forEach(key -> cut.computeIfAbsent(key, _ -> new ArrayList<>()).add("*"));
      any.removeAll(rest);
    }
  }

  /// The most directories that a lookup goes through.
  int depth() {
    int deepest = 0;
    for (String directory : below.keySet()) {
      deepest = Math.max(deepest, (int) directory.chars().filter(c -> c == '/').count());
    }
    return deepest;
  }

  /// The keys that may be asked because of a profile.
  List<String> candidates(ProfileName profile) {
    TreeSet<String> seen = new TreeSet<>();
    List<String> found = new ArrayList<>();
    List<List<String>> lists = new ArrayList<>();
    lists.add(names.getOrDefault(profile.text(), List.of()));
    lists.add(any);
    below.forEach((directory, keysBelow) -> {
      if (profile.text().startsWith(directory) && profile.text().length() > directory.length()) {
        lists.add(keysBelow);
      }
    });
    lists.stream().flatMap(List::stream).filter(seen::add).forEach(found::add);
    return found;
  }
}

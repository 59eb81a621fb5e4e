package dev.portcullis.cel;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The default of containers that name no profile: that of the first policy by name that has one
/// and may be used, else the cluster's. The policies to ask are known beforehand, so each question
/// is a variable of its own.
final class DefaultChain {
  /// What a pod with a default may ask of policies that only allow it, so that the profiles that
  /// other containers name can be asked for, too.
  private static final int MOST_FIXED = 10;

  private final List<Policy> withDefault;
  private final ProfileName clusterDefault;
  private final GrantTable table;
  private final boolean withoutPolicies;

  /// Keys of policies, and the variables that ask for them.
  private final Map<String, String> asked = new LinkedHashMap<>();

  /// By default: the keys of which one must be usable for it.
  private final Map<ProfileName, List<String>> allowing = new LinkedHashMap<>();

  /// Whether some policy could have allowed a default, and is not asked.
  private boolean truncated;

  DefaultChain(List<Policy> sorted, ProfileName clusterDefault, GrantTable table) {
    this.clusterDefault = clusterDefault;
    this.table = table;
    withoutPolicies = sorted.isEmpty();
    withDefault = sorted.stream().filter(each -> each.defaultProfile() != null).toList();
    withDefault.stream()
        .flatMap(each -> GrantKey.of(each).stream())
        .forEach(key -> ask(key.text()));
    for (Policy policy : withDefault) {
      ProfileName name = policy.defaultProfile();
      if (name != null && !policy.allows(name)) {
        allow(name);
      }
    }
    allow(clusterDefault);
  }

  private void allow(ProfileName name) {
    if (withoutPolicies || allowing.containsKey(name)) {
      return;
    }
    List<String> keys = new ArrayList<>();
    for (String key : table.candidates(name)) {
      if (asked.containsKey(key) || asked.size() < MOST_FIXED) {
        ask(key);
        keys.add(key);
      } else {
        truncated = true;
      }
    }
    allowing.put(name, keys);
  }

  private void ask(String key) {
    asked.computeIfAbsent(key, _ -> "use" + asked.size());
  }

  /// How many questions choosing the default can take.
  int questions() {
    return questions(withDefault);
  }

  private static int questions(List<Policy> policies) {
    return policies.stream().mapToInt(each -> GrantKey.of(each).size()).sum();
  }

  /// How many questions it takes with those whether the default is allowed.
  int questionsWithGrant() {
    return asked.size();
  }

  boolean truncated() {
    return truncated;
  }

  /// The variables that ask for the policies that choose the default.
  void declare(Variables variables, String... askers) {
    declare(variables, questions(choosing()), askers);
  }

  /// Those that ask for all policies that matter to the default.
  void declareAll(Variables variables, String... askers) {
    declare(variables, asked.size(), askers);
  }

  private void declare(Variables variables, int first, String... askers) {
    asked.entrySet().stream()
        .limit(first)
        .forEach(each ->
            variables.add(
                each.getValue(),
                List.of(askers).stream()
                    .map(asker ->
                        GrantKey.check(
                            asker, CelLiteral.text(each.getKey()), each.getKey().contains(":")))
                    .collect(Collectors.joining(" || "))));
  }

  private String usable(Policy policy) {
    return GrantKey.of(policy).stream()
        .map(key -> variable(key.text()))
        .collect(Collectors.joining(" || ", "(", ")"));
  }

  private String variable(String key) {
    return Variables.of(asked.getOrDefault(key, ""));
  }

  /// Those that choose it: of the last ones whose default is the cluster's, it makes no difference
  /// which may be used.
  private List<Policy> choosing() {
    int size = withDefault.size();
    while (size > 0 && clusterDefault.equals(withDefault.get(size - 1).defaultProfile())) {
      size--;
    }
    return withDefault.subList(0, size);
  }

  /// The default.
  String value() {
    return first(
        choosing(),
        policy -> {
          ProfileName name = policy.defaultProfile();
          return CelLiteral.text(name == null ? "" : name.text());
        },
        CelLiteral.text(clusterDefault.text()));
  }

  /// Whether it may be used.
  String allowed() {
    return first(
        withDefault,
        policy -> {
          ProfileName name = policy.defaultProfile();
          return name == null || policy.allows(name) ? "true" : oneOf(name);
        },
        oneOf(clusterDefault));
  }

  /// What holds of the first of some policies with a default that may be used.
  ///
  /// @param otherwise what holds where none may
  private String first(List<Policy> policies, Function<Policy, String> of, String otherwise) {
    return policies.stream()
        .map(policy -> usable(policy) + " ? " + of.apply(policy) + " : ")
        .collect(Collectors.joining("", "", otherwise));
  }

  private String oneOf(ProfileName name) {
    if (withoutPolicies) {
      return "true";
    }
    List<String> keys = allowing.getOrDefault(name, List.of());
    return keys.isEmpty()
        ? "false"
        : keys.stream().map(this::variable).collect(Collectors.joining(" || ", "(", ")"));
  }
}

package dev.portcullis.pods.rbac;

import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Who may do what, by roles and bindings from files: the answers that the API server's RBAC
/// authorizer gives to the same objects.
public final class Rbac {
  /// The authorizer is not asked for this group.
  static final String MASTERS = "system:masters";

  private static final Grant.Named MASTERS_GROUP =
      new Grant.Named(Subject.Kind.GROUP.text(), null, MASTERS);

  /// The verb that grants a policy.
  static final String USE = "use";

  static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

  /// Only the group for which the authorizer is not asked may do anything.
  public static final Rbac NONE = new Rbac(List.of(), List.of());

  private final Map<Role.Key, List<PolicyRule>> rules;
  private final List<Binding> bindings;

  Rbac(List<Role> roles, List<Binding> bindings) {
    this.bindings = List.copyOf(bindings);
    Map<Role.Key, Role> all = new LinkedHashMap<>();
    for (Role role : builtIn()) {
      all.put(role.key(), role);
    }
    for (Role role : roles) {
      all.put(role.key(), role);
    }
    this.rules = new HashMap<>();
    for (Role role : all.values()) {
      List<PolicyRule> gathered = new ArrayList<>();
      gather(role, all, new HashSet<>(), gathered);
      rules.put(role.key(), gathered);
    }
  }

  /// Whether a verb on a named object of a resource is granted to a user, in a namespace.
  public boolean allows(User user, String verb, Resource resource, String namespace) {
    if (user.groups().contains(MASTERS)) {
      return true;
    }
    for (Binding binding : bindings) {
      if (binding.binds(user, namespace)) {
        for (PolicyRule rule : rules(binding.role())) {
          if (rule.allows(verb, resource.group(), resource.resource(), resource.name())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Whether a user may use a policy for pods in a namespace.
  public boolean mayUse(User user, Policy policy, String namespace) {
    for (String group : policy.kind().groups()) {
      if (allows(
          user, USE, new Resource(group, policy.kind().resource(), policy.name()), namespace)) {
        return true;
      }
    }
    return false;
  }

  /// Every grant of a policy for pods in a namespace: the other direction of {@link #mayUse}. Each
  /// once, by name; the group `system:masters`, which needs no binding, at the end and nowhere
  /// else: every cluster binds it to `cluster-admin`, which gives it nothing that it had not.
  public List<Grant> grants(Policy policy, String namespace) {
    return grants(policy, binding -> binding.holdsIn(namespace));
  }

  /// The same for pods in any namespace: a grant whose binding has a namespace holds there alone.
  public List<Grant> grantsAnywhere(Policy policy) {
    return grants(policy, _ -> true);
  }

  private List<Grant> grants(Policy policy, Predicate<Binding> which) {
    Set<Grant> grants = new LinkedHashSet<>();
    for (Binding binding : bindings) {
      if (which.test(binding) && use(rules(binding.role()), policy)) {
        for (Subject subject : binding.subjects()) {
          Grant grant = Grant.of(binding, subject);
          if (!grant.subject().equals(MASTERS_GROUP)) {
            grants.add(grant);
          }
        }
      }
    }
    grants.add(new Grant(MASTERS_GROUP, null, null));
    return grants.stream().sorted(Grant.ORDER).toList();
  }

  /// Whether one of these rules grants the use of a policy.
  private static boolean use(List<PolicyRule> rules, Policy policy) {
    for (PolicyRule rule : rules) {
      for (String group : policy.kind().groups()) {
        if (rule.allows(USE, group, policy.kind().resource(), policy.name())) {
          return true;
        }
      }
    }
    return false;
  }

  /// The rules of a role, with those that it gathers; none where there is no such role.
  List<PolicyRule> rules(Role.Key role) {
    return rules.getOrDefault(role, List.of());
  }

  /// An object that access is asked for: `portcullis.dev`, `seccomppolicies`, `explorers`.
  public record Resource(String group, String resource, String name) {}

  /// Bindings whose role is not there, in words; they grant nothing.
  public List<String> dangling() {
    Set<String> dangling = new TreeSet<>();
    for (Binding binding : bindings) {
      if (!rules.containsKey(binding.role())) {
        dangling.add(binding + " grants nothing: " + binding.role() + " is not in the files");
      }
    }
    return List.copyOf(dangling);
  }

  /// The rules of a role, with those that the controller for aggregated roles would copy into it.
  private static void gather(
      Role role, Map<Role.Key, Role> all, Set<Role.Key> seen, List<PolicyRule> into) {
    if (!seen.add(role.key())) {
      return;
    }
    into.addAll(role.rules());
    if (role.gathers().isEmpty()) {
      return;
    }
    for (Role other : all.values()) {
      if (other.key().namespace() == null
          && role.gathers().stream().anyMatch(selector -> selector.matches(other.labels()))) {
        gather(other, all, seen, into);
      }
    }
  }

  /// The roles for people that every cluster has
  /// (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`), as far as they can matter here: what they
  /// hold of their own is not about policies, what they gather may be.
  static List<Role> builtIn() {
    return List.of(
        new Role(
            new Role.Key(null, "cluster-admin"),
            Map.of(),
            List.of(PolicyRule.EVERYTHING),
            List.of()),
        gathering("admin", Map.of()),
        gathering("edit", Map.of(AGGREGATE + "admin", "true")),
        gathering("view", Map.of(AGGREGATE + "edit", "true")));
  }

  private static Role gathering(String name, Map<String, String> labels) {
    return new Role(
        new Role.Key(null, name),
        labels,
        List.of(),
        List.of(new LabelSelector(Map.of(AGGREGATE + name, "true"), List.of())));
  }
}

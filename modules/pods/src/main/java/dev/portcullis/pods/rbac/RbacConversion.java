package dev.portcullis.pods.rbac;

import dev.portcullis.pods.object.ConvertedObject;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes grants of SeccompPolicies from grants of PodSecurityPolicies.
///
/// Nothing is granted that was not: the new rules name the policies that are made of the old ones.
/// Nothing that exists is changed: a role that grants `use` on podsecuritypolicies gets a companion
/// `<name>-seccomp` that grants the same on seccomppolicies, and so does each binding of that role.
///
/// @param grants roles before bindings, those of the cluster first, each by namespace and name
/// @param notes what needed no conversion, and what could not be converted
public record RbacConversion(List<ConvertedObject> grants, List<String> notes) {
  private static final String SUFFIX = "-seccomp";
  private static final Comparator<Role.Key> BY_NAME =
      Comparator.comparing((Role.Key key) -> key.namespace() != null)
          .thenComparing(key -> key.namespace() == null ? "" : key.namespace())
          .thenComparing(Role.Key::name);

  public RbacConversion {
    grants = List.copyOf(grants);
    notes = List.copyOf(notes);
  }

  /// Converts roles and bindings.
  ///
  /// @param objects RBAC's, each of which a reader took without an error; a namespace that is not
  ///   there is left out of what is made, too
  /// @param policies the names of the policies that are converted with them
  /// @param others the names of other SeccompPolicies that are there
  public static RbacConversion of(
      List<KubernetesObject> objects, Set<String> policies, Set<String> others) {
    RbacReader reader = new RbacReader("");
    objects.forEach(reader::add);
    Work work = new Work(reader.roles(), reader.bindings(), policies, others);
    work.roles();
    work.bindings();
    return new RbacConversion(work.made, List.copyOf(work.notes));
  }

  private static final class Work {
    private final List<Role> roles;
    private final List<Binding> bindings;
    private final Set<String> policies;
    private final Set<String> others;
    private final Set<String> labels = new TreeSet<>();
    private final Map<Role.Key, Role> companions = new HashMap<>();
    private final List<ConvertedObject> made = new ArrayList<>();
    private final Set<String> notes = new TreeSet<>();

    Work(List<Role> roles, List<Binding> bindings, Set<String> policies, Set<String> others) {
      this.roles = roles.stream().sorted(Comparator.comparing(Role::key, BY_NAME)).toList();
      this.bindings =
          bindings.stream().sorted(Comparator.comparing(Binding::key, BY_NAME)).toList();
      this.policies = policies;
      this.others = new TreeSet<>(others);
      for (Role role : roles) {
        role.gathers().forEach(selector -> labels.addAll(selector.keys()));
      }
    }

    void roles() {
      // Those that gather others come last: what they gather may be converted then.
      for (Role role : roles) {
        if (role.gathers().isEmpty()) {
          companion(role);
        }
      }
      for (Role role : roles) {
        if (!role.gathers().isEmpty()) {
          companion(role);
        }
      }
      List<Role.Key> keys = new ArrayList<>(companions.keySet());
      keys.sort(BY_NAME);
      Map<Role.Key, Role> byKey = new HashMap<>();
      roles.forEach(role -> byKey.put(role.key(), role));
      for (Role.Key key : keys) {
        Role old = byKey.get(key);
        Role companion = companions.get(key);
        if (old != null && companion != null && !byKey.containsKey(companion.key())) {
          made.add(
              new ConvertedObject(RbacWriter.role(companion), key.toString(), differences(old)));
        }
      }
    }

    private void companion(Role role) {
      List<PolicyRule> wanted = new ArrayList<>();
      boolean covered = false;
      for (PolicyRule rule : role.rules()) {
        PolicyRule converted = PodSecurityRules.converted(rule, policies);
        if (converted == null || wanted.contains(converted)) {
          continue;
        }
        if (PodSecurityRules.areCovering(role.rules(), converted)) {
          covered = true;
        } else if (!gathered(role, converted)) {
          wanted.add(converted);
        }
      }
      if (wanted.isEmpty()) {
        if (covered) {
          notes.add(role.key() + " already grants the use of SeccompPolicies: not converted");
        } else {
          List<String> why = leftOut(role);
          if (!why.isEmpty() && !isGathering(role)) {
            notes.add(role.key() + " is not converted. " + String.join(" ", why));
          }
        }
        return;
      }
      Map<String, String> kept = new HashMap<>();
      role.labels()
          .forEach((key, value) -> {
            if (key.startsWith(Rbac.AGGREGATE) || labels.contains(key)) {
              kept.put(key, value);
            }
          });
      for (int i = 1; ; i++) {
        Role.Key key = new Role.Key(role.key().namespace(), name(role.key().name(), i));
        Role companion = new Role(key, kept, wanted, List.of());
        Role there = find(key);
        if (there == null || there.rules().equals(wanted)) {
          if (there != null) {
            notes.add(key + " already exists, identical to the conversion of " + role.key());
          }
          companions.put(role.key(), companion);
          return;
        }
      }
    }

    /// Whether a companion that is made has this rule, and the role will gather it.
    private boolean gathered(Role role, PolicyRule wanted) {
      for (Role companion : companions.values()) {
        if (companion.key().namespace() == null
            && role.gathers().stream().anyMatch(selector -> selector.matches(companion.labels()))
            && PodSecurityRules.areCovering(companion.rules(), wanted)) {
          return true;
        }
      }
      return false;
    }

    private @Nullable Role find(Role.Key key) {
      for (Role role : roles) {
        if (role.key().equals(key)) {
          return role;
        }
      }
      return null;
    }

    private List<String> differences(Role role) {
      List<String> differences = new ArrayList<>();
      List<PolicyRule> granting =
          role.rules().stream().filter(PodSecurityRules::areConcerned).toList();
      if (granting.stream().anyMatch(rule -> rule.resourceNames().isEmpty())) {
        differences.add(
            "It granted every PodSecurityPolicy, including later ones. Here it names the converted"
                + " ones: add each policy that you create later."
                + (others.isEmpty()
                    ? ""
                    : " Existing policies are not among them: " + quoted(others) + "."));
      }
      differences.addAll(leftOut(role));
      if (granting.size() < role.rules().size()) {
        differences.add("The other rules of " + role.key() + " are not copied.");
      }
      return differences;
    }

    /// Which policies of a role get no grant here, and why.
    private List<String> leftOut(Role role) {
      Set<String> unknown = new TreeSet<>();
      Set<String> namesakes = new TreeSet<>();
      boolean all = false;
      for (PolicyRule rule : role.rules()) {
        if (PodSecurityRules.areConcerned(rule)) {
          all |= rule.resourceNames().isEmpty();
          for (String name : rule.resourceNames()) {
            if (others.contains(name)) {
              namesakes.add(name);
            } else if (!policies.contains(name)) {
              unknown.add(name);
            }
          }
        }
      }
      List<String> why = new ArrayList<>();
      if (all && policies.isEmpty()) {
        why.add(
            "It grants every PodSecurityPolicy, and none is converted here: convert both"
                + " together.");
      }
      if (!unknown.isEmpty()) {
        why.add(quoted(unknown) + " is left out: no SeccompPolicy is converted from it here.");
      }
      if (!namesakes.isEmpty()) {
        why.add(
            "Left out is "
                + quoted(namesakes)
                + ": a SeccompPolicy of that name exists and was not converted from the"
                + " PodSecurityPolicy. It may allow more; grant it separately if you want that.");
      }
      return why;
    }

    /// Whether what it has of such rules may come from others, which are reported by themselves.
    private boolean isGathering(Role role) {
      return role.gathers().stream()
          .anyMatch(selector -> roles.stream().anyMatch(other -> selector.matches(other.labels())));
    }

    private static String quoted(Set<String> names) {
      return String.join(", ", names.stream().map(GoQuote::quote).toList());
    }

    void bindings() {
      Set<Role.Key> known = new HashSet<>();
      roles.forEach(role -> known.add(role.key()));
      Rbac.builtIn().forEach(role -> known.add(role.key()));
      Map<Role.Key, List<Binding>> there = new HashMap<>();
      for (Binding binding : bindings) {
        there.computeIfAbsent(binding.key(), _ -> new ArrayList<>()).add(binding);
      }
      for (Binding binding : bindings) {
        Role companion = companions.get(binding.role());
        if (companion != null) {
          convert(binding, companion.key(), there);
        } else if (!known.contains(binding.role())) {
          notes.add(
              binding
                  + " is not converted: "
                  + binding.role()
                  + " is not among the given objects; if it grants the use of a PodSecurityPolicy,"
                  + " convert both together");
        }
      }
    }

    private void convert(Binding binding, Role.Key role, Map<Role.Key, List<Binding>> there) {
      for (int i = 1; ; i++) {
        Binding companion =
            new Binding(binding.namespace(), name(binding.name(), i), role, binding.subjects());
        List<Binding> same = there.get(companion.key());
        if (same == null) {
          made.add(
              new ConvertedObject(RbacWriter.binding(companion), binding.toString(), List.of()));
          return;
        }
        if (same.contains(companion)) {
          notes.add(companion + " already exists, identical to the conversion of " + binding);
          return;
        }
      }
    }

    private static String name(String old, int number) {
      return old + SUFFIX + (number == 1 ? "" : "-" + number);
    }
  }
}

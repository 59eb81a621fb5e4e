package dev.portcullis.pods.convert;

import dev.portcullis.pods.object.ConvertedObject;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyConversion;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.RbacConversion;
import dev.portcullis.pods.rbac.RbacReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What becomes of PodSecurityPolicies and the grants of them, converted together: all or nothing.
public sealed interface PolicyMigration {

  /// The objects that were made.
  ///
  /// @param objects policies before roles before bindings; the same for the same objects in any
  ///   order
  /// @param notes about all of it, and about what was not converted
  record Converted(List<ConvertedObject> objects, List<String> notes) implements PolicyMigration {
    public Converted {
      objects = List.copyOf(objects);
      notes = List.copyOf(notes);
    }
  }

  /// Objects that are in each other's way. Nothing is made: half a conversion, applied, would be
  /// another policy.
  record Conflicting(List<Conflict> conflicts) implements PolicyMigration {
    public Conflicting {
      conflicts = List.copyOf(conflicts);
    }
  }

  /// An object that is in the way of the conversion.
  ///
  /// @param first the one of the same name that stands before it; null where it is in the way of
  ///   what would be made
  /// @param text which one it is, and what to do
  record Conflict(KubernetesObject object, @Nullable KubernetesObject first, String text) {}

  /// Converts all policies and grants among some objects. Those of other kinds are passed over, and
  /// so are policies and grants with errors: the caller refuses these before.
  static PolicyMigration of(List<KubernetesObject> objects) {
    List<KubernetesObject> rbac = objects.stream().filter(RbacReader::isRbac).toList();
    List<Conflict> conflicts = new ArrayList<>(duplicates(rbac));
    Map<String, KubernetesObject> ours = seccompPolicies(objects);
    PolicyConversion policies = PolicyConversion.of(objects);
    List<ConvertedObject> made = new ArrayList<>();
    List<String> notes = new ArrayList<>(policies.notes());
    Set<String> names = new HashSet<>();
    for (ConvertedObject converted : policies.policies()) {
      Policy policy = usable(converted);
      KubernetesObject there = ours.get(policy.name());
      names.add(policy.name());
      if (there == null) {
        made.add(converted);
      } else if (policy.equals(read(there))) {
        notes.add(
            converted.label()
                + " already exists, identical to the conversion of "
                + converted.from());
      } else {
        conflicts.add(
            new Conflict(
                there,
                null,
                converted.label()
                    + " already exists and differs from the conversion of "
                    + converted.from()
                    + ": rename one of the two"));
      }
    }
    if (!conflicts.isEmpty()) {
      return new Conflicting(conflicts);
    }
    Set<String> others = new HashSet<>(ours.keySet());
    others.removeAll(names);
    RbacConversion grants = RbacConversion.of(rbac, names, others);
    made.addAll(grants.grants());
    notes.addAll(grants.notes());
    return new Converted(made, notes);
  }

  private static Map<String, KubernetesObject> seccompPolicies(List<KubernetesObject> objects) {
    Map<String, KubernetesObject> ours = new HashMap<>();
    for (KubernetesObject object : objects) {
      Policy policy = read(object);
      if (policy != null && policy.kind() == Policy.Kind.SECCOMP_POLICY) {
        ours.put(policy.name(), object);
      }
    }
    return ours;
  }

  private static @Nullable Policy read(KubernetesObject object) {
    return PolicyReader.read(object) instanceof PolicyReader.Usable(Policy policy) ? policy : null;
  }

  private static Policy usable(ConvertedObject converted) {
    Policy policy = read(converted.object());
    if (policy == null) {
      throw new IllegalStateException("made a policy that cannot be read: " + converted);
    }
    return policy;
  }

  /// Two objects of one name: one of them would be lost.
  private static List<Conflict> duplicates(List<KubernetesObject> rbac) {
    List<Conflict> found = new ArrayList<>();
    Map<String, KubernetesObject> seen = new HashMap<>();
    for (KubernetesObject object : rbac) {
      String label = new ConvertedObject(object, "", List.of()).label();
      KubernetesObject first = seen.putIfAbsent(label, object);
      if (first != null) {
        found.add(new Conflict(object, first, label + " occurs twice"));
      }
    }
    return found;
  }
}

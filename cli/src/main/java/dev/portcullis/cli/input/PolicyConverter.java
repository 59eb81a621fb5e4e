package dev.portcullis.cli.input;

import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
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

/// PodSecurityPolicies and the grants of them, converted together.
public final class PolicyConverter {
  private PolicyConverter() {}

  /// What was made.
  ///
  /// @param objects policies before roles before bindings; the same for the same objects in any
  ///   order
  /// @param notes about all of it, and about what was not converted
  /// @param complaints where there are any, nothing is made
  public record Made(
      List<ConvertedObject> objects, List<String> notes, List<Diagnostic> complaints) {
    public Made {
      objects = List.copyOf(objects);
      notes = List.copyOf(notes);
      complaints = List.copyOf(complaints);
    }
  }

  public static Made convert(List<SourcedObject> sourced) {
    PolicySet set = PolicySet.of(sourced, "");
    List<Diagnostic> complaints = new ArrayList<>(set.complaints());
    List<KubernetesObject> objects = sourced.stream().map(SourcedObject::object).toList();
    List<KubernetesObject> rbac = objects.stream().filter(RbacReader::isRbac).toList();
    twice(sourced, complaints);
    Map<String, Policy> ours = new HashMap<>();
    for (Policy policy : set.policies()) {
      switch (policy.kind()) {
        case SECCOMP_POLICY -> ours.put(policy.name(), policy);
        case POD_SECURITY_POLICY -> {}
      }
    }
    PolicyConversion policies = PolicyConversion.of(objects);
    List<ConvertedObject> made = new ArrayList<>();
    List<String> notes = new ArrayList<>(policies.notes());
    Set<String> names = new HashSet<>();
    for (ConvertedObject converted : policies.policies()) {
      Policy policy = policy(converted);
      Policy there = ours.get(policy.name());
      names.add(policy.name());
      if (there == null) {
        made.add(converted);
      } else if (there.equals(policy)) {
        notes.add(
            converted.label()
                + " already exists, identical to the conversion of "
                + converted.from());
      } else {
        complaints.add(clash(converted, sourced));
      }
    }
    if (!complaints.isEmpty()) {
      return new Made(List.of(), List.of(), complaints);
    }
    Set<String> others = new HashSet<>(ours.keySet());
    others.removeAll(names);
    RbacConversion grants = RbacConversion.of(rbac, names, others);
    made.addAll(grants.grants());
    notes.addAll(grants.notes());
    return new Made(made, notes, List.of());
  }

  private static Policy policy(ConvertedObject converted) {
    if (PolicyReader.read(converted.object()) instanceof PolicyReader.Usable(Policy policy)) {
      return policy;
    }
    throw new IllegalStateException("made a policy that cannot be read: " + converted);
  }

  private static Diagnostic clash(ConvertedObject converted, List<SourcedObject> objects) {
    for (SourcedObject sourced : objects) {
      if (sourced.object().label().equals(converted.label())) {
        return Diagnostic.malformed(
            sourced.file(),
            sourced.object().at(),
            converted.label()
                + " already exists and differs from the conversion of "
                + converted.from()
                + ": rename one of the two");
      }
    }
    throw new IllegalStateException("no place of " + converted.label());
  }

  /// Two objects of one name: one of them would be lost.
  private static void twice(List<SourcedObject> objects, List<Diagnostic> complaints) {
    Map<String, String> seen = new HashMap<>();
    for (SourcedObject sourced : objects) {
      if (RbacReader.isRbac(sourced.object())) {
        String label = new ConvertedObject(sourced.object(), "", List.of()).label();
        String place = Diagnostic.place(sourced.file(), sourced.object().at());
        String first = seen.put(label, place);
        if (first != null) {
          complaints.add(
              Diagnostic.malformed(
                  sourced.file(),
                  sourced.object().at(),
                  label + " stands twice; first at " + first + ". Remove one of them"));
        }
      }
    }
  }
}

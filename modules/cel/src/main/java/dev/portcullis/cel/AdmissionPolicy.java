package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.util.List;

/// A MutatingAdmissionPolicy or a ValidatingAdmissionPolicy, and in which modes it is in force.
///
/// @param mutates whether it is a mutating one
/// @param name of the object
/// @param denies whether it can refuse; where it only warns, a failure of it stops nothing
/// @param resources what it is asked about
/// @param conditions without which it is not asked
/// @param body `mutations` or `validations`
/// @param bindings where it is in force
record AdmissionPolicy(
    boolean mutates,
    String name,
    boolean denies,
    List<ResourceRule> resources,
    List<NamedExpression> conditions,
    List<NamedExpression> variables,
    List<Mapping> body,
    List<PolicyBinding> bindings) {
  static final String API_VERSION = "admissionregistration.k8s.io/v1";

  /// What requests are about.
  record ResourceRule(String group, List<String> operations, List<String> resources) {
    Mapping yaml() {
      return new MappingBuilder()
          .put("apiGroups", texts(List.of(group)))
          .put("apiVersions", texts(List.of("v1")))
          .put("operations", texts(operations))
          .put("resources", texts(resources))
          .put("scope", "Namespaced")
          .build();
    }
  }

  String kind() {
    return mutates ? "MutatingAdmissionPolicy" : "ValidatingAdmissionPolicy";
  }

  Mapping spec() {
    MappingBuilder spec = new MappingBuilder().put("failurePolicy", denies ? "Fail" : "Ignore");
    if (mutates) {
      // A webhook may add containers after it.
      spec.put("reinvocationPolicy", "IfNeeded");
    }
    spec.put(
        "matchConstraints",
        new MappingBuilder()
            .put("matchPolicy", "Equivalent")
            .put("resourceRules", resources.stream().map(ResourceRule::yaml).toList())
            .build());
    if (!conditions.isEmpty()) {
      spec.put("matchConditions", conditions.stream().map(NamedExpression::yaml).toList());
    }
    if (!variables.isEmpty()) {
      spec.put("variables", variables.stream().map(NamedExpression::yaml).toList());
    }
    return spec.put(mutates ? "mutations" : "validations", body).build();
  }

  static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}

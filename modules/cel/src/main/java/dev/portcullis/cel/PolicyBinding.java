package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A binding of an admission policy to namespaces, by their mode.
///
/// @param suffix of the name, behind the policy's
/// @param actions what happens where it is not obeyed; none of a mutating policy
/// @param selector conditions on the labels of the namespace
record PolicyBinding(String suffix, List<String> actions, List<Mapping> selector) {
  private static final String LABEL = "portcullis.dev/mode";
  private static final String OFF = "off";

  /// The bindings of a policy that judges, to namespaces of some modes, each with what its mode
  /// does.
  static List<PolicyBinding> ofEach(PolicyTarget target, NamespaceMode... modes) {
    return Stream.of(modes)
        .flatMap(mode -> of(target, mode.text(), actions(mode), EnumSet.of(mode)).stream())
        .toList();
  }

  /// What happens to a request that is not allowed.
  static List<String> actions(NamespaceMode mode) {
    return switch (mode) {
      case ENFORCE -> List.of("Deny", "Audit");
      case WARN -> List.of("Warn", "Audit");
      case AUDIT -> List.of("Audit");
    };
  }

  /// The bindings to namespaces of some modes.
  ///
  /// @param suffix of the name of the first
  static List<PolicyBinding> of(
      PolicyTarget target, String suffix, List<String> actions, Set<NamespaceMode> modes) {
    List<PolicyBinding> bindings = new ArrayList<>();
    boolean unlabelled = modes.contains(target.mode());
    List<Mapping> selector = exempt(target);
    if (modes.contains(NamespaceMode.ENFORCE)) {
      // A slip of the pen must not open what was meant to be closed: any other word enforces.
      Set<NamespaceMode> others = EnumSet.allOf(NamespaceMode.class);
      others.removeAll(modes);
      selector.add(
          condition(
              LABEL,
              "NotIn",
              Stream.concat(others.stream().map(NamespaceMode::text), Stream.of(OFF))
                  .sorted()
                  .toList()));
      if (!unlabelled) {
        selector.add(condition(LABEL, "Exists", List.of()));
      }
      bindings.add(new PolicyBinding(suffix, actions, selector));
    } else {
      selector.add(
          condition(LABEL, "In", modes.stream().map(NamespaceMode::text).sorted().toList()));
      bindings.add(new PolicyBinding(suffix, actions, selector));
      if (unlabelled) {
        List<Mapping> without = exempt(target);
        without.add(condition(LABEL, "DoesNotExist", List.of()));
        bindings.add(new PolicyBinding(suffix + "-unlabelled", actions, without));
      }
    }
    return bindings;
  }

  /// To namespaces whose label is not a mode.
  static PolicyBinding ofSlips(PolicyTarget target, List<String> actions) {
    List<Mapping> selector = exempt(target);
    selector.add(condition(LABEL, "Exists", List.of()));
    selector.add(
        condition(
            LABEL,
            "NotIn",
            Stream.concat(
                    EnumSet.allOf(NamespaceMode.class).stream().map(NamespaceMode::text),
                    Stream.of(OFF))
                .sorted()
                .toList()));
    return new PolicyBinding("slip", actions, selector);
  }

  private static List<Mapping> exempt(PolicyTarget target) {
    List<Mapping> selector = new ArrayList<>();
    if (!target.namespaces().isEmpty()) {
      selector.add(condition("kubernetes.io/metadata.name", "NotIn", target.namespaces()));
    }
    return selector;
  }

  private static Mapping condition(String key, String operator, List<String> values) {
    MappingBuilder condition = new MappingBuilder().put("key", key).put("operator", operator);
    if (!values.isEmpty()) {
      condition.put("values", AdmissionPolicy.texts(values));
    }
    return condition.build();
  }

  Mapping spec(String policy) {
    MappingBuilder spec = new MappingBuilder().put("policyName", policy);
    if (!actions.isEmpty()) {
      spec.put("validationActions", AdmissionPolicy.texts(actions));
    }
    return spec.put(
            "matchResources",
            new MappingBuilder()
                .put(
                    "namespaceSelector",
                    new MappingBuilder().put("matchExpressions", selector).build())
                .build())
        .build();
  }
}

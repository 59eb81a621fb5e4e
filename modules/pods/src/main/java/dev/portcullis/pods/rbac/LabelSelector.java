package dev.portcullis.pods.rbac;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Selects roles by their labels.
record LabelSelector(Map<String, String> matchLabels, List<Requirement> requirements) {

  /// @param operator `In`, `NotIn`, `Exists` or `DoesNotExist`
  record Requirement(String key, Operator operator, List<String> values) {
    Requirement {
      values = List.copyOf(values);
    }

    private boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  LabelSelector {
    matchLabels = Map.copyOf(matchLabels);
    requirements = List.copyOf(requirements);
  }

  /// The keys of labels that it looks at.
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(matchLabels.keySet());
    requirements.forEach(requirement -> keys.add(requirement.key()));
    return keys;
  }

  boolean matches(Map<String, String> labels) {
    return labels.entrySet().containsAll(matchLabels.entrySet())
        && requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }
}

package dev.portcullis.pods.rbac;

import java.util.List;

/// One rule of a role.
///
/// @param resourceNames empty for all
record PolicyRule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames) {
  static final PolicyRule EVERYTHING =
      new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of());

  PolicyRule {
    verbs = List.copyOf(verbs);
    apiGroups = List.copyOf(apiGroups);
    resources = List.copyOf(resources);
    resourceNames = List.copyOf(resourceNames);
  }

  /// Whether it allows a verb on a named object. `*` is a wildcard everywhere but in names
  /// (`pkg/apis/rbac/v1/evaluation_helpers.go`).
  boolean allows(String verb, String group, String resource, String name) {
    return covers(verb, group, resource)
        && (resourceNames.isEmpty() || resourceNames.contains(name));
  }

  /// Whether it is about a verb on a resource, whatever the names.
  boolean covers(String verb, String group, String resource) {
    return covers(verbs, verb) && covers(apiGroups, group) && covers(resources, resource);
  }

  private static boolean covers(List<String> entries, String wanted) {
    return entries.contains("*") || entries.contains(wanted);
  }
}

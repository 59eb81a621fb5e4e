package dev.portcullis.pods.rbac;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Role or a ClusterRole.
///
/// @param key its namespace and name
/// @param labels by which other roles gather it
/// @param gathers the selectors of the roles whose rules it gathers (`aggregationRule`)
record Role(
    Key key, Map<String, String> labels, List<PolicyRule> rules, List<LabelSelector> gathers) {

  /// @param namespace null for a ClusterRole
  record Key(@Nullable String namespace, String name) {
    String kind() {
      return namespace == null ? "ClusterRole" : "Role";
    }

    String qualified() {
      return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    @Override
    public String toString() {
      return kind() + " " + qualified();
    }
  }

  Role {
    labels = Map.copyOf(labels);
    rules = List.copyOf(rules);
    gathers = List.copyOf(gathers);
  }
}

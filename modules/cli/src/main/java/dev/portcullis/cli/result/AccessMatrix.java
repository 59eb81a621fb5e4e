package dev.portcullis.cli.result;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.report.Access;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who may use which profile: policies, turned round.
final class AccessMatrix {
  private final List<String> columns;
  private final Map<String, ProfileName> names;
  private final Map<String, Line> lines = new TreeMap<>();
  private final List<String> unused = new ArrayList<>();

  private AccessMatrix(List<String> columns, Map<String, ProfileName> names) {
    this.columns = columns;
    this.names = names;
  }

  /// What one subject may use, by column: where, by name and by proof. An empty namespace is every
  /// one.
  private static final class Line {
    final Map<String, Set<String>> byName = new TreeMap<>();
    final Map<String, Set<String>> byProof = new TreeMap<>();
  }

  /// The matrix of some policies.
  ///
  /// @param used the profiles that containers run under
  static Access of(List<Policy> policies, Rbac rbac, Collection<ProfileName> used) {
    Map<String, ProfileName> names = new TreeMap<>();
    used.forEach(each -> names.put(each.text(), each));
    Set<String> patterns = new TreeSet<>();
    for (Policy policy : policies) {
      for (AllowedProfile entry : policy.allowed()) {
        if (entry instanceof AllowedProfile.Exactly(ProfileName name)) {
          names.put(name.text(), name);
        } else {
          patterns.add(entry.text());
        }
      }
    }
    names.put(ProfileName.RUNTIME_DEFAULT.text(), ProfileName.RUNTIME_DEFAULT);
    names.put(ProfileName.UNCONFINED.text(), ProfileName.UNCONFINED);
    Set<String> columns = new LinkedHashSet<>();
    columns.add(ProfileName.UNCONFINED.text());
    columns.add(ProfileName.RUNTIME_DEFAULT.text());
    columns.addAll(names.keySet());
    columns.addAll(patterns);
    AccessMatrix matrix = new AccessMatrix(List.copyOf(columns), names);
    policies.stream()
        .sorted(Policy.BY_NAME)
        .forEach(policy -> matrix.add(policy, rbac.grantsAnywhere(policy)));
    return matrix.access();
  }

  private void add(Policy policy, List<Grant> grants) {
    boolean granted = false;
    for (Grant grant : grants) {
      Grant.Named binding = grant.binding();
      if (binding == null) {
        continue;
      }
      granted = true;
      Line line = lines.computeIfAbsent(grant.subject().toString(), _ -> new Line());
      String where = binding.namespace() == null ? "" : binding.namespace();
      for (String column : columns) {
        if (allows(policy, column)) {
          line.byName.computeIfAbsent(column, _ -> new TreeSet<>()).add(where);
        } else if (!policy.stricterThan().isEmpty()
            && names.get(column) instanceof ProfileName.Localhost) {
          line.byProof.computeIfAbsent(column, _ -> new TreeSet<>()).add(where);
        }
      }
    }
    if (!granted) {
      unused.add(policy.label());
    }
  }

  /// A pattern is allowed by anyone who has it, and by `*`.
  private boolean allows(Policy policy, String column) {
    ProfileName name = names.get(column);
    return name != null
        ? policy.allows(name)
        : policy.allowed().stream()
            .anyMatch(entry -> entry instanceof AllowedProfile.Any || entry.text().equals(column));
  }

  private Access access() {
    List<Access.Row> rows = new ArrayList<>();
    lines.forEach((subject, line) ->
        rows.add(new Access.Row(subject, columns.stream().map(each -> cell(line, each)).toList())));
    List<String> notes = new ArrayList<>();
    if (rows.isEmpty()) {
      notes.add("No policy is granted to anybody.");
    } else {
      notes.add(
          "By what the policies allow and RBAC grants. \"yes\" is for pods in every namespace; \"if"
              + " proven\" is where the content of the profile is proven no weaker than another.");
    }
    notes.add("The group system:masters may use every policy, without a binding.");
    if (!unused.isEmpty()) {
      notes.add("Granted to nobody: " + String.join(", ", unused) + ".");
    }
    return new Access(true, columns, rows, notes);
  }

  private static Access.Cell cell(Line line, String column) {
    Set<String> byName = line.byName.getOrDefault(column, Set.of());
    Set<String> byProof = new TreeSet<>(line.byProof.getOrDefault(column, Set.of()));
    byProof.removeAll(byName);
    Access.Where named = where(byName);
    return new Access.Cell(named, named.everywhere() ? Access.Where.NOWHERE : where(byProof));
  }

  private static Access.Where where(Set<String> namespaces) {
    return namespaces.contains("")
        ? Access.Where.EVERYWHERE
        : new Access.Where(false, List.copyOf(namespaces));
  }
}

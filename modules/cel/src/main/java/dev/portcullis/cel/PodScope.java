package dev.portcullis.cel;

import java.util.ArrayList;
import java.util.List;

/// The requests about pods for which the rules are.
final class PodScope {
  static final AdmissionPolicy.ResourceRule PODS_AND_UPDATES =
      new AdmissionPolicy.ResourceRule("", List.of("CREATE", "UPDATE"), List.of("pods"));
  static final AdmissionPolicy.ResourceRule NEW_PODS =
      new AdmissionPolicy.ResourceRule("", List.of("CREATE"), List.of("pods"));
  static final AdmissionPolicy.ResourceRule DEBUG =
      new AdmissionPolicy.ResourceRule("", List.of("UPDATE"), List.of("pods/ephemeralcontainers"));

  /// Nothing is left of a pod without containers that could be judged: the server refuses it. Typed
  /// by the server, its list is `null`.
  private static final NamedExpression HAS_CONTAINERS =
      new NamedExpression("has-containers", "object.?spec.?containers.orValue(null) != null");

  private PodScope() {}

  /// Those of a policy that judges pods.
  static List<NamedExpression> conditions(PolicyTarget target) {
    List<NamedExpression> conditions = new ArrayList<>();
    conditions.add(HAS_CONTAINERS);
    // A patch would not reach its containers, and a refusal would not stop them.
    conditions.add(
        new NamedExpression(
            "no-mirror-of-a-static-pod",
            "!('system:nodes' in request.userInfo.?groups.orValue([]) && 'kubernetes.io/config.mirror' in object.metadata.?annotations.orValue({}))"));
    conditions.addAll(exemptions(target, "object"));
    return conditions;
  }

  /// Who is left alone.
  ///
  /// @param holder of the spec
  static List<NamedExpression> exemptions(PolicyTarget target, String holder) {
    List<NamedExpression> conditions = new ArrayList<>();
    if (!target.users().isEmpty()) {
      conditions.add(
          new NamedExpression(
              "no-exempt-user",
              "!(request.userInfo.username in " + CelLiteral.list(target.users()) + ")"));
    }
    if (!target.runtimeClasses().isEmpty()) {
      conditions.add(
          new NamedExpression(
              "no-exempt-runtime-class",
              "!("
                  + holder
                  + ".?spec.?runtimeClassName.orValue('') in "
                  + CelLiteral.list(target.runtimeClasses())
                  + ")"));
    }
    return conditions;
  }

  /// The containers of a request that come into being, or whose annotations change.
  static String judged() {
    return Fragments.EPHEMERAL
        + " ? variables.spec.?ephemeralContainers.orValue([]).filter(c, !(c.name in oldObject.spec.?ephemeralContainers.orValue([]).map(o, o.name)))"
        + " : variables.spec.?initContainers.orValue([]) + variables.spec.containers + variables.spec.?ephemeralContainers.orValue([])";
  }

  /// Whether an update changes what names profiles, or what runtimes obey.
  static String changesProfiles() {
    return Fragments.changes(
        "annotations",
        "(" + Fragments.namesProfile("k") + " || " + Fragments.obeyedByRuntimes("k") + ")");
  }

  /// Whether a request needs grants: containers come into being, or annotations change.
  static String judges() {
    return Fragments.CREATES + " || " + Fragments.EPHEMERAL + " || " + changesProfiles();
  }

  /// Whether an update changes what only Portcullis writes.
  static String changesRecord() {
    return "("
        + Fragments.changes("annotations", Fragments.ofRecord("k"))
        + " || "
        + Fragments.changes("labels", Fragments.recordLabel("k"))
        + ")";
  }
}

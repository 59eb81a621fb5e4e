package dev.portcullis.cel;

import static dev.portcullis.cel.Fragments.NOTHING;

/// The variables that say what the containers of a pod name, and what they would run under.
///
/// @param holder an expression of what has the `metadata` and the `spec` of the pod
/// @param unnamed what containers run under that name nothing, as an expression; the empty text
///   where that is still to be found
/// @param target the cluster
/// @param provable whether it matters which containers can gain rights
record ContainerVariables(String holder, String unnamed, PolicyTarget target, boolean provable) {

  /// Declares `spec`, `notes`, `windows`, `podField` and `podProfile`.
  ///
  /// @param otherwise what the pod names that names nothing
  static void declarePod(Variables variables, String holder, String unnamed, String otherwise) {
    variables.add("spec", holder + ".spec");
    variables.add("notes", holder + ".?metadata.?annotations.orValue({})");
    variables.add("windows", "variables.spec.?os.?name.orValue('') == 'windows'");
    variables.add(
        "podField",
        Fragments.hasField("variables.spec")
            + " ? "
            + Fragments.field("variables.spec")
            + " : "
            + unnamed);
    variables.add(
        "podProfile",
        Fragments.hasField("variables.spec")
            + " ? variables.podField : "
            + Fragments.hasAnnotation(Fragments.POD_KEY)
            + " ? "
            + Fragments.annotated(Fragments.annotation(Fragments.POD_KEY))
            + " : "
            + otherwise);
  }

  /// What a container names, or gets from its pod.
  static String says(String container) {
    String key = Fragments.containerKey(container);
    return Fragments.hasField(container)
        + " ? "
        + Fragments.field(container)
        + " : "
        + Fragments.hasAnnotation(key)
        + " ? "
        + Fragments.annotated(Fragments.annotation(key))
        + " : variables.podProfile";
  }

  /// What a container runs under, by the fields that kubelets read.
  static String runs(String container) {
    return Fragments.hasField(container)
        + " ? "
        + Fragments.field(container)
        + " : variables.podField";
  }

  /// Declares `said`: of each container its `name`, what it `says`, what it `runs` under, whether
  /// it is `privileged`, and whether it is `free` of a filter whatever it says.
  ///
  /// @param judged the containers, as an expression
  void declare(Variables variables, String judged) {
    declarePod(variables, holder, unnamed, unnamed);
    String trusted = target.leniency().windows() ? "variables.windows ? [] : " : "";
    variables.add("judged", trusted + judged);
    String free =
        target.leniency().privilegedByName()
            ? "variables.windows"
            : "variables.windows || " + Fragments.privileged("c");
    variables.add(
        "said",
        "variables.judged.map(c, {'name': string(c.name), 'says': string("
            + says("c")
            + "), 'runs': string("
            + runs("c")
            + "), 'privileged': "
            + Fragments.privileged("c")
            + " ? 'yes' : '', 'free': "
            + free
            + " ? 'yes' : ''"
            + (provable ? ", 'rights': " + Fragments.keepsRights("c") + " ? 'yes' : ''" : "")
            + "})");
  }

  /// The name by which a container is judged; with a plus sign before it where a proof may allow
  /// it.
  ///
  /// @param said a variable over `said`
  String judgedAs(String said) {
    String name =
        "%1$s.says == '?' ? '?' : %1$s.free != '' ? %2$s : ".formatted(said, Fragments.UNCONFINED);
    String plain = said + ".says";
    return "("
        + name
        + (provable
            ? "%1$s.rights == '' && %1$s.says.startsWith(%2$s) ? '+' + %1$s.says : "
                    .formatted(said, Fragments.LOCALHOST)
                + plain
            : plain)
        + ")";
  }

  /// Whether a container needs a default that is still to be found.
  String needsDefault(String said) {
    return unnamed.equals(NOTHING) ? said + ".says == '' && " + said + ".free == ''" : "false";
  }
}

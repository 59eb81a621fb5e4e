package dev.portcullis.cel;

import static dev.portcullis.cel.Fragments.NOTHING;

import dev.portcullis.pods.spec.RuntimeAnnotation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policy that refuses pods: what is not allowed, and what would not run as it was judged.
final class PodsPolicy {
  static final String NAME = "portcullis-pods";

  private static final GrantQuestions.Words USER =
      new GrantQuestions.Words("authorizer", "'user \"' + request.userInfo.username + '\"'");

  private PodsPolicy() {}

  /// @param chain null where nothing is written into pods
  static AdmissionPolicy of(PolicyTarget target, GrantTable table, @Nullable DefaultChain chain) {
    ContainerVariables containers = containers(target, table, chain);
    GrantQuestions questions = new GrantQuestions(containers, table, chain, USER);
    Variables variables = new Variables();
    containers.declare(variables, PodScope.judged());
    questions.declare(variables, PodScope.judges());
    List<NamedExpression> conditions = new ArrayList<>(PodScope.conditions(target));
    conditions.add(
        new NamedExpression(
            "changes-what-matters", PodScope.judges() + " || " + PodScope.changesRecord()));
    List<ValidationRule> rules = new ArrayList<>(windows());
    rules.addAll(effect(target));
    rules.addAll(record(target));
    rules.addAll(annotations());
    rules.addAll(questions.rules());
    return new AdmissionPolicy(
        false,
        NAME,
        true,
        List.of(PodScope.PODS_AND_UPDATES, PodScope.DEBUG),
        conditions,
        variables.all(),
        rules.stream().map(ValidationRule::yaml).toList(),
        PolicyBinding.ofEach(target, NamespaceMode.ENFORCE));
  }

  static ContainerVariables containers(
      PolicyTarget target, GrantTable table, @Nullable DefaultChain chain) {
    String unnamed =
        chain != null
            ? NOTHING
            : target.kubeletDefault() ? Fragments.RUNTIME_DEFAULT : Fragments.UNCONFINED;
    return new ContainerVariables("object", unnamed, target, !table.proven.isEmpty());
  }

  /// A policy that only reports what {@link #of} would refuse.
  static AdmissionPolicy look(PolicyTarget target, GrantTable table, @Nullable DefaultChain chain) {
    ContainerVariables containers = containers(target, table, chain);
    GrantQuestions questions = new GrantQuestions(containers, table, chain, USER);
    Variables variables = new Variables();
    containers.declare(variables, PodScope.judged());
    questions.declare(variables, PodScope.judges());
    List<NamedExpression> conditions = new ArrayList<>(PodScope.conditions(target));
    conditions.add(new NamedExpression("changes-what-matters", PodScope.judges()));
    List<ValidationRule> rules = new ArrayList<>(windows());
    rules.addAll(annotations());
    rules.addAll(questions.rules());
    rules.add(wouldSet(chain != null));
    return new AdmissionPolicy(
        false,
        "portcullis-look",
        false,
        List.of(PodScope.PODS_AND_UPDATES, PodScope.DEBUG),
        conditions,
        variables.all(),
        rules.stream().map(ValidationRule::yaml).toList(),
        PolicyBinding.ofEach(target, NamespaceMode.WARN, NamespaceMode.AUDIT));
  }

  private static ValidationRule wouldSet(boolean mutates) {
    String makes = "(" + Fragments.CREATES + " || " + Fragments.EPHEMERAL + ")";
    String differs = "s.says != '?' && s.says != s.runs";
    return mutates
        ? new ValidationRule(
            "variables.windows || !"
                + makes
                + " || !variables.said.exists(s, s.says == '' || "
                + differs
                + ")",
            "enforce would set the profile of a container, by an annotation or a default",
            "'enforce would set the profile of container \"' + variables.said.filter(s, s.says =="
                + " '' || "
                + differs
                + ").map(s, s.name + '\": ' + (s.says == '' ? 'the default' : s.says)).join(',"
                + " container \"')")
        : new ValidationRule(
            "variables.windows || !" + makes + " || !variables.said.exists(s, " + differs + ")",
            "an annotation names a profile for a container, and its securityContext.seccompProfile"
                + " does not: enforce would refuse the pod");
  }

  /// Kubelets before 1.24 run a Windows pod on Linux, and obey its annotations there.
  static List<ValidationRule> windows() {
    return List.of(
        new ValidationRule(
            "!variables.windows || !variables.notes.exists(k, " + Fragments.namesProfile("k") + ")",
            "a seccomp annotation cannot be set for a windows pod"));
  }

  private static List<ValidationRule> effect(PolicyTarget target) {
    String makes = "(" + Fragments.CREATES + " || " + Fragments.EPHEMERAL + ")";
    List<ValidationRule> rules = new ArrayList<>();
    if (target.mutates()) {
      rules.add(
          new ValidationRule(
              "variables.windows || !" + makes + " || variables.said.all(s, s.says != '')",
              "a container has no profile: the MutatingAdmissionPolicy "
                  + FieldsPolicy.NAME
                  + " did not run, or something changed the pod after it"));
    }
    rules.add(
        new ValidationRule(
            "variables.windows || !"
                + makes
                + " || variables.said.all(s, s.says == '?' || s.says == s.runs)",
            "an annotation names a profile for a container, and its securityContext.seccompProfile"
                + " does not",
            "'container \"' + variables.said.filter(s, s.says != '?' && s.says != s.runs).map(s,"
                + " s.name + '\" must run under ' + s.says + ', as its annotation says, and would"
                + " run under ' + (s.runs == '' ? 'nothing' : s.runs)).join('; container \"') + ':"
                + " write it into securityContext.seccompProfile (portcullis fix does)'"));
    return rules;
  }

  private static List<ValidationRule> record(PolicyTarget target) {
    List<ValidationRule> rules = new ArrayList<>();
    rules.add(
        new ValidationRule(
            "request.operation != 'UPDATE' || "
                + Fragments.EPHEMERAL
                + " || !"
                + PodScope.changesRecord(),
            "only Portcullis may write how a pod was admitted: keep the stored annotations"
                + " portcullis.dev/... (kubectl apply and edit do)"));
    rules.add(
        new ValidationRule(
            "request.operation != 'CREATE' || !("
                + Fragments.hasAnnotation(Fragments.UNCONFINED_RECORD)
                + ") || string("
                + Fragments.annotation(Fragments.UNCONFINED_RECORD)
                + ").split(',').all(n, variables.said.exists(s, s.name == n && (s.privileged != ''"
                + " || s.says == "
                + Fragments.UNCONFINED
                + ")))",
            "only Portcullis may write how a pod was admitted: remove portcullis.dev/unconfined"));
    if (target.leniency().windows()) {
      rules.add(
          new ValidationRule(
              "request.operation != 'CREATE' || !variables.windows || !variables.notes.exists(k, "
                  + Fragments.ofRecord("k")
                  + ")",
              "only Portcullis may write how a pod was admitted: remove the annotations"
                  + " portcullis.dev/..."));
    }
    return rules;
  }

  /// What annotations may not contain beside fields, which an API server checks of new pods alone,
  /// and what those that runtimes obey may not do: `unconfined` is a grant of no filter, not of
  /// rights, nor of the filters of others.
  static List<ValidationRule> annotations() {
    String key = Fragments.containerKey("c");
    String pod =
        "("
            + Fragments.hasField("variables.spec")
            + " && "
            + Fragments.hasAnnotation(Fragments.POD_KEY)
            + " && "
            + Fragments.annotated(Fragments.annotation(Fragments.POD_KEY))
            + " != variables.podField)";
    String container =
        "variables.judged.exists(c, "
            + Fragments.hasField("c")
            + " && "
            + Fragments.hasAnnotation(key)
            + " && "
            + Fragments.annotated(Fragments.annotation(key))
            + " != "
            + Fragments.field("c")
            + ")";
    return List.of(
        new ValidationRule(
            "!variables.judges || variables.windows || !(" + pod + " || " + container + ")",
            "seccomp type in annotation and field must match"),
        new ValidationRule(
            "!variables.byRuntimes || !variables.notes.exists(k, "
                + Fragments.obeyedByRuntimes("k", RuntimeAnnotation.Kind.FILTER)
                + ") || !variables.judged.exists(c, !"
                + Fragments.privileged("c")
                + " && "
                + Fragments.keepsRights("c")
                + ")",
            "an annotation by which a runtime takes another filter needs allowPrivilegeEscalation:"
                + " false in every container that is not privileged, and no CAP_SYS_ADMIN"),
        new ValidationRule(
            "!variables.byRuntimes || !variables.notes.exists(k, "
                + Fragments.obeyedByRuntimes("k", RuntimeAnnotation.Kind.PROFILE)
                + ") || !variables.judged.exists(c, !"
                + Fragments.privileged("c")
                + ")",
            "an annotation by which a runtime takes a profile from elsewhere needs privileged"
                + " containers"));
  }
}

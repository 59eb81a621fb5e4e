package dev.portcullis.cel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policy that warns anyone who sends a workload whose pods would be refused.
final class TemplatesPolicy {
  /// The account in `kube-system` that creates the pods.
  private static final String CONTROLLER =
      "{'Deployment': 'replicaset-controller', 'ReplicaSet': 'replicaset-controller',"
          + " 'StatefulSet': 'statefulset-controller', 'DaemonSet': 'daemon-set-controller', 'Job':"
          + " 'job-controller', 'CronJob': 'job-controller', 'ReplicationController':"
          + " 'replication-controller'}[?request.kind.kind].orValue('')";

  private TemplatesPolicy() {}

  static AdmissionPolicy of(PolicyTarget target, GrantTable table, @Nullable DefaultChain chain) {
    ContainerVariables containers =
        new ContainerVariables(
            "variables.template",
            PodsPolicy.containers(target, table, chain).unnamed(),
            target,
            !table.proven.isEmpty());
    GrantQuestions questions =
        new GrantQuestions(
            containers,
            table,
            chain,
            new GrantQuestions.Words(
                "variables.controller == '' ? authorizer : authorizer.serviceAccount('kube-system',"
                    + " variables.controller)",
                "(variables.controller == '' ? 'user \"' + request.userInfo.username + '\"' : 'the"
                    + " ' + variables.controller + ', which creates the pods,')"));
    Variables variables = new Variables();
    variables.add("template", template("object"));
    variables.add("controller", CONTROLLER);
    containers.declare(
        variables, "variables.spec.?initContainers.orValue([]) + variables.spec.containers");
    questions.declare(variables, "true");
    List<NamedExpression> conditions = new ArrayList<>();
    // What a controller made was judged in what it was made from.
    conditions.add(
        new NamedExpression(
            "no-part-of-another-workload",
            "!object.metadata.?ownerReferences.orValue([]).exists(o,"
                + " o.?controller.orValue(false))"));
    conditions.add(
        new NamedExpression(
            "has-containers", template("object") + ".?spec.?containers.orValue(null) != null"));
    conditions.add(
        new NamedExpression(
            "changes-its-pods",
            Fragments.CREATES
                + " || "
                + template("object")
                + ".spec != "
                + template("oldObject")
                + ".spec || "
                + template("object")
                + ".?metadata.?annotations.orValue({}) != "
                + template("oldObject")
                + ".?metadata.?annotations.orValue({})"));
    conditions.addAll(PodScope.exemptions(target, template("object")));
    List<ValidationRule> rules = new ArrayList<>(PodsPolicy.windows());
    rules.addAll(PodsPolicy.annotations());
    rules.addAll(questions.rules());
    // A workload is never refused.
    List<PolicyBinding> bindings =
        new ArrayList<>(
            PolicyBinding.of(
                target,
                "warn",
                PolicyBinding.actions(NamespaceMode.WARN),
                EnumSet.of(NamespaceMode.ENFORCE, NamespaceMode.WARN)));
    bindings.addAll(PolicyBinding.ofEach(target, NamespaceMode.AUDIT));
    return new AdmissionPolicy(
        false,
        "portcullis-templates",
        false,
        resources(),
        conditions,
        variables.all(),
        rules.stream().map(ValidationRule::yaml).toList(),
        bindings);
  }

  private static String template(String object) {
    return "(request.kind.kind == 'CronJob' ? dyn(%1$s).spec.jobTemplate.spec.template : request.kind.kind == 'PodTemplate' ? dyn(%1$s).template : dyn(%1$s).spec.template)"
        .formatted(object);
  }

  static List<AdmissionPolicy.ResourceRule> resources() {
    List<String> changes = List.of("CREATE", "UPDATE");
    return List.of(
        new AdmissionPolicy.ResourceRule(
            "apps", changes, List.of("daemonsets", "deployments", "replicasets", "statefulsets")),
        new AdmissionPolicy.ResourceRule("batch", changes, List.of("cronjobs", "jobs")),
        new AdmissionPolicy.ResourceRule(
            "", changes, List.of("podtemplates", "replicationcontrollers")));
  }
}

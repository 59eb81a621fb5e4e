package dev.portcullis.cel;

import dev.portcullis.pods.spec.SeccompKeys;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The policy that warns of what is no reason to refuse a pod, and that its author should know.
final class NotesPolicy {
  private NotesPolicy() {}

  static AdmissionPolicy of(PolicyTarget target) {
    Variables variables = new Variables();
    variables.add("notes", "object.metadata.?annotations.orValue({})");
    variables.add(
        "all",
        "object.spec.?initContainers.orValue([]) + object.spec.containers + object.spec.?ephemeralContainers.orValue([])");
    String prefix = CelLiteral.text(SeccompKeys.CONTAINER_PREFIX);
    String nobody =
        "k.startsWith(%1$s) && !variables.all.exists(c, %1$s + c.name == k)".formatted(prefix);
    List<ValidationRule> rules =
        List.of(
            new ValidationRule(
                "!variables.notes.exists(k, " + nobody + ")",
                "an annotation names a profile for a container that the pod does not have"),
            new ValidationRule(
                "!variables.all.exists(c, " + Fragments.privileged("c") + ")",
                "a privileged container runs unconfined, regardless of the profile that it names"
                    + (target.leniency().privilegedByName() ? "" : ", and counts as unconfined")));
    List<NamedExpression> conditions = new ArrayList<>(PodScope.conditions(target));
    conditions.add(
        new NamedExpression("not-windows", "object.spec.?os.?name.orValue('') != 'windows'"));
    return new AdmissionPolicy(
        false,
        "portcullis-notes",
        false,
        List.of(PodScope.NEW_PODS),
        conditions,
        variables.all(),
        rules.stream().map(ValidationRule::yaml).toList(),
        PolicyBinding.of(
            target,
            "warn",
            List.of("Warn"),
            EnumSet.of(NamespaceMode.ENFORCE, NamespaceMode.WARN)));
  }

  /// Warns wherever the label of a namespace is not a mode.
  static AdmissionPolicy ofSlips(PolicyTarget target) {
    List<AdmissionPolicy.ResourceRule> resources = new ArrayList<>();
    resources.add(PodScope.NEW_PODS);
    resources.addAll(TemplatesPolicy.resources());
    return new AdmissionPolicy(
        false,
        "portcullis-mode",
        false,
        resources,
        PodScope.exemptions(target, "object").stream()
            .filter(each -> each.name().equals("no-exempt-user"))
            .toList(),
        List.of(),
        List.of(
            new ValidationRule(
                    "false",
                    "the namespace's label portcullis.dev/mode is not a mode, so the mode is enforce; use enforce, warn, audit or off",
                    "'the label portcullis.dev/mode of namespace \"' + request.namespace + '\" is \"' + namespaceObject.metadata.labels['portcullis.dev/mode'] + '\", which is not a mode, so the mode is enforce; use enforce, warn, audit or off'")
                .yaml()),
        List.of(PolicyBinding.ofSlips(target, List.of("Warn"))));
  }
}

package dev.portcullis.cel;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.profiles.record.PodRecord;
import java.util.EnumSet;
import java.util.List;

/// The policy that writes profiles where kubelets read them: at each level an annotation without a
/// field becomes the field, and the default the pod's. It also writes down how a pod was admitted.
///
/// A mutation that fails shows its whole expression to the user, so what could fail is in
/// variables.
final class FieldsPolicy {
  static final String NAME = "portcullis-fields";

  private static final String NEW_RECORD = "compiled";

  private FieldsPolicy() {}

  static AdmissionPolicy of(PolicyTarget target, DefaultChain chain) {
    Variables variables = new Variables();
    boolean trusted = target.leniency().windows();
    variables.add("creating", Fragments.CREATES);
    variables.add(
        "account",
        "object.spec.?serviceAccountName.orValue('') != '' ? string(object.spec.serviceAccountName) : 'default'");
    variables.add("runner", "authorizer.serviceAccount(request.namespace, variables.account)");
    chain.declare(variables, "variables.runner", "authorizer");
    variables.add("fallback", chain.value());
    ContainerVariables.declarePod(variables, "object", "''", "variables.fallback");
    variables.add("all", "variables.spec.?initContainers.orValue([]) + variables.spec.containers");
    variables.add("pod", pod());
    variables.add(
        "old",
        "variables.creating ? [] : oldObject.spec.?ephemeralContainers.orValue([]).map(c, c.name)");
    written(variables, "containers");
    written(variables, "initContainers");
    variables.add(
        "writes_ephemeralContainers",
        "variables.creating || variables.windows ? [] : variables.spec.?ephemeralContainers.orValue([]).map(c, c.name in variables.old ? '' : "
            + Fragments.hasField("c")
            + " ? '' : string("
            + ContainerVariables.says("c")
            + ")).map(n, n in ['?', variables.podField] ? '' : n)");
    variables.add(
        "free",
        "!variables.creating || ("
            + (trusted ? "variables.windows" : "false")
            + ") ? [] : variables.all.filter(c, "
            + Fragments.privileged("c")
            + " || !variables.windows && string("
            + ContainerVariables.says("c")
            + ") == "
            + Fragments.UNCONFINED
            + ").map(c, string(c.name))");
    variables.add("forged", forged(trusted));
    return new AdmissionPolicy(
        true,
        NAME,
        true,
        List.of(PodScope.NEW_PODS, PodScope.DEBUG),
        PodScope.conditions(target),
        variables.all(),
        List.of(mutation(trusted)),
        PolicyBinding.of(target, "enforce", List.of(), EnumSet.of(NamespaceMode.ENFORCE)));
  }

  private static String pod() {
    String annotation = Fragments.annotation(Fragments.POD_KEY);
    return "!variables.creating || variables.windows || "
        + Fragments.hasField("variables.spec")
        + " ? '' : "
        + Fragments.hasAnnotation(Fragments.POD_KEY)
        + " ? ("
        + Fragments.isName(annotation)
        + " ? string("
        + annotation
        + ") : '') : variables.all.exists(c, !"
        + Fragments.hasField("c")
        + " && !("
        + Fragments.hasAnnotation(Fragments.containerKey("c"))
        + ")) ? variables.fallback : ''";
  }

  private static void written(Variables variables, String list) {
    String key = Fragments.containerKey("c");
    variables.add(
        "writes_" + list,
        "!variables.creating || variables.windows ? [] : variables.spec.?"
            + list
            + ".orValue([]).map(c, !"
            + Fragments.hasField("c")
            + " && "
            + Fragments.hasAnnotation(key)
            + " && "
            + Fragments.isName(Fragments.annotation(key))
            + " ? string("
            + Fragments.annotation(key)
            + ") : '')");
  }

  /// The annotations that say how a pod was admitted, and that somebody else wrote.
  private static String forged(boolean trusted) {
    String others = Fragments.otherRecord("k");
    return "!variables.creating ? [] : variables.notes.map(k, k).filter(k, "
        + (trusted ? "variables.windows ? " + Fragments.ofRecord("k") + " : " + others : others)
        + ")";
  }

  private static Mapping mutation(boolean trusted) {
    String record = trusted ? "variables.creating && !variables.windows" : "variables.creating";
    String expression =
        "(variables.pod == '' ? [] : ["
            + field("object.spec", "'/spec'", "Object.spec", "variables.pod")
            + "])\n+ (!variables.creating ? "
            + fields("ephemeralContainers")
            + " : "
            + fields("initContainers")
            + " + "
            + fields("containers")
            + ")\n+ (!variables.creating || has(object.metadata.annotations) ? [] : [JSONPatch{op: 'add', path: '/metadata/annotations', value: {}}])"
            + "\n+ variables.forged.map(k, JSONPatch{op: 'remove', path: '/metadata/annotations/' + k.replace('~', '~0').replace('/', '~1')})"
            + "\n+ (variables.creating && object.metadata.?labels.orValue({}).exists(k, "
            + Fragments.recordLabel("k")
            + ") ? [JSONPatch{op: 'remove', path: "
            + CelLiteral.text("/metadata/labels/" + pointer(PodRecord.PROVEN))
            + "}] : [])\n+ ("
            + record
            + " && !("
            + Fragments.hasAnnotation(Fragments.POLICY)
            + ") ? [JSONPatch{op: 'add', path: "
            + CelLiteral.text("/metadata/annotations/" + pointer(PodRecord.POLICY))
            + ", value: "
            + CelLiteral.text(NEW_RECORD)
            + "}] : [])\n+ (!("
            + record
            + ") ? [] : variables.free.size() > 0 ? [JSONPatch{op: 'add', path: "
            + CelLiteral.text("/metadata/annotations/" + pointer(PodRecord.UNCONFINED))
            + ", value: variables.free.join(',')}] : "
            + Fragments.hasAnnotation(Fragments.UNCONFINED_RECORD)
            + " ? [JSONPatch{op: 'remove', path: "
            + CelLiteral.text("/metadata/annotations/" + pointer(PodRecord.UNCONFINED))
            + "}] : [])";
    return new MappingBuilder()
        .put("patchType", "JSONPatch")
        .put("jsonPatch", new MappingBuilder().put("expression", expression).build())
        .build();
  }

  static String pointer(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static String fields(String list) {
    return "object.spec.?"
        + list
        + ".orValue([]).transformList(i, c, variables.writes_"
        + list
        + ".size() > i && variables.writes_"
        + list
        + "[i] != '', "
        + field(
            "c",
            "'/spec/" + list + "/' + string(i)",
            "Object.spec." + list,
            "variables.writes_" + list + "[i]")
        + ")";
  }

  private static String field(String owner, String path, String type, String name) {
    String profile =
        "%1$s.securityContext.seccompProfile{type: %2$s == %3$s ? 'Unconfined' : %2$s.startsWith(%4$s) ? 'Localhost' : 'RuntimeDefault', ?localhostProfile: %2$s.startsWith(%4$s) ? optional.of(%2$s.substring(%5$d)) : optional.none()}"
            .formatted(
                type,
                name,
                Fragments.UNCONFINED,
                Fragments.LOCALHOST,
                ProfileText.LOCALHOST_PREFIX.length());
    return "has(%1$s.securityContext) ? JSONPatch{op: 'add', path: %2$s + '/securityContext/seccompProfile', value: %3$s} : JSONPatch{op: 'add', path: %2$s + '/securityContext', value: %4$s.securityContext{seccompProfile: %3$s}}"
        .formatted(owner, path, profile, type);
  }
}

package dev.portcullis.pods.rbac;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.pods.object.ConvertedObject;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacConversionTest {
  private static final String API = "---\napiVersion: rbac.authorization.k8s.io/v1\n";
  private static final String RULE =
      "{apiGroups: [policy], resources: [podsecuritypolicies], resourceNames: [a], verbs: [use]}";

  private static String role(String kind, String metadata, String... rules) {
    return API
        + "kind: "
        + kind
        + "\nmetadata: {"
        + metadata
        + "}\nrules: ["
        + String.join(", ", rules)
        + "]\n";
  }

  private static String binding(String kind, String metadata, String role, String subjects) {
    return API
        + "kind: "
        + kind
        + "\nmetadata: {"
        + metadata
        + "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, "
        + role
        + "}\nsubjects: ["
        + subjects
        + "]\n";
  }

  private static RbacConversion convert(String... documents) {
    return RbacConversion.of(objects(String.join("", documents)), Set.of("b", "a"), Set.of());
  }

  private static List<String> labels(RbacConversion conversion) {
    return conversion.grants().stream().map(ConvertedObject::label).toList();
  }

  private static String rules(RbacConversion conversion) {
    return JsonWriter.compact(
        Objects.requireNonNull(conversion.grants().getFirst().object().manifest().get("rules")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]|true",
        "apiGroups: [extensions], resources: [podsecuritypolicies], verbs: [use, get]|true",
        "apiGroups: ['*'], resources: [podsecuritypolicies], verbs: ['*']|true",
        "apiGroups: [policy], resources: ['*'], verbs: [use]|true",
        "apiGroups: ['*'], resources: ['*'], verbs: ['*']|false",
        "apiGroups: [policy], resources: [podsecuritypolicies], verbs: [get]|false",
        "apiGroups: [apps], resources: [podsecuritypolicies], verbs: [use]|false",
        "apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [use]|false",
        "apiGroups: [policy, portcullis.dev], resources: [podsecuritypolicies, seccomppolicies],"
            + " verbs: [use]|false",
      })
  void whichRulesAreConverted(String rule, boolean converted) {
    RbacConversion conversion = convert(role("ClusterRole", "name: r", "{" + rule + "}"));
    assertThat(labels(conversion))
        .isEqualTo(converted ? List.of("ClusterRole \"r-seccomp\"") : List.of());
    if (converted) {
      assertThat(rules(conversion))
          .isEqualTo(
              "[{\"apiGroups\":[\"portcullis.dev\"],\"resources\":[\"seccomppolicies\"],"
                  + "\"resourceNames\":[\"a\",\"b\"],\"verbs\":[\"use\"]}]");
      assertThat(conversion.grants().getFirst().differences())
          .singleElement()
          .asString()
          .startsWith("It granted every PodSecurityPolicy, including later ones.");
    }
  }

  @Test
  void namesAreKeptAndOtherRulesAreNot() {
    RbacConversion conversion =
        convert(
            role(
                "Role",
                "name: r, namespace: team",
                RULE,
                RULE.replace("policy", "extensions"),
                RULE.replace("[a]", "[b, gone]"),
                "{apiGroups: [''], resources: [pods], verbs: [get]}"));
    assertThat(labels(conversion)).containsExactly("Role \"r-seccomp\" in namespace \"team\"");
    assertThat(rules(conversion))
        .contains("\"resourceNames\":[\"a\"]")
        .contains("\"resourceNames\":[\"b\"]")
        .doesNotContain("pods")
        .hasSizeLessThan(260);
    assertThat(conversion.grants().getFirst().differences())
        .containsExactly(
            "\"gone\" is left out: no SeccompPolicy is converted from it here.",
            "The other rules of Role team/r are not copied.");
  }

  @Test
  void bindingsKeepTheirKindNamespaceAndSubjects() {
    RbacConversion conversion =
        convert(
            binding(
                "RoleBinding",
                "name: b, namespace: team",
                "kind: ClusterRole, name: r",
                "{kind: User, name: ann}, {kind: ServiceAccount, name: web}"),
            binding("ClusterRoleBinding", "name: b", "kind: ClusterRole, name: r", ""),
            role("ClusterRole", "name: r", RULE));
    assertThat(labels(conversion))
        .containsExactly(
            "ClusterRole \"r-seccomp\"",
            "ClusterRoleBinding \"b-seccomp\"",
            "RoleBinding \"b-seccomp\" in namespace \"team\"");
    assertThat(JsonWriter.compact(conversion.grants().getLast().object().manifest()))
        .isEqualTo(
            "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\","
                + "\"metadata\":{\"name\":\"b-seccomp\",\"namespace\":\"team\"},"
                + "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                + "\"kind\":\"ClusterRole\",\"name\":\"r-seccomp\"},"
                + "\"subjects\":[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"User\","
                + "\"name\":\"ann\"},{\"kind\":\"ServiceAccount\",\"name\":\"web\","
                + "\"namespace\":\"team\"}]}");
  }

  @Test
  void aNamespaceThatIsNotThereStaysAway() {
    RbacConversion conversion =
        convert(
            role("Role", "name: r", RULE),
            binding("RoleBinding", "name: b", "kind: Role, name: r", "{kind: User, name: ann}"));
    assertThat(labels(conversion))
        .containsExactly("Role \"r-seccomp\"", "RoleBinding \"b-seccomp\"");
  }

  @Test
  void nothingThatExistsIsOverwritten() {
    String[] old = {
      role("ClusterRole", "name: r", RULE),
      role("ClusterRole", "name: r-seccomp", "{apiGroups: [''], resources: [x], verbs: [get]}"),
      binding("ClusterRoleBinding", "name: b", "kind: ClusterRole, name: r", "")
    };
    assertThat(labels(convert(old)))
        .containsExactly("ClusterRole \"r-seccomp-2\"", "ClusterRoleBinding \"b-seccomp\"");
  }

  /// What is exported from a cluster after the conversion was applied there.
  @Test
  void convertingAgainMakesNothing() {
    String old =
        role("ClusterRole", "name: r", RULE)
            + binding(
                "ClusterRoleBinding",
                "name: b",
                "kind: ClusterRole, name: r",
                "{kind: User, name: x}");
    RbacConversion first = convert(old);
    List<KubernetesObject> all = new ArrayList<>(objects(old));
    first.grants().forEach(made -> all.add(made.object()));
    RbacConversion second = RbacConversion.of(all, Set.of("a"), Set.of());
    assertThat(first.grants()).hasSize(2);
    assertThat(second.grants()).isEmpty();
    assertThat(second.notes()).hasSize(2).allMatch(note -> note.contains("already exists"));
  }

  @Test
  void rolesThatGatherOthersGatherTheConvertedOnes() {
    String part = role("ClusterRole", "name: part, labels: {tier: psp, app: x}", RULE);
    String whole =
        API
            + "kind: ClusterRole\nmetadata: {name: whole}\naggregationRule:"
            + " {clusterRoleSelectors: [{matchLabels: {tier: psp}}]}\nrules: ["
            + RULE
            + "]\n";
    String binding = binding("ClusterRoleBinding", "name: b", "kind: ClusterRole, name: whole", "");
    RbacConversion conversion = convert(whole, part, binding);
    assertThat(labels(conversion)).containsExactly("ClusterRole \"part-seccomp\"");
    assertThat(JsonWriter.compact(conversion.grants().getFirst().object().manifest()))
        .contains("\"labels\":{\"tier\":\"psp\"}");
    // Without the part, what was gathered would be lost.
    assertThat(labels(convert(whole, binding)))
        .containsExactly("ClusterRole \"whole-seccomp\"", "ClusterRoleBinding \"b-seccomp\"");
    assertThat(
            JsonWriter.compact(
                convert(
                        role(
                            "ClusterRole",
                            "name: r, labels: {rbac.authorization.k8s.io/aggregate-to-edit:"
                                + " 'true'}",
                            RULE))
                    .grants()
                    .getFirst()
                    .object()
                    .manifest()))
        .contains("aggregate-to-edit\":\"true\"");
  }

  @Test
  void whatIsNotConvertedIsSaid() {
    RbacConversion conversion =
        convert(
            role("ClusterRole", "name: all", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"),
            binding("ClusterRoleBinding", "name: known", "kind: ClusterRole, name: edit", ""),
            binding("ClusterRoleBinding", "name: lost", "kind: ClusterRole, name: gone", ""));
    assertThat(conversion.grants()).isEmpty();
    assertThat(conversion.notes())
        .hasSize(2)
        .anyMatch(note ->
            note.equals("ClusterRole all already grants the use of SeccompPolicies: not converted"))
        .anyMatch(note -> note.startsWith("ClusterRoleBinding lost is not converted"));
  }

  /// A SeccompPolicy has the name of a PodSecurityPolicy that is not converted, as it says nothing
  /// about seccomp: who might use that one may not use this one for it.
  @Test
  void aNamesakeIsNotGranted() {
    String bindings =
        binding(
            "ClusterRoleBinding", "name: b", "kind: ClusterRole, name: r", "{kind: User, name: x}");
    RbacConversion only =
        RbacConversion.of(
            objects(
                role("ClusterRole", "name: r", RULE.replace("[a]", "[silent, gone]")) + bindings),
            Set.of("a"),
            Set.of("silent"));
    assertThat(only.grants()).isEmpty();
    assertThat(only.notes())
        .containsExactly(
            "ClusterRole r is not converted. \"gone\" is left out: no SeccompPolicy is converted"
                + " from it here. Left out is \"silent\": a SeccompPolicy of that name exists and"
                + " was not converted from the PodSecurityPolicy. It may allow more; grant it"
                + " separately if you want that.");
    RbacConversion all =
        RbacConversion.of(
            objects(
                role("ClusterRole", "name: r", RULE.replace("resourceNames: [a], ", ""))
                    + bindings),
            Set.of("a"),
            Set.of("silent"));
    assertThat(rules(all)).contains("\"resourceNames\":[\"a\"]");
    assertThat(all.grants().getFirst().differences())
        .singleElement()
        .asString()
        .endsWith("Existing policies are not among them: \"silent\".");
  }

  /// No name at all would be every name.
  @Test
  void whereNothingIsConvertedNothingIsGranted() {
    RbacConversion conversion =
        RbacConversion.of(
            objects(role("ClusterRole", "name: r", RULE.replace("resourceNames: [a], ", ""))),
            Set.of(),
            Set.of("a"));
    assertThat(conversion.grants()).isEmpty();
    assertThat(conversion.notes()).singleElement().asString().contains("convert both together");
  }

  /// The law of the conversion: who might use an old policy may use the one that is made of it, and
  /// no user may use anything else.
  @Test
  void theSameUsersMayUseTheSameNames() {
    List<KubernetesObject> old =
        objects(
            role("ClusterRole", "name: one", RULE)
                + role("ClusterRole", "name: every", RULE.replace("resourceNames: [a], ", ""))
                + role("Role", "name: r, namespace: team", RULE.replace("[a]", "[b]"))
                + binding(
                    "ClusterRoleBinding",
                    "name: bind-x",
                    "kind: ClusterRole, name: one",
                    "{kind: User, name: ann}")
                + binding(
                    "RoleBinding",
                    "name: bind-y, namespace: team",
                    "kind: ClusterRole, name: every",
                    "{kind: Group, name: team}")
                + binding(
                    "RoleBinding",
                    "name: bind-z, namespace: team",
                    "kind: Role, name: r",
                    "{kind: ServiceAccount, name: web, namespace: team}"));
    RbacReader before = new RbacReader("default");
    RbacReader after = new RbacReader("default");
    old.forEach(object -> assertThat(before.add(object)).isEmpty());
    RbacConversion.of(old, Set.of("a", "b"), Set.of("c"))
        .grants()
        .forEach(made -> assertThat(after.add(made.object())).isEmpty());
    List<User> users =
        List.of(
            User.requesting("ann", List.of()),
            User.requesting("bob", List.of("team")),
            User.requesting("eve", List.of("other")),
            User.serviceAccount("team", "web"),
            User.serviceAccount("other", "web"));
    int granted = 0;
    for (User user : users) {
      for (String name : List.of("a", "b", "c")) {
        for (String namespace : List.of("team", "other")) {
          boolean may =
              before.rbac().mayUse(user, policy(Policy.Kind.POD_SECURITY_POLICY, name), namespace);
          may &= !name.equals("c");
          granted += may ? 1 : 0;
          assertThat(after.rbac().mayUse(user, policy(Policy.Kind.SECCOMP_POLICY, name), namespace))
              .as("%s %s %s", user, name, namespace)
              .isEqualTo(may);
        }
      }
    }
    assertThat(granted).isEqualTo(5);
  }

  private static Policy policy(Policy.Kind kind, String name) {
    return new Policy(kind, name, List.of(), null);
  }
}

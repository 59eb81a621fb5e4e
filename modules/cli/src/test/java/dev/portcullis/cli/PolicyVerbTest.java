package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyVerbTest {
  private static final String EXAMPLES = "examples/policies";
  private static final String PSP =
      """
      apiVersion: policy/v1beta1
      kind: PodSecurityPolicy
      metadata:
        name: p
        annotations:
          seccomp.security.alpha.kubernetes.io/allowedProfileNames: 'localhost/x'
      """;

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  private static List<Value> documents(String text) {
    return switch (Documents.read(text.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> values;
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Nested
  class Convert {
    @Test
    void theExamples() throws IOException {
      Run run = Run.of("policy", "convert", EXAMPLES);
      assertThat(run.code()).isZero();
      try (var golden = PolicyVerbTest.class.getResourceAsStream("/policy/examples.yaml")) {
        assertThat(golden).isNotNull();
        assertThat(run.out()).isEqualTo(new String(golden.readAllBytes(), UTF_8));
      }
      assertThat(run.err())
          .contains("note: Only the seccomp annotations are converted")
          .contains(
              "note: SeccompPolicy \"developers\": Kubernetes also checked the profile at pod"
                  + " level");
      assertThat(Run.of("policy", "convert", EXAMPLES).out()).isEqualTo(run.out());
    }

    @Test
    void jsonIsAListOfTheSame() {
      Value list = documents(Run.of("policy", "convert", "-o", "json", EXAMPLES).out()).getFirst();
      assertThat(list).isInstanceOf(Mapping.class);
      assertThat(((Mapping) list).get("kind"))
          .extracting(kind -> ((Value.Text) kind).value())
          .isEqualTo("List");
      Value items = ((Mapping) list).get("items");
      assertThat(items).isInstanceOf(Sequence.class);
      assertThat(((Sequence) items).items().stream().map(JsonWriter::compact))
          .isEqualTo(
              documents(Run.of("policy", "convert", EXAMPLES).out()).stream()
                  .map(JsonWriter::compact)
                  .toList());
    }

    /// Nobody gets by the conversion what they had not: bob might use a policy that said nothing
    /// about seccomp, and another object has its name here.
    @ParameterizedTest
    @ValueSource(strings = {"bob", "carol"})
    void nothingIsGrantedThatWasNot(String user) throws IOException {
      String old =
          file(
              "old.yaml",
              PSP
                  + """
                  ---
                  apiVersion: policy/v1beta1
                  kind: PodSecurityPolicy
                  metadata: {name: silent}
                  ---
                  apiVersion: portcullis.dev/v1alpha1
                  kind: SeccompPolicy
                  metadata: {name: silent}
                  spec: {allowedProfiles: ['*']}
                  ---
                  apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRole
                  metadata: {name: bob}
                  rules: [{apiGroups: [policy], resources: [podsecuritypolicies], resourceNames: [silent], verbs: [use]}]
                  ---
                  apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRole
                  metadata: {name: carol}
                  rules: [{apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]}]
                  """
                  + binding("bob")
                  + binding("carol"));
      String converted = file("new.yaml", Run.of("policy", "convert", old).out());
      String[] who = {"policy", "who-can", "use", "unconfined", "--policy", old};
      assertThat(Run.of(who).out()).contains("only system:masters may");
      assertThat(Run.of(with(who, "--policy", converted)).out()).doesNotContain(user);
      String[] named = {"policy", "who-can", "use", "localhost/x", "--policy", converted};
      assertThat(Run.of(named).out().contains("User " + user)).isEqualTo(user.equals("carol"));
      assertThat(Run.of("policy", "convert", old).err())
          .contains(
              "ClusterRole bob is not converted. Left out is \"silent\": a SeccompPolicy of that"
                  + " name exists")
          .contains("Existing policies are not among them: \"silent\".");
    }

    private static String binding(String user) {
      return """
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: %1$s}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %1$s}]
      """
          .formatted(user);
    }

    /// What comes out is what goes in, for `check`: the same pods of the same people are admitted.
    @ParameterizedTest
    @ValueSource(strings = {"yaml", "json"})
    void checkReadsIt(String form) throws IOException {
      String old = EXAMPLES + "/kubernetes-1.24/pod-security-policy.yaml";
      String rbac = EXAMPLES + "/rbac.yaml";
      String converted =
          file("new." + form, Run.of("policy", "convert", "-o", form, old, rbac).out());
      for (String group : List.of("developers", "strangers")) {
        String[] arguments = {
          "check", "--as", "ann", "--as-group", group, "examples", "-o", "json", "--policy"
        };
        Run before = Run.of(with(arguments, old, "--policy", rbac));
        Run after = Run.of(with(arguments, converted));
        assertThat(withoutHelp(after.out()))
            .isEqualTo(withoutHelp(before.out()).replace("PodSecurityPolicy", "SeccompPolicy"))
            .contains("\"admitted\" : false");
        assertThat(after.out().contains("\"admitted\" : true")).isTrue();
      }
    }

    /// Only the use of a SeccompPolicy is suggested.
    private static String withoutHelp(String json) {
      return json.replaceAll("(?ms)^      \"help\" : \\[( \\]|.*?^      \\]),?$", "");
    }

    @Test
    void aBrokenAnnotationWritesNothing() throws IOException {
      String good = file("good.yaml", PSP);
      String bad = file("bad.yaml", PSP.replace("'localhost/x'", "'localhost/x, nonsense'"));
      Run run = Run.of("policy", "convert", good, bad);
      assertThat(run.code()).isOne();
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .contains("error: " + bad + ":6: PodSecurityPolicy \"p\": metadata.annotations[");
      assertThat(Run.of("policy", "convert", good).code()).isZero();
    }

    @Test
    void twoOfOneNameAreRefused() throws IOException {
      String psp = file("psp.yaml", PSP);
      String other =
          file(
              "ours.yaml",
              "apiVersion: portcullis.dev/v1alpha1\nkind: SeccompPolicy\nmetadata: {name: p}\n"
                  + "spec: {allowedProfiles: [localhost/y]}\n");
      Run run = Run.of("policy", "convert", psp, other);
      assertThat(run.code()).isOne();
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("ours.yaml:1: SeccompPolicy \"p\" already exists and differs");
      assertThat(Run.of("policy", "convert", psp, file("again.yaml", PSP)).err())
          .contains("occurs twice; first at");
      assertThat(Run.of("policy", "convert", psp, psp).code()).isZero();
      String copy = file("rbac.yaml", Files.readString(Path.of(EXAMPLES, "rbac.yaml")));
      Run rbac = Run.of("policy", "convert", EXAMPLES, copy);
      assertThat(rbac.code()).isOne();
      assertThat(rbac.err())
          .contains("RoleBinding \"batch\" in namespace \"default\" occurs twice");
    }

    @Test
    void whatIsConvertedIsNotConvertedAgain() throws IOException {
      String converted = file("new.yaml", Run.of("policy", "convert", EXAMPLES).out());
      Run again = Run.of("policy", "convert", EXAMPLES, converted);
      assertThat(again.code()).isOne();
      assertThat(again.out()).isEmpty();
      assertThat(again.err()).contains("already exists").contains("nothing to convert in");
    }

    @Test
    void standardInput() {
      assertThat(Run.with(PSP, "policy", "convert", "-").out()).contains("- localhost/x\n");
    }

    @Test
    void usage() {
      assertThat(Run.of("policy", "convert").code()).isEqualTo(2);
      assertThat(Run.of("policy", "convert", "-o", "table", EXAMPLES).err())
          .contains("use yaml or json");
      assertThat(Run.of("policy", "convert", "/nowhere").code()).isEqualTo(3);
    }
  }

  @Nested
  class WhoCan {
    @Test
    void aTable() {
      Run run =
          Run.of(
              "policy",
              "who-can",
              "use",
              "localhost/batch/x",
              "--policy",
              EXAMPLES,
              "-n",
              "default");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .containsPattern("Group administrators +SeccompPolicy administrators +- +ClusterRoleB")
          .containsPattern("Group explorers +SeccompPolicy explorers +- +RoleBinding default/expl")
          .doesNotContain("developers")
          .contains("the group system:masters may use every policy");
    }

    @Test
    void elsewhereNobodyIsBoundAndDefaultsAreSaid() {
      Run run =
          Run.of("policy", "who-can", "use", "docker/default", "--policy", EXAMPLES, "-n", "far");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .containsPattern("Group developers +PodSecurityPolicy developers +yes +ClusterRoleB")
          .containsPattern("nobody +SeccompPolicy explorers +yes +- +-")
          .contains("DEFAULT: containers that name nothing get it");
    }

    @Test
    void json() {
      Run run =
          Run.of("policy", "who-can", "use", "unconfined", "-o", "json", "--policy", EXAMPLES);
      assertThat(JsonWriter.compact(documents(run.out()).getFirst()))
          .isEqualTo(
              "{\"profile\":\"unconfined\",\"namespace\":\"default\",\"everybody\":false,"
                  + "\"clusterDefault\":false,"
                  + "\"policies\":[{\"kind\":\"SeccompPolicy\",\"name\":\"administrators\","
                  + "\"allows\":true,\"default\":false,\"grants\":["
                  + "{\"subject\":{\"kind\":\"Group\",\"name\":\"administrators\"},"
                  + "\"binding\":{\"kind\":\"ClusterRoleBinding\",\"name\":\"administrators\"},"
                  + "\"role\":{\"kind\":\"ClusterRole\",\"name\":\"use-policy-administrators\"}},"
                  + "{\"subject\":{\"kind\":\"Group\",\"name\":\"system:masters\"},"
                  + "\"binding\":null,\"role\":null}]}]}");
    }

    @Test
    void nobody() throws IOException {
      String psp = file("psp.yaml", PSP);
      Run unbound = Run.of("policy", "who-can", "use", "localhost/x", "--policy", psp);
      assertThat(unbound.code()).isOne();
      assertThat(unbound.out()).contains("only system:masters may run pods under localhost/x");
      Run refused = Run.of("policy", "who-can", "use", "unconfined", "--policy", psp);
      assertThat(refused.code()).isOne();
      assertThat(refused.out())
          .isEqualTo(
              "no user may run pods under unconfined in namespace default: no policy allows it\n");
    }

    /// As in every cluster.
    @Test
    void whomEveryClusterBindsIsNobody() throws IOException {
      String cluster =
          file(
              "cluster.yaml",
              PSP
                  + """
                  ---
                  apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRole
                  metadata: {name: cluster-admin}
                  rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
                  ---
                  apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRoleBinding
                  metadata: {name: cluster-admin}
                  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
                  subjects:
                  - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}
                  """);
      Run run = Run.of("policy", "who-can", "use", "localhost/x", "--policy", cluster);
      assertThat(run.code()).isOne();
      assertThat(run.out())
          .contains("only system:masters may run pods under localhost/x")
          .doesNotContain("cluster-admin", "Group system:masters");
      String bound = cluster + ".bound.yaml";
      Files.writeString(
          Path.of(bound),
          Files.readString(Path.of(cluster)).replace("'system:masters'", "kubeadm:cluster-admins"));
      assertThat(Run.of("policy", "who-can", "use", "localhost/x", "--policy", bound).code())
          .isZero();
    }

    @Test
    void withoutAnyPolicy() {
      String rbac = EXAMPLES + "/rbac.yaml";
      Run all = Run.of("policy", "who-can", "use", "runtime/default", "--policy", rbac);
      assertThat(all.code()).isZero();
      assertThat(all.out()).startsWith("everybody may run pods under runtime/default");
      Run none = Run.of("policy", "who-can", "use", "localhost/x", "--policy", rbac);
      assertThat(none.code()).isOne();
      assertThat(none.out())
          .startsWith("no user may")
          .contains("so only runtime/default may be used; write a SeccompPolicy");
    }

    @Test
    void theClustersDefault() {
      String rbac = EXAMPLES + "/rbac.yaml";
      String[] words = {
        "policy", "who-can", "use", "localhost/x", "--policy", rbac, "--default-profile"
      };
      Run all = Run.of(with(words, "localhost/x"));
      assertThat(all.code()).isZero();
      assertThat(all.out()).startsWith("everybody may run pods under localhost/x in namespace");
      Run none = Run.of(with(words, "localhost/y"));
      assertThat(none.code()).isOne();
      assertThat(none.out())
          .contains("so only runtime/default and the cluster's default localhost/y may be used");
      words[5] = EXAMPLES;
      Run policies = Run.of(with(words, "localhost/x"));
      assertThat(policies.out())
          .contains("Group administrators", "it is the cluster's default: containers that name")
          .doesNotContain("everybody");
      assertThat(Run.of(with(words, "localhost/x", "-o", "json")).out())
          .contains("\"clusterDefault\" : true");
      assertThat(Run.of(with(words, "bogus")).code()).isEqualTo(2);
    }

    @Test
    void usage() throws IOException {
      for (String profile : List.of("bogus", "localhost/", "localhost/../x", "*")) {
        Run run = Run.of("policy", "who-can", "use", profile, "--policy", EXAMPLES);
        assertThat(run.code()).as(profile).isEqualTo(2);
        assertThat(run.err()).contains("use runtime/default, unconfined or localhost/<path>");
      }
      assertThat(Run.of("policy", "who-can", "use", "unconfined").err()).contains("--policy");
      assertThat(Run.of("policy", "who-can", "unconfined", "--policy", EXAMPLES).code())
          .isEqualTo(2);
      String broken = file("broken.yaml", PSP.replace("'localhost/x'", "nonsense"));
      Run run = Run.of("policy", "who-can", "use", "unconfined", "--policy", broken);
      assertThat(run.code()).isOne();
      assertThat(run.out()).isEmpty();
    }
  }

  @Nested
  class Group {
    @Test
    void saysWhatItHas() {
      assertThat(Run.of("policy").err()).contains("policy create    ", "policy who-can   ");
      assertThat(Run.of("policy").code()).isEqualTo(2);
      assertThat(Run.of("policy", "convrt").err())
          .contains(
              "there is no verb \"policy convrt\"; use create, grant, generate, test, ",
              " or who-can; did you mean policy convert?");
      Run help = Run.of("help", "policy");
      assertThat(help.out()).contains("\n  policy convert  ").contains("\n  policy who-can  ");
      assertThat(Run.of("policy", "--help").out()).isEqualTo(help.out());
      assertThat(Run.of("policy", "who-can", "-h").out())
          .isEqualTo(Run.of("help", "policy", "who-can").out())
          .startsWith("portcullis policy who-can: ");
      assertThat(Run.of("help", "check", "x").code()).isEqualTo(2);
    }

    @Test
    void asAPluginOfKubectlItSaysWhatTheUserTyped() {
      Map<String, String> plugin = Map.of("PORTCULLIS_KUBECTL_PLUGIN", "1");
      assertThat(Run.of(plugin, "help").out()).contains("  kubectl seccomp VERB ...");
      assertThat(Run.of(plugin, "help", "policy", "convert").out())
          .contains("  kubectl seccomp policy convert FILE|DIR|-...");
      assertThat(Run.of(plugin, "polcy").err()).endsWith("see: kubectl seccomp help\n");
      assertThat(Run.of("polcy").err()).endsWith("see: portcullis help\n");
    }
  }
}

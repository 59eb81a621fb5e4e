package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs that make policies and grants.
class PolicyMakingVerbTest {
  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  @Nested
  class Create {
    @Test
    void aCommaIsAWarning() {
      assertThat(Run.of("policy", "create", "w", "--allow", "localhost/a,localhost/b").err())
          .contains("--allow \"localhost/a,localhost/b\" is one path with a comma in it");
      assertThat(Run.of("policy", "create", "w", "--allow", "localhost/a").err())
          .doesNotContain("comma");
    }

    @Test
    void printsThePolicy() {
      Run run =
          Run.of(
              "policy",
              "create",
              "web",
              "--allow",
              "docker/default",
              "--allow",
              "localhost/web/*",
              "--default",
              "docker/default");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .isEqualTo(
              """
              apiVersion: portcullis.dev/v1alpha1
              kind: SeccompPolicy
              metadata:
                name: web
              spec:
                allowedProfiles:
                - docker/default
                - localhost/web/*
                defaultProfile: docker/default
              """);
      assertThat(run.err())
          .isEqualTo(
              "note: nobody may use it before it is granted: portcullis policy grant web --to"
                  + " user:NAME\n");
    }

    @Test
    void aDefaultThatIsNotAllowedIsAWarning() {
      Run run = Run.of("policy", "create", "web", "--default", "localhost/a");
      assertThat(run.code()).isZero();
      assertThat(run.err())
          .contains("warning: the policy does not allow its default")
          .contains("add --allow localhost/a\n");
      assertThat(
              Run.of(
                      "policy",
                      "create",
                      "web",
                      "--stricter-than",
                      "localhost/a",
                      "--default",
                      "localhost/a")
                  .err())
          .doesNotContain("warning:");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "Web --allow unconfined | the name of the policy, \"Web\", must be lower case",
          "web | needs --allow, --stricter-than or --default",
          "web --allow RuntimeDefault | --allow: Invalid value: \"RuntimeDefault\": must be a valid"
              + " seccomp profile; did you mean \"runtime/default\"?",
          "web --allow localhost/a*b | a wildcard is \"*\" alone",
          "web --allow runtime/default --stricter-than web.json | --stricter-than: Invalid value:"
              + " \"web.json\": must be a valid seccomp profile; did you mean"
              + " \"localhost/web.json\"?",
          "web --default uncofnined | --default: Invalid value: \"uncofnined\": must be a valid"
              + " seccomp profile",
          "web --default * | --default: Invalid value",
          "web other --allow unconfined | needs one name",
          "web --allow unconfined -o table | use yaml or json",
          "web --alow unconfined | did you mean --allow?"
        })
    void badInput(String words, String message) {
      Run run = Run.of(("policy create " + words).split(" ", -1));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains(message);
    }
  }

  @Nested
  class GrantVerb {
    @Test
    void aServiceAccountOfAnotherNamespaceIsAWarning() {
      Run run = Run.of("policy", "grant", "web", "--to", "serviceaccount:x/y", "-n", "z");
      assertThat(run.code()).isZero();
      assertThat(run.err())
          .contains(
              "its pods run in namespace \"x\", and this grant counts in \"z\" alone; for its pods"
                  + " give -n x");
      assertThat(Run.of("policy", "grant", "web", "--to", "serviceaccount:x/y", "-n", "x").err())
          .doesNotContain("counts in")
          .contains("can name this service account");
    }

    @Test
    void printsTheRoleAndABindingForEach() {
      Run run =
          Run.of(
              "policy",
              "grant",
              "web",
              "--to",
              "user:alice",
              "--to",
              "serviceaccount:web",
              "-n",
              "shop");
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .containsSubsequence(
              "kind: ClusterRole\n",
              "name: use-seccomp-policy-web\n",
              "kind: RoleBinding\n",
              "name: use-seccomp-policy-web:user:alice\n  namespace: shop\n",
              "kind: RoleBinding\n",
              "name: use-seccomp-policy-web:serviceaccount:shop:web\n",
              "- kind: ServiceAccount\n  name: web\n  namespace: shop\n")
          .doesNotContain("ClusterRoleBinding");
      assertThat(run.err()).contains("note: serviceaccount:shop/web: anyone who may create pods");
      assertThat(Run.of("policy", "grant", "web", "--to", "everybody").out())
          .contains("kind: ClusterRoleBinding\n")
          .contains(
              "  kind: Group\n  name: system:authenticated\n",
              "  kind: Group\n  name: system:serviceaccounts\n");
      assertThat(
              Run.of("policy", "grant", "podsecuritypolicy/old", "--to", "user:a", "-o", "json")
                  .out())
          .contains("\"podsecuritypolicies\"")
          .contains("\"use-pod-security-policy-old\"");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "web | policy grant needs --to",
          "Web --to user:a | the name of the policy, \"Web\", must be lower case",
          "web --to alice | --to \"alice\": is not known; use user:NAME",
          "web --to usr:alice | did you mean user:?",
          "web --to user: | names nobody",
          "web --to serviceaccount:a | is in no namespace; write serviceaccount:NAMESPACE/a",
          "web --to serviceaccount:A/b | the namespace \"A\" must be lower case",
          "web --to serviceaccount:a/B | the name \"B\" must be lower case",
          "web --to user:a -n Shop | --namespace: \"Shop\" must be lower case",
          "role/web --to user:a | \"role\" is not a kind of policy; use seccomppolicy or"
              + " podsecuritypolicy",
          "web other --to user:a | needs one policy"
        })
    void badInput(String words, String message) {
      Run run = Run.of(("policy grant " + words).split(" ", -1));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains(message);
    }
  }

  /// What both print, given to `check`: who was named may, and nobody else.
  @ParameterizedTest
  @ValueSource(strings = {"yaml", "json"})
  void whoIsGrantedAPolicyMayUseIt(String form) throws IOException {
    String ending = "." + form;
    file(
        "policy" + ending,
        Run.of("policy", "create", "web", "--allow", "localhost/web.json", "-o", form).out());
    file(
        "grant" + ending,
        Run.of("policy", "grant", "web", "--to", "user:alice", "-n", "shop", "-o", form).out());
    String pod = Files.createDirectory(temporary.resolve("pods")).resolve("pod.yaml").toString();
    Files.writeString(
        Path.of(pod),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}
          containers: [{name: c}]
        """);
    String policies = temporary.resolve("policy" + ending).toString();
    String grants = temporary.resolve("grant" + ending).toString();
    for (String line : List.of("alice shop 0", "bob shop 1", "alice other 1")) {
      String[] words = line.split(" ", -1);
      Run run =
          Run.of(
              "check",
              "--policy",
              policies,
              "--policy",
              grants,
              "--as",
              words[0],
              "-n",
              words[1],
              pod);
      assertThat(run.code()).as(line).isEqualTo(Integer.parseInt(words[2]));
    }
  }

  @Nested
  class Generate {
    private static final String EXAMPLES = "examples";

    /// All examples, as they are, for a user to whom nothing is granted.
    @Test
    void checkAdmitsWhatItWasMadeFrom() throws IOException {
      Run run = Run.of("policy", "generate", EXAMPLES);
      assertThat(run.code()).isZero();
      assertThat(run.err()).isEmpty();
      String policies = file("policies.yaml", run.out());
      Run check = Run.of("check", "--policy", policies, "--as", "somebody", EXAMPLES);
      assertThat(check.code()).as(check.out()).isZero();
      assertThat(run.out())
          .startsWith("# Made by portcullis policy generate from 10 pods.")
          .contains("# * CronJob default/report (examples/workloads/cronjob.yaml:")
          .contains(
              "name: use-seccomp-policy-batch.no-network.json:serviceaccount:default:batch\n");
    }

    @Test
    void jsonHasTheSameObjects() throws IOException {
      String yaml = Run.of("policy", "generate", EXAMPLES).out();
      Run json = Run.of("policy", "generate", EXAMPLES, "-o", "json");
      String[] check = {"check", "--as", "somebody", EXAMPLES, "--policy"};
      assertThat(run(check, file("p.json", json.out())).out())
          .isEqualTo(run(check, file("p.yaml", yaml)).out());
    }

    private static Run run(String[] first, String last) {
      return Run.of(Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new));
    }

    /// Policies from a part of the pods would refuse the others.
    @Test
    void aFileThatCannotBeReadMakesNothing() throws IOException {
      String broken = file("broken.yaml", "kind: [");
      Run run = Run.of("policy", "generate", EXAMPLES, broken);
      assertThat(run.code()).isOne();
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("broken.yaml:1: ");
      assertThat(Run.of("policy", "generate", temporary.resolve("none").toString()).code())
          .isEqualTo(3);
      assertThat(Run.of("policy", "generate").code()).isEqualTo(2);
      Run none = Run.with("apiVersion: v1\nkind: Secret\n", "policy", "generate", "-");
      assertThat(none.code()).isOne();
      assertThat(none.err()).contains("no pod in -");
    }

    @Test
    void aPodThatNoPolicyCanAdmitIsLeftOutAndSaid() {
      Run run =
          Run.with(
              """
              apiVersion: v1
              kind: Pod
              metadata: {name: p}
              spec:
                securityContext: {seccompProfile: {type: Localhost}}
                containers: [{name: c}]
              """,
              "policy",
              "generate",
              "-",
              "-n",
              "shop");
      assertThat(run.code()).isOne();
      assertThat(run.out()).contains("name: everybody\n");
      assertThat(run.err())
          .contains(
              "error: Pod shop/p (standard input:1) is left out, as no policy can admit it:"
                  + " spec.securityContext.seccompProfile.localhostProfile");
    }
  }
}

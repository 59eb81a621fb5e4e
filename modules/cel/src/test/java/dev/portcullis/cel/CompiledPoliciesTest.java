package dev.portcullis.cel;

import static dev.portcullis.cel.Worlds.creation;
import static dev.portcullis.cel.Worlds.group;
import static dev.portcullis.cel.Worlds.labels;
import static dev.portcullis.cel.Worlds.pod;
import static dev.portcullis.cel.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Rbac;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known to go wrong with admission policies in CEL, each beside the case in which it does
/// not.
class CompiledPoliciesTest {
  private static final String ALICE =
      "{kind: User, apiGroup: rbac.authorization.k8s.io, name: alice}";
  private static final String NOBODY =
      "{kind: User, apiGroup: rbac.authorization.k8s.io, name: nobody}";
  private static final Worlds TEAMS = Worlds.read(SameVerdictsTest.TEAMS);

  private static String text(CompiledPolicies compiled) {
    return compiled.objects().stream().map(YamlWriter::write).collect(Collectors.joining());
  }

  private static List<Mapping> without(CompiledPolicies compiled, String kind) {
    return compiled.objects().stream()
        .filter(object -> !ApiServer.text(object, "kind").equals(kind))
        .toList();
  }

  private static String running(String profile) {
    return "containers: [{name: c, securityContext: {seccompProfile: {type: Localhost, localhostProfile: '"
        + profile
        + "'}}}]";
  }

  /// A binding without its policy is passed over: between the two, nothing is refused.
  @Test
  void policiesComeBeforeTheirBindings() {
    CompiledPolicies compiled = TEAMS.compiled(Worlds.target());
    List<String> kinds =
        compiled.objects().stream().map(object -> ApiServer.text(object, "kind")).toList();
    int first =
        IntStream.range(0, kinds.size())
            .filter(i -> kinds.get(i).endsWith("Binding"))
            .findFirst()
            .orElseThrow();
    assertThat(kinds.subList(first, kinds.size())).allMatch(kind -> kind.endsWith("Binding"));
    assertThat(kinds.subList(0, first)).noneMatch(kind -> kind.endsWith("Binding"));
    AdmissionRequest forbidden = creation(pod("", running("elsewhere")));
    assertThat(
            new ApiServer(compiled.objects(), TEAMS.rbac()).answer(forbidden, Map.of()).refused())
        .isTrue();
    assertThat(
            new ApiServer(without(compiled, "ValidatingAdmissionPolicy"), TEAMS.rbac())
                .answer(forbidden, Map.of())
                .refused())
        .isFalse();
  }

  private static Worlds many(int policies, int mayUse) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 1; i <= policies; i++) {
      yaml.append(
          policy(
              "p%02d".formatted(i),
              "{allowedProfiles: [localhost/x]}",
              i == mayUse ? ALICE : NOBODY));
    }
    return Worlds.read(yaml.toString());
  }

  @Test
  void theFourteenthPolicyIsAskedFor() {
    Worlds world = many(14, 14);
    ApiServer server = world.server(Worlds.target());
    assertThat(server.answer(creation(pod("", running("x"))), Map.of()).refusals()).isEmpty();
    assertThat(server.mostAsked()).isEqualTo(2 * GrantTable.MOST_ASKED);
    assertThat(world.compiled(Worlds.target()).lost()).noneMatch(LostEffect::verdicts);
  }

  /// The budget of an API server ends there. The pod names its policy, or is told to.
  @Test
  void theFifteenthIsAskedForWhereThePodNamesIt() throws IOException {
    Worlds world = many(20, 20);
    ApiServer server = world.server(Worlds.target());
    AdmissionRequest silent = creation(pod("", running("x")));
    assertThat(server.answer(silent, Map.of()).refusals())
        .singleElement()
        .asString()
        .contains("container \"c\" may not run under localhost/x", "policy p01, p02,", "p14: bind")
        .endsWith("others were not asked for: name yours in the annotation portcullis.dev/policy");
    assertThat(server.mostAsked()).isEqualTo(28);
    assertThat(world.webhook(Worlds.target(), null).validate(silent).outcome())
        .isEqualTo(Outcome.ALLOWED);
    String named = "portcullis.dev/policy: ";
    assertThat(server.answer(creation(pod(named + "p20", running("x"))), Map.of()).refusals())
        .isEmpty();
    // A claim gives nothing by itself.
    for (String wrong : List.of("p19", "p01", "other", "''")) {
      assertThat(server.answer(creation(pod(named + wrong, running("x"))), Map.of()).refusals())
          .hasSize(1);
    }
    assertThat(server.answer(creation(pod(named + "p20", running("y"))), Map.of()).refusals())
        .hasSize(1);
    assertThat(world.compiled(Worlds.target()).lost())
        .filteredOn(LostEffect::verdicts)
        .singleElement()
        .extracting(LostEffect::text)
        .asString()
        .contains("localhost/x is allowed by policies that take 20 questions", "answers 14");
  }

  /// One takes two questions, so the eighth is cut; a pod names it by its name, as any other.
  @Test
  void aPodSecurityPolicyBehindTheFourteenthQuestionIsAskedForWhereThePodNamesIt() {
    StringBuilder yaml = new StringBuilder();
    for (int i = 1; i <= 8; i++) {
      yaml.append(
          """
          ---
          apiVersion: policy/v1beta1
          kind: PodSecurityPolicy
          metadata: {name: p%1$d, annotations: {seccomp.security.alpha.kubernetes.io/allowedProfileNames: localhost/x}}
          spec: {}
          """
              .formatted(i));
    }
    yaml.append(
        """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: last}
        rules: [{apiGroups: [policy], resources: [podsecuritypolicies], resourceNames: [p8], verbs: [use]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: last}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: last}
        subjects: [%s]
        """
            .formatted(ALICE));
    ApiServer server = Worlds.read(yaml.toString()).server(Worlds.target());
    assertThat(server.answer(creation(pod("", running("x"))), Map.of()).refused()).isTrue();
    String named = "portcullis.dev/policy: ";
    assertThat(server.answer(creation(pod(named + "p8", running("x"))), Map.of()).refusals())
        .isEmpty();
    for (String wrong : List.of("p7", "p1", "'policy:p7'")) {
      assertThat(server.answer(creation(pod(named + wrong, running("x"))), Map.of()).refused())
          .isTrue();
    }
  }

  @Test
  void aPolicyBehindTheFourteenthMayAllowADirectoryOrEverything() {
    for (String entry : List.of("localhost/d/*", "*")) {
      StringBuilder yaml = new StringBuilder();
      for (int i = 1; i <= 16; i++) {
        yaml.append(
            policy(
                "p%02d".formatted(i),
                "{allowedProfiles: ['" + entry + "']}",
                i == 16 ? ALICE : NOBODY));
      }
      ApiServer server = Worlds.read(yaml.toString()).server(Worlds.target());
      assertThat(server.answer(creation(pod("", running("d/e"))), Map.of()).refused()).isTrue();
      assertThat(
              server
                  .answer(creation(pod("portcullis.dev/policy: p16", running("d/e"))), Map.of())
                  .refusals())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"5, false", "8, false", "9, true"})
  void aPodNamesSeveralProfiles(int names, boolean refused) {
    Worlds world = Worlds.read(policy("all", "{allowedProfiles: ['localhost/*']}", ALICE));
    String containers =
        IntStream.range(0, names)
            .mapToObj(i ->
                "{name: c%1$d, securityContext: {seccompProfile: {type: Localhost, localhostProfile: p%1$d}}}"
                    .formatted(i))
            .collect(Collectors.joining(", "));
    ApiServer.Answer answer =
        world
            .server(Worlds.target())
            .answer(creation(pod("", "containers: [" + containers + "]")), Map.of());
    assertThat(answer.refused()).isEqualTo(refused);
    assertThat(answer.refusals()).allMatch(text -> text.startsWith("a pod may name at most 8 "));
  }

  /// An older kubelet runs it on Linux.
  @Test
  void aWindowsPodCountsAsUnconfined() {
    Mapping windows = pod("", "os: {name: windows}, containers: [{name: c}]");
    assertThat(TEAMS.server(Worlds.target()).answer(creation(windows), Map.of()).refusals())
        .singleElement()
        .asString()
        .contains("may not run under unconfined");
    PolicyTarget trusted = lenient(new Leniency(false, true));
    assertThat(TEAMS.server(trusted).answer(creation(windows), Map.of()).refusals()).isEmpty();
    // A record that its author wrote is taken away, and refused where that did not happen.
    Mapping forged =
        pod("portcullis.dev/policy: x", "os: {name: windows}, containers: [{name: c}]");
    ApiServer.Answer answer = TEAMS.server(trusted).answer(creation(forged), Map.of());
    assertThat(answer.refusals()).isEmpty();
    assertThat(String.valueOf(answer.object())).doesNotContain("portcullis.dev/policy");
    CompiledPolicies compiled = TEAMS.compiled(trusted);
    assertThat(
            new ApiServer(without(compiled, "MutatingAdmissionPolicy"), TEAMS.rbac())
                .answer(creation(forged), Map.of())
                .refused())
        .isTrue();
  }

  private static PolicyTarget lenient(Leniency leniency) {
    PolicyTarget usual = Worlds.target();
    return new PolicyTarget(
        usual.minor(),
        usual.mode(),
        usual.clusterDefault(),
        leniency,
        false,
        usual.namespaces(),
        List.of(),
        List.of());
  }

  /// What fails in a mutation shows the whole expression to the user, and what fails in a condition
  /// refuses the pod: a server that has read `containers: null` asks neither.
  @Test
  void noMutationFailsOnAPodWithoutContainers() {
    ApiServer server = TEAMS.server(Worlds.target());
    for (String spec : List.of("containers: null", "{}", "containers: [], initContainers: []")) {
      Mapping pod =
          spec.equals("{}")
              ? Worlds.yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}")
              : pod("", spec);
      assertThat(server.answer(creation(pod), Map.of()).refusals()).isEmpty();
    }
  }

  /// Where the mutation is gone, a pod would run under something that nobody judged.
  @Test
  void withoutTheMutationOnlyPodsWithFieldsPass() {
    ApiServer server =
        new ApiServer(
            without(TEAMS.compiled(Worlds.target()), "MutatingAdmissionPolicy"), TEAMS.rbac());
    assertThat(server.answer(creation(pod("", "containers: [{name: c}]")), Map.of()).refusals())
        .anyMatch(text -> text.contains("portcullis-fields did not run"));
    assertThat(
            server
                .answer(
                    creation(
                        pod(
                            "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
                            "containers: [{name: c}]")),
                    Map.of())
                .refusals())
        .anyMatch(text -> text.contains("must run under runtime/default"));
    assertThat(
            server
                .answer(
                    creation(
                        pod(
                            "",
                            "securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: c}]")),
                    Map.of())
                .refusals())
        .isEmpty();
  }

  /// An API server computes messages without `authorizer`, and falls back to a poor one without a
  /// word.
  @Test
  void messagesNeedNoAuthorizer() {
    CompiledPolicies compiled = TEAMS.compiled(Worlds.target());
    ApiServer server = new ApiServer(compiled.objects(), TEAMS.rbac());
    assertThat(server.answer(creation(pod("", running("elsewhere"))), Map.of()).refusals())
        .containsExactly(
            "container \"c\" may not run under localhost/elsewhere: neither user \"alice\" nor"
                + " service account \"default\" in namespace \"shop\" may use policy operators:"
                + " bind a role with the verb \"use\" on one");
    // The same server notices a message that needs one.
    List<Mapping> wrong =
        compiled.objects().stream()
            .map(object ->
                Worlds.yaml(
                    YamlWriter.write(object)
                        .replace(
                            "messageExpression: \"variables.n0 == ''",
                            "messageExpression: \"variables.may0 ? '' : variables.n0 == ''")))
            .toList();
    assertThatThrownBy(() ->
            new ApiServer(wrong, TEAMS.rbac())
                .answer(creation(pod("", running("elsewhere"))), Map.of()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a message fails");
  }

  /// CEL's `authorizer.serviceAccount` has not the group `system:authenticated`.
  @ParameterizedTest
  @CsvSource({"false, 1", "true, 0"})
  void everybodyMeansServiceAccounts(boolean bound, int warnings) throws IOException {
    Worlds world =
        Worlds.read(
            policy(
                "everybody",
                "{allowedProfiles: [runtime/default]}",
                group("system:authenticated")
                    + (bound ? ", " + group("system:serviceaccounts") : "")));
    Mapping deployment =
        Worlds.yaml(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {metadata: {}, spec: {containers: [{name: c}]}}}}");
    AdmissionRequest request =
        Worlds.request(
            "deployments",
            "",
            "apps/v1",
            "Deployment",
            Operation.CREATE,
            Worlds.ALICE,
            deployment,
            null);
    assertThat(world.webhook(Worlds.target(), null).templates(request).outcome())
        .isEqualTo(Outcome.ALLOWED);
    ApiServer server = world.server(Worlds.target());
    assertThat(server.answer(request, Map.of()).warnings()).hasSize(warnings);
    assertThat(world.compiled(Worlds.target()).lost())
        .filteredOn(LostEffect::verdicts)
        .hasSize(warnings)
        .allMatch(lost -> lost.text().startsWith("SeccompPolicy \"everybody\" is granted to"));
    // A pod's creator is authenticated, and so nothing else is false.
    assertThat(server.answer(creation(pod("", "containers: [{name: c}]")), Map.of()).refusals())
        .isEmpty();
  }

  /// Before 1.36 nothing can be written into pods.
  @ParameterizedTest
  @CsvSource({"30, false", "35, true"})
  void olderServersDecideAboutGrantsAlone(int minor, boolean kubeletDefault) {
    PolicyTarget usual = Worlds.target();
    PolicyTarget old =
        new PolicyTarget(
            minor,
            usual.mode(),
            usual.clusterDefault(),
            usual.leniency(),
            kubeletDefault,
            List.of(),
            List.of(),
            List.of());
    CompiledPolicies compiled = TEAMS.compiled(old);
    assertThat(text(compiled))
        .doesNotContain("MutatingAdmissionPolicy", "transformList", "JSONPatch{");
    assertThat(compiled.lost())
        .anyMatch(
            lost -> lost.verdicts() && lost.text().startsWith("Kubernetes 1." + minor + " has no"))
        .anyMatch(lost ->
            lost.verdicts() && lost.text().contains("SeccompPolicy \"team-a\" is not applied"));
    ApiServer server = TEAMS.server(old);
    assertThat(server.answer(creation(pod("", "containers: [{name: c}]")), Map.of()).refused())
        .isEqualTo(!kubeletDefault);
    String annotated = "seccomp.security.alpha.kubernetes.io/pod: localhost/team-a/web.json";
    assertThat(
            server.answer(creation(pod(annotated, "containers: [{name: c}]")), Map.of()).refusals())
        .singleElement()
        .asString()
        .contains("must run under localhost/team-a/web.json", "securityContext.seccompProfile");
    assertThat(server.answer(creation(pod("", running("team-a/web.json"))), Map.of()).refusals())
        .isEmpty();
  }

  /// The label of a namespace, and the mode of the cluster where it has none.
  @ParameterizedTest
  @CsvSource({
    "ENFORCE,         , refuses", "ENFORCE, enforce, refuses", "ENFORCE, warn, warns",
    "ENFORCE, audit, audits", "ENFORCE, off, nothing", "ENFORCE, adit, refuses",
    "WARN,         , warns", "WARN, enforce, refuses", "WARN, warn, warns",
    "WARN, audit, audits", "WARN, off, nothing", "WARN, adit, refuses",
    "AUDIT,         , audits", "AUDIT, enforce, refuses", "AUDIT, warn, warns",
    "AUDIT, audit, audits", "AUDIT, off, nothing", "AUDIT, '', refuses"
  })
  void modesAreThoseOfTheWebhook(NamespaceMode mode, @Nullable String label, String does) {
    ApiServer.Answer answer =
        TEAMS
            .server(Worlds.target(36, mode))
            .answer(creation(pod("", running("elsewhere"))), labels(label));
    List<String> warned =
        answer.warnings().stream().filter(text -> !text.startsWith("the label")).toList();
    assertThat(answer.refused()).isEqualTo(does.equals("refuses"));
    assertThat(!warned.isEmpty()).isEqualTo(does.equals("warns"));
    assertThat(!answer.audited().isEmpty()).isEqualTo(!does.equals("nothing"));
    assertThat(answer.warnings().size() > warned.size())
        .isEqualTo("adit".equals(label) || "".equals(label));
  }

  /// Annotations that come beside the pod: with its status, or with a binding to a node.
  @ParameterizedTest
  @CsvSource({
    "seccomp.security.alpha.kubernetes.io/pod, true",
    "container.seccomp.security.alpha.kubernetes.io/c, true",
    "portcullis.dev/policy, true",
    "portcullis.dev/prove, false",
    "run.oci.seccomp_bpf_data, true",
    "org.criu.x, true",
    "other, false"
  })
  void metadataIsChangedThroughThePodAlone(String key, boolean refused) throws IOException {
    Mapping with = pod(key + ": x", "containers: [{name: c}]");
    Mapping without = pod("", "containers: [{name: c}]");
    ApiServer server = TEAMS.server(Worlds.target());
    for (AdmissionRequest request :
        List.of(
            Worlds.request(
                "pods", "status", "v1", "Pod", Operation.UPDATE, Worlds.ALICE, with, without),
            Worlds.request(
                "pods", "status", "v1", "Pod", Operation.UPDATE, Worlds.ALICE, without, with),
            Worlds.request(
                "pods", "binding", "v1", "Binding", Operation.CREATE, Worlds.ALICE, with, null),
            Worlds.request(
                "bindings", "", "v1", "Binding", Operation.CREATE, Worlds.ALICE, with, null))) {
      assertThat(server.answer(request, Map.of()).refused())
          .as(request.toString())
          .isEqualTo(refused);
      assertThat(
              TEAMS.webhook(Worlds.target(), null).validate(request).outcome() == Outcome.REFUSED)
          .isEqualTo(refused);
    }
    AdmissionRequest same =
        Worlds.request("pods", "status", "v1", "Pod", Operation.UPDATE, Worlds.ALICE, with, with);
    assertThat(server.answer(same, Map.of()).refused()).isFalse();
  }

  /// The names of files may have what ends a literal.
  @Test
  void aNameIsNoExpression() {
    String path = "it's \\\"a\\\" \\\\ file\\n\\u0007' || true || '\uD83D\uDE00";
    Worlds world =
        Worlds.read(policy("odd", "{allowedProfiles: [\"localhost/" + path + "\"]}", ALICE));
    ApiServer server = world.server(Worlds.target());
    String spec =
        "containers: [{name: c, securityContext: {seccompProfile: {type: Localhost, localhostProfile: \""
            + path
            + "\"}}}]";
    assertThat(server.answer(creation(pod("", spec)), Map.of()).refusals()).isEmpty();
    assertThat(server.answer(creation(pod("", running("other"))), Map.of()).refused()).isTrue();
  }

  @Test
  void theSamePoliciesGiveTheSameText() {
    List<Policy> shuffled = new ArrayList<>(TEAMS.policies());
    Collections.shuffle(shuffled, new Random(7));
    assertThat(text(new Worlds(shuffled, TEAMS.rbac()).compiled(Worlds.target())))
        .isEqualTo(text(TEAMS.compiled(Worlds.target())));
    assertThat(text(TEAMS.compiled(Worlds.target(36, NamespaceMode.WARN))))
        .isNotEqualTo(text(TEAMS.compiled(Worlds.target())));
  }

  private static Policy policyOf(String name, String defaultProfile, String... allowed) {
    return new Policy(
        Policy.Kind.SECCOMP_POLICY,
        name,
        List.of(allowed).stream()
            .<AllowedProfile>map(text -> new AllowedProfile.Exactly(Worlds.name(text)))
            .toList(),
        defaultProfile.isEmpty() ? null : Worlds.name(defaultProfile));
  }

  private static CompiledPolicies compiled(List<Policy> policies) {
    return CompiledPolicies.of(policies, Rbac.NONE, List.of(), Worlds.target());
  }

  /// What an API server does not take is refused here, with what it would take.
  @Test
  void whatAServerDoesNotTakeIsRefused() {
    List<Policy> defaults = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      defaults.add(policyOf("p" + i, "localhost/d" + i, "localhost/d" + i));
    }
    assertThat(compiled(defaults).problems()).singleElement().asString().contains("at most 14");
    assertThat(compiled(defaults).objects()).isEmpty();
    assertThat(compiled(defaults.subList(0, 14)).problems()).isEmpty();
    List<Policy> large = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      large.add(policyOf("policy-" + i, "", "localhost/" + "a".repeat(170) + i));
    }
    assertThat(compiled(large).problems())
        .first()
        .asString()
        .containsPattern("would have [0-9]+ bytes, .* of 8000 policies, about [4-7][0-9]{3} ");
    CompiledPolicies many = compiled(large.subList(0, 3_000));
    assertThat(many.problems()).isEmpty();
    // In maps of at most 90,000 characters.
    assertThat(text(many)).contains("namesIn6");
    Policy deep =
        new Policy(
            Policy.Kind.SECCOMP_POLICY,
            "deep",
            List.of(new AllowedProfile.Below("d/".repeat(60))),
            null);
    assertThat(compiled(List.of(deep)).problems())
        .singleElement()
        .asString()
        .contains("60 directories", "at most 40");
  }

  /// A question costs an API server a tenth of a millisecond, and this one has one answer.
  @ParameterizedTest
  @CsvSource({"runtime/default, 0", "localhost/mine, 2"})
  void nobodyIsAskedWhereEveryDefaultIsTheSame(String mine, int questions) {
    Worlds world =
        Worlds.read(
            policy(
                    "everybody",
                    "{allowedProfiles: [runtime/default], defaultProfile: runtime/default}",
                    group("system:authenticated"))
                + policy(
                    "a-mine",
                    "{allowedProfiles: ['%1$s'], defaultProfile: '%1$s'}".formatted(mine),
                    ALICE));
    ApiServer server = world.server(Worlds.target());
    ApiServer.Answer answer = server.answer(creation(pod("", "containers: [{name: c}]")), Map.of());
    assertThat(answer.refusals()).isEmpty();
    assertThat(server.asked("portcullis-fields")).isEqualTo(questions);
  }

  /// However many policies there are, a pod is found in them.
  @Test
  void aThousandPolicies() {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      yaml.append(
          policy(
              "p" + i,
              "{allowedProfiles: ['localhost/team-" + i + "/*', localhost/x" + i + "]}",
              i == 777 ? ALICE : NOBODY));
    }
    ApiServer server = Worlds.read(yaml.toString()).server(Worlds.target());
    for (int i : List.of(776, 777)) {
      assertThat(server.answer(creation(pod("", running("team-" + i + "/a"))), Map.of()).refused())
          .isEqualTo(i != 777);
      assertThat(server.answer(creation(pod("", running("x" + i))), Map.of()).refused())
          .isEqualTo(i != 777);
    }
    assertThat(server.mostAsked()).isEqualTo(2);
  }

  /// What a proof allows, it allows for containers that can gain no rights.
  @Test
  void provenNames() {
    Worlds world =
        Worlds.read(
            policy("tighten", "{allowedProfiles: [], stricterThan: [localhost/base.json]}", ALICE));
    ProvenName mine =
        new ProvenName(
            "tighten",
            (ProfileName.Localhost) Worlds.name("localhost/mine.json"),
            "aa",
            Worlds.name("localhost/base.json"),
            "bb");
    CompiledPolicies compiled =
        CompiledPolicies.of(world.policies(), world.rbac(), List.of(mine), Worlds.target());
    ApiServer server = new ApiServer(compiled.objects(), world.rbac());
    String bound =
        "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false, seccompProfile: {type: Localhost, localhostProfile: %s}}}]";
    assertThat(server.answer(creation(pod("", bound.formatted("mine.json"))), Map.of()).refusals())
        .isEmpty();
    assertThat(server.answer(creation(pod("", running("mine.json"))), Map.of()).refusals())
        .singleElement()
        .asString()
        .contains("may not run under localhost/mine.json");
    assertThat(
            server
                .answer(
                    creation(
                        pod(
                            "",
                            bound
                                .formatted("mine.json")
                                .replace("{allow", "{capabilities: {add: [all]}, allow"))),
                    Map.of())
                .refused())
        .isTrue();
    assertThat(server.answer(creation(pod("", running("base.json"))), Map.of()).refusals())
        .isEmpty();
    assertThat(server.answer(creation(pod("", bound.formatted("other.json"))), Map.of()).refused())
        .isTrue();
    assertThat(text(compiled))
        .contains(
            "portcullis.dev/proofs: \"[{\\\"policy\\\":\\\"tighten\\\",\\\"profile\\\":\\\"localhost/mine.json\\\",\\\"sha256\\\":\\\"aa\\\"");
    assertThat(compiled.lost())
        .anyMatch(lost -> lost.verdicts() && lost.text().contains("and 1 that were proven now"));
    // Another content is another digest, by which one sees that it must be compiled again.
    ProvenName changed =
        new ProvenName("tighten", mine.profile(), "cc", mine.than(), mine.baseSha256());
    Value before = digest(compiled);
    Value after =
        digest(
            CompiledPolicies.of(world.policies(), world.rbac(), List.of(changed), Worlds.target()));
    assertThat(before).isNotEqualTo(after);
  }

  private static Value digest(CompiledPolicies compiled) {
    Mapping metadata = ApiServer.child(compiled.objects().getFirst(), "metadata");
    Value digest = ApiServer.child(metadata, "annotations").get(CompiledPolicies.COMPILED);
    assertThat(digest).isNotNull();
    return digest == null ? metadata : digest;
  }
}

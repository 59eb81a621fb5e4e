package dev.portcullis.pods.starter;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarterPoliciesTest {
  private static final ProfileName DEFAULT = ProfileName.RUNTIME_DEFAULT;
  private static final User SOMEBODY = User.requesting("somebody", List.of());

  private static List<Pod> pods(String yaml) {
    return objects(yaml).stream().map(PodReader::read).map(Objects::requireNonNull).toList();
  }

  private static StarterPolicies.Made made(List<Pod> pods, ProfileName clusterDefault) {
    Judge judge = StarterPolicies.everythingAllowed(clusterDefault, "default", Leniency.NONE);
    List<ObservedPod> observed =
        pods.stream().map(pod -> new ObservedPod(judge.judge(pod), "f.yaml")).toList();
    return (StarterPolicies.Made) StarterPolicies.of(observed, clusterDefault, Leniency.NONE);
  }

  private static List<KubernetesObject> objectsOf(StarterPolicies.Made made) {
    return made.objects().stream().map(StarterObject::object).toList();
  }

  private static List<Policy> policies(List<KubernetesObject> objects) {
    return objects.stream()
        .map(PolicyReader::read)
        .flatMap(found ->
            found instanceof PolicyReader.Usable(Policy policy)
                ? Stream.of(policy)
                : Stream.empty())
        .toList();
  }

  /// As `check` judges for a user to whom nothing is granted.
  private static List<Judgement> judged(
      List<Pod> pods, List<Policy> policies, List<KubernetesObject> objects, ProfileName usual) {
    RbacReader rbac = new RbacReader("default");
    objects.stream()
        .filter(RbacReader::isRbac)
        .forEach(object -> assertThat(rbac.add(object)).isEmpty());
    assertThat(rbac.rbac().dangling()).isEmpty();
    Judge judge =
        new Judge(
            new PolicyScope.PoliciesForUser(
                Policies.of(policies),
                Grants.known(rbac.rbac()::mayUse),
                Strictness.unknown("nothing is known here"),
                SOMEBODY),
            usual,
            "default");
    return pods.stream().map(judge::judge).toList();
  }

  private static boolean allAdmitted(
      List<Pod> pods, List<Policy> policies, List<KubernetesObject> objects, ProfileName usual) {
    return judged(pods, policies, objects, usual).stream().allMatch(Judgement::admitted);
  }

  private static final String SHOP =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain, namespace: shop}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          spec:
            serviceAccountName: web
            securityContext: {seccompProfile: {type: Localhost, localhostProfile: web/server.json}}
            containers: [{name: c}, {name: d, securityContext: {seccompProfile: {type: RuntimeDefault}}}]
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent, namespace: node}
      spec:
        template:
          spec:
            serviceAccountName: agent
            containers: [{name: c, securityContext: {privileged: true}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: test}
      spec:
        serviceAccountName: web
        securityContext: {seccompProfile: {type: Localhost, localhostProfile: web/server.json}}
        containers: [{name: c}]
      """;

  @Test
  void aPolicyForEverybodyAndOneForEachFurtherSet() {
    StarterPolicies.Made made = made(pods(SHOP), DEFAULT);
    assertThat(made.leftOut()).isEmpty();
    assertThat(objectsOf(made))
        .extracting(KubernetesObject::label)
        .containsExactly(
            "SeccompPolicy \"everybody\"",
            "ClusterRole \"use-seccomp-policy-everybody\"",
            "ClusterRoleBinding \"use-seccomp-policy-everybody:group:system:authenticated\"",
            "ClusterRoleBinding \"use-seccomp-policy-everybody:group:system:serviceaccounts\"",
            "SeccompPolicy \"web.server.json\"",
            "ClusterRole \"use-seccomp-policy-web.server.json\"",
            "RoleBinding \"use-seccomp-policy-web.server.json:serviceaccount:shop:web\"",
            "RoleBinding \"use-seccomp-policy-web.server.json:serviceaccount:test:web\"",
            "SeccompPolicy \"unconfined\"",
            "ClusterRole \"use-seccomp-policy-unconfined\"",
            "RoleBinding \"use-seccomp-policy-unconfined:serviceaccount:node:agent\"");
    assertThat(made.objects().getFirst().comments())
        .containsExactly(
            "Made by portcullis policy generate from 4 pods. Read it before you apply it: it grants"
                + " what they run with now.",
            "",
            "Everybody: containers that name no profile get runtime/default. Used by",
            "* Deployment shop/web (f.yaml): \"d\"",
            "* Pod shop/plain (f.yaml): \"c\"");
    assertThat(made.objects().get(4).comments())
        .containsExactly(
            "localhost/web/server.json is used by",
            "* Deployment shop/web (f.yaml): \"c\"",
            "* Pod test/web (f.yaml): \"c\"");
    assertThat(made.objects().get(8).comments())
        .containsExactly(
            "unconfined is used by",
            "* DaemonSet node/agent (f.yaml): \"c\", without a filter whatever it names");
    assertThat(YamlWriter.write(made.objects().getFirst().object().manifest()))
        .endsWith(
            """
            spec:
              allowedProfiles:
              - runtime/default
              defaultProfile: runtime/default
            """);
  }

  @Test
  void aPodThatNoPolicyHelpsIsLeftOut() {
    StarterPolicies.Made made =
        made(
            pods(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: star}
                spec:
                  securityContext: {seccompProfile: {type: Localhost, localhostProfile: 'batch/*'}}
                  containers: [{name: c}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: invalid}
                spec:
                  securityContext: {seccompProfile: {type: Localhost}}
                  containers: [{name: c}]
                """),
            DEFAULT);
    assertThat(made.leftOut())
        .extracting(each -> each.pod().text() + ": " + each.why())
        .satisfiesExactly(
            star ->
                assertThat(star)
                    .startsWith("Pod default/star (f.yaml): \"c\": a SeccompPolicy cannot allow"),
            invalid ->
                assertThat(invalid)
                    .startsWith(
                        "Pod default/invalid (f.yaml): spec.securityContext.seccompProfile"));
    // With the asterisk, it would be a pattern for every file of the directory.
    assertThat(policies(objectsOf(made))).extracting(Policy::name).containsExactly("everybody");
  }

  @Test
  void theDefaultOfTheClusterIsForEverybody() {
    ProfileName own = new ProfileName.Localhost("own.json");
    List<Pod> pods = pods(SHOP);
    StarterPolicies.Made made = made(pods, own);
    Policy everybody = policies(objectsOf(made)).getFirst();
    assertThat(everybody.allowedText()).isEqualTo("runtime/default, localhost/own.json");
    assertThat(everybody.defaultProfile()).isEqualTo(own);
    assertThat(allAdmitted(pods, policies(objectsOf(made)), objectsOf(made), own)).isTrue();
  }

  @Test
  void moreSetsThanAPersonReadsAreRefused() {
    Judge judge = StarterPolicies.everythingAllowed(DEFAULT, "default", Leniency.NONE);
    List<ObservedPod> pods = new ArrayList<>();
    for (int i = 0; i < StarterPolicies.MOST_POLICIES; i++) {
      pods.add(
          new ObservedPod(
              judge.judge(
                  pods("""
                  apiVersion: v1
                  kind: Pod
                  metadata: {name: p}
                  spec:
                    serviceAccountName: s%1$d
                    securityContext: {seccompProfile: {type: Localhost, localhostProfile: p%1$d}}
                    containers: [{name: c}]
                  """
                          .formatted(i))
                      .getFirst()),
              ""));
    }
    assertThat(StarterPolicies.of(pods, DEFAULT, Leniency.NONE))
        .isInstanceOf(StarterPolicies.TooMany.class);
    assertThat(StarterPolicies.of(pods.subList(1, pods.size()), DEFAULT, Leniency.NONE))
        .isInstanceOf(StarterPolicies.Made.class);
  }

  /// Pods of many kinds, by a seed.
  private static List<Pod> randomPods(Random random) {
    StringBuilder yaml = new StringBuilder();
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      boolean workload = random.nextBoolean();
      String spec = randomSpec(random);
      yaml.append(i == 0 ? "" : "---\n")
          .append(
              workload ? "apiVersion: apps/v1\nkind: Deployment\n" : "apiVersion: v1\nkind: Pod\n")
          .append("metadata: {name: p%d, namespace: n%d".formatted(i, random.nextInt(3)))
          .append(
              !workload && random.nextInt(4) == 0
                  ? ", annotations: {seccomp.security.alpha.kubernetes.io/pod: localhost/old}"
                  : "")
          .append("}\nspec: ")
          .append(workload ? "{template: {spec: " + spec + "}}\n" : spec + "\n");
    }
    return pods(yaml.toString());
  }

  private static String randomSpec(Random random) {
    List<String> containers = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      String privileged = random.nextInt(8) == 0 ? "privileged: true, " : "";
      containers.add(
          "{name: c%d, securityContext: {%s%s}}".formatted(i, privileged, randomProfile(random)));
    }
    return "{serviceAccountName: s%d, containers: [%s]}"
        .formatted(random.nextInt(3), String.join(", ", containers));
  }

  private static String randomProfile(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "seccompProfile: {type: RuntimeDefault}";
      case 1 -> "seccompProfile: {type: Unconfined}";
      case 2, 3, 4 ->
          "seccompProfile: {type: Localhost, localhostProfile: %s}"
              .formatted(
                  List.of("a.json", "a", "A", "team/b.json", "team-b", "everybody.json")
                      .get(random.nextInt(6)));
      default -> "";
    };
  }

  /// The promise: all pods are admitted, and with any profile or any binding fewer one of them is
  /// not. The default of everybody is there without a pod, too: who has none in these files must
  /// not lose it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void allAreAdmittedAndNothingIsGrantedInVain(long seed) {
    Random random = new Random(seed);
    List<Pod> pods = randomPods(random);
    StarterPolicies.Made made = made(pods, DEFAULT);
    List<KubernetesObject> objects = objectsOf(made);
    List<Policy> policies = policies(objects);
    assertThat(made.leftOut()).isEmpty();
    assertThat(allAdmitted(pods, policies, objects, DEFAULT)).as("seed %d", seed).isTrue();
    boolean defaultIsUsed =
        !made.objects().getFirst().comments().getLast().equals("* none of these pods");
    for (Policy policy : policies) {
      for (AllowedProfile entry : policy.allowed()) {
        List<AllowedProfile> fewer = new ArrayList<>(policy.allowed());
        fewer.remove(entry);
        List<Policy> others = new ArrayList<>(policies);
        others.remove(policy);
        others.add(new Policy(policy.kind(), policy.name(), fewer, policy.defaultProfile()));
        assertThat(allAdmitted(pods, others, objects, DEFAULT))
            .as("seed %d without %s in %s", seed, entry.text(), policy.label())
            .isEqualTo(policy.name().equals("everybody") && !defaultIsUsed);
      }
    }
    for (KubernetesObject object : objects) {
      if (object.kind().equals("RoleBinding")) {
        List<KubernetesObject> fewer = new ArrayList<>(objects);
        fewer.remove(object);
        assertThat(allAdmitted(pods, policies, fewer, DEFAULT))
            .as("seed %d without %s", seed, object.label())
            .isFalse();
      }
    }
    List<Pod> shuffled = new ArrayList<>(pods);
    Collections.shuffle(shuffled, random);
    assertThat(made(shuffled, DEFAULT)).isEqualTo(made);
  }
}

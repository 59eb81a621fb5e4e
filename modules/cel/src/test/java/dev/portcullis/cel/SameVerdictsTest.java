package dev.portcullis.cel;

import static dev.portcullis.cel.Worlds.group;
import static dev.portcullis.cel.Worlds.labels;
import static dev.portcullis.cel.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.AdmissionVerdict;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an API server decides by what is compiled, and what the webhook decides, about requests at
/// random: the same, and the same pods are stored.
class SameVerdictsTest {
  private static final int REQUESTS = 400;

  static final String TEAMS =
      policy(
              "everybody",
              "{allowedProfiles: [runtime/default]}",
              group("system:authenticated") + ", " + group("system:serviceaccounts"))
          + policy("operators", "{allowedProfiles: ['*']}", group("operators"))
          + policy(
              "team-a",
              "{allowedProfiles: [localhost/team-a/web.json, 'localhost/team-a/jobs/*'], defaultProfile: localhost/team-a/web.json}",
              group("team-a"))
          + policy(
              "team-b",
              "{allowedProfiles: ['localhost/team-b/*', unconfined]}",
              "{kind: ServiceAccount, name: runner, namespace: shop}")
          + """
          ---
          apiVersion: policy/v1beta1
          kind: PodSecurityPolicy
          metadata:
            name: old
            annotations:
              seccomp.security.alpha.kubernetes.io/allowedProfileNames: 'localhost/batch/*,localhost/old.json'
              seccomp.security.alpha.kubernetes.io/defaultProfileName: localhost/elsewhere
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: {name: old, namespace: shop}
          rules: [{apiGroups: [extensions], resources: [podsecuritypolicies], resourceNames: [old], verbs: [use]}]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: old, namespace: shop}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: old}
          subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
          """;

  /// Policies, and the cluster that they are for.
  record Case(String name, Worlds world, PolicyTarget target, @Nullable String label) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Worlds teams = Worlds.read(TEAMS);
    PolicyTarget usual = Worlds.target();
    PolicyTarget lenient =
        new PolicyTarget(
            36,
            NamespaceMode.ENFORCE,
            ProfileName.UNCONFINED,
            new Leniency(true, true),
            false,
            List.of(),
            List.of("bob"),
            List.of());
    PolicyTarget exempt =
        new PolicyTarget(
            36,
            NamespaceMode.WARN,
            Worlds.name("localhost/team-a/web.json"),
            Leniency.NONE,
            false,
            List.of(Worlds.NAMESPACE),
            List.of(),
            List.of());
    return Stream.of(
        new Case("four teams", teams, usual, null),
        new Case("no policies", Worlds.read("---\n"), usual, null),
        new Case("a slip of the label", teams, Worlds.target(36, NamespaceMode.AUDIT), "adit"),
        new Case("lenient, default unconfined", teams, lenient, null),
        new Case("warn", teams, Worlds.target(36, NamespaceMode.WARN), null),
        new Case("warn by label", teams, usual, "warn"),
        new Case("audit by label", teams, usual, "audit"),
        new Case("off", teams, usual, "off"),
        new Case("an exempt namespace", teams, exempt, "enforce"));
  }

  /// Pods that are created.
  @ParameterizedTest
  @MethodSource("cases")
  void ofCreations(Case each) throws IOException {
    Both both = new Both(each);
    RandomPods random = new RandomPods(20261129);
    for (int i = 0; i < REQUESTS; i++) {
      both.ask(Worlds.creation(random.pod(), random.user()));
    }
    both.sawEnough();
  }

  /// Pods whose annotations change, and that get ephemeral containers.
  @ParameterizedTest
  @MethodSource("cases")
  void ofUpdates(Case each) throws IOException {
    Both both = new Both(each);
    RandomPods random = new RandomPods(20261130);
    for (int i = 0; i < REQUESTS; i++) {
      Mapping old = random.pod();
      Mapping now =
          random.oneOf(2)
              ? with(old, "metadata", "annotations", Worlds.yaml("{" + random.annotations() + "}"))
              : old;
      if (random.oneOf(2)) {
        User user = random.user();
        both.ask(Worlds.request("pods", "", "v1", "Pod", Operation.UPDATE, user, now, old));
      } else {
        Value debugger = Worlds.yaml("{a: [" + random.debugger() + "]}").get("a");
        Mapping more = with(old, "spec", "ephemeralContainers", Objects.requireNonNull(debugger));
        both.ask(Worlds.debug(more, old));
      }
    }
    both.sawEnough();
  }

  /// While one takes the place of the other, a pod passes both: mutations run again after a webhook
  /// has changed the pod.
  @Test
  void ofBothInForce() throws IOException {
    Case each = cases().findFirst().orElseThrow();
    ApiServer server = each.world().server(each.target());
    Admission webhook = each.world().webhook(each.target(), null);
    RandomPods random = new RandomPods(20261202);
    int admitted = 0;
    for (int i = 0; i < REQUESTS / 2; i++) {
      AdmissionRequest request = Worlds.creation(random.pod(), random.user());
      KubernetesObject sent =
          new KubernetesObject("v1", "Pod", Objects.requireNonNull(request.object()));
      if (!Objects.requireNonNull(PodReader.read(sent)).errors().isEmpty()) {
        continue;
      }
      Mapping alone = mutated(webhook, request);
      boolean refuses = webhook.validate(with(request, alone)).outcome() == Outcome.REFUSED;
      Mapping both = Objects.requireNonNull(request.object());
      for (int pass = 0; pass < 2; pass++) {
        Object compiled = server.answer(with(request, both), Map.of()).object();
        both = mutated(webhook, with(request, (Mapping) Plain.value(compiled)));
      }
      ApiServer.Answer answer = server.answer(with(request, both), Map.of());
      boolean refused =
          answer.refused() || webhook.validate(with(request, both)).outcome() == Outcome.REFUSED;
      assertThat(refused).as(() -> request + "\n" + answer).isEqualTo(refuses);
      if (!refuses) {
        admitted++;
        assertThat(Plain.of(both)).isEqualTo(Plain.of(alone)).isEqualTo(answer.object());
      }
    }
    assertThat(admitted).isGreaterThan(REQUESTS / 20);
  }

  private static Mapping mutated(Admission webhook, AdmissionRequest request) throws IOException {
    Object patched = Objects.requireNonNull(Plain.of(request.object()));
    for (PatchOperation step : webhook.mutate(request).response().patch()) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      plain.put("op", step.op());
      plain.put("path", step.path());
      plain.put("value", Plain.of(step.value()));
      patched = Plain.patched(patched, plain);
    }
    return (Mapping) Plain.value(patched);
  }

  private static AdmissionRequest with(AdmissionRequest request, Mapping object) {
    return new AdmissionRequest(
        request.uid(),
        request.resource(),
        request.subresource(),
        request.apiVersion(),
        request.kind(),
        request.namespace(),
        request.name(),
        request.operation(),
        request.user(),
        object,
        request.oldObject());
  }

  private static Mapping with(Mapping object, String owner, String key, Value value) {
    MappingBuilder changed = new MappingBuilder();
    object
        .entries()
        .forEach((name, entry) -> {
          if (name.equals(owner)) {
            MappingBuilder inner = new MappingBuilder();
            ((Mapping) entry.value()).entries().forEach((k, v) -> inner.put(k, v.value()));
            changed.put(name, inner.put(key, value).build());
          } else {
            changed.put(name, entry.value());
          }
        });
    return changed.build();
  }

  /// Requests to both.
  private static final class Both {
    private final Case each;
    private final ApiServer server;
    private final Admission webhook;
    private int refused;
    private int admitted;
    private int invalid;

    Both(Case each) {
      this.each = each;
      server = each.world().server(each.target());
      webhook = each.world().webhook(each.target(), each.label());
    }

    void ask(AdmissionRequest request) throws IOException {
      Mapping object = Objects.requireNonNull(request.object());
      Object patched = Objects.requireNonNull(Plain.of(mutated(webhook, request)));
      AdmissionVerdict verdict = webhook.validate(with(request, (Mapping) Plain.value(patched)));
      ApiServer.Answer answer = server.answer(request, labels(each.label()));
      Supplier<String> all = () -> each + "\n" + request + "\n" + verdict + "\n" + answer;
      Pod pod = Objects.requireNonNull(PodReader.read(new KubernetesObject("v1", "Pod", object)));
      if (!pod.errors().isEmpty()) {
        // An API server refuses it for what it is, whoever decides about profiles.
        invalid++;
        assertThat(answer.refusals()).as(all).noneMatch(text -> text.startsWith("portcullis-"));
        return;
      }
      boolean refuses = verdict.outcome() == Outcome.REFUSED;
      assertThat(answer.refused()).as(all).isEqualTo(refuses);
      assertThat(against(answer))
          .as(all)
          .isEqualTo(refuses || verdict.outcome() == Outcome.WOULD_REFUSE);
      if (refuses || verdict.outcome() == Outcome.WOULD_REFUSE) {
        refused++;
      } else {
        admitted++;
      }
      if (!refuses) {
        assertThat(stored(answer.object())).as(all).isEqualTo(stored(patched));
      }
    }

    /// Whether something is told that is a reason to refuse.
    private static boolean against(ApiServer.Answer answer) {
      return Stream.concat(answer.refusals().stream(), answer.audited().stream())
          .anyMatch(text -> !text.startsWith("enforce would set"));
    }

    /// A pod but for the names of policies in its record, and for the order of containers there.
    private static @Nullable Object stored(@Nullable Object object) {
      Map<?, ?> pod = (Map<?, ?>) object;
      Map<Object, @Nullable Object> same = new LinkedHashMap<>();
      Objects.requireNonNull(pod).forEach(same::put);
      Map<Object, @Nullable Object> metadata =
          new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(same.get("metadata")));
      if (metadata.get("annotations") instanceof Map<?, ?> annotations) {
        Map<Object, @Nullable Object> known = new LinkedHashMap<>(annotations);
        known.computeIfPresent("portcullis.dev/policy", (_, _) -> "");
        known.computeIfPresent(
            "portcullis.dev/unconfined",
            (_, names) -> new TreeSet<>(List.of(((String) names).split(","))).toString());
        metadata.put("annotations", known);
      }
      if (metadata.get("labels") instanceof Map<?, ?> none && none.isEmpty()) {
        metadata.remove("labels");
      }
      same.put("metadata", metadata);
      return same;
    }

    void sawEnough() {
      assertThat(invalid).isLessThan(REQUESTS / 2);
      assertThat(admitted).isGreaterThan(REQUESTS / 10);
      boolean looks =
          !"off".equals(each.label()) && !each.target().namespaces().contains(Worlds.NAMESPACE);
      assertThat(refused > REQUESTS / 20).isEqualTo(looks);
    }
  }

  /// Workloads: warned of as the webhook warns.
  @ParameterizedTest
  @MethodSource("cases")
  void ofWorkloads(Case each) throws IOException {
    ApiServer server = each.world().server(each.target());
    Admission webhook = each.world().webhook(each.target(), each.label());
    RandomPods random = new RandomPods(20261201);
    Map<String, String> kinds =
        Map.of(
            "Deployment", "apps/v1 deployments {spec: {template: %s}}",
            "StatefulSet", "apps/v1 statefulsets {spec: {template: %s}}",
            "Job", "batch/v1 jobs {spec: {template: %s}}",
            "CronJob", "batch/v1 cronjobs {spec: {jobTemplate: {spec: {template: %s}}}}",
            "PodTemplate", "v1 podtemplates {template: %s}");
    for (int i = 0; i < REQUESTS / 5; i++) {
      for (Map.Entry<String, String> kind : kinds.entrySet()) {
        List<String> parts = List.of(kind.getValue().split(" ", 3));
        Mapping body = Worlds.yaml(parts.getLast().formatted(random.template()));
        MappingBuilder object =
            new MappingBuilder()
                .put("apiVersion", parts.getFirst())
                .put("kind", kind.getKey())
                .put("metadata", Worlds.yaml("{name: w}"));
        body.entries().forEach((key, entry) -> object.put(key, entry.value()));
        AdmissionRequest request =
            Worlds.request(
                parts.get(1),
                "",
                parts.getFirst(),
                kind.getKey(),
                Operation.CREATE,
                random.user(),
                object.build(),
                null);
        Pod pod =
            Objects.requireNonNull(
                PodReader.read(
                    new KubernetesObject(parts.getFirst(), kind.getKey(), object.build())));
        if (!pod.errors().isEmpty()) {
          continue;
        }
        AdmissionVerdict verdict = webhook.templates(request);
        ApiServer.Answer answer = server.answer(request, labels(each.label()));
        Supplier<String> all = () -> each + "\n" + request + "\n" + verdict + "\n" + answer;
        assertThat(answer.refusals()).as(all).isEmpty();
        assertThat(answer.audited().isEmpty())
            .as(all)
            .isEqualTo(verdict.outcome() != Outcome.WOULD_REFUSE);
      }
    }
  }
}

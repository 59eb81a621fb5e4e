package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.MatchConditions.objects;
import static dev.portcullis.admission.ruling.MatchConditions.text;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.update;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The conditions of `deploy/webhook/overlays/match-conditions`, held against what admission does:
/// the API server may leave a question out where the answer is yes and nothing else, and nowhere
/// else.
class MatchConditionsTest {
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String PREFIX = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String MUTATE = "mutate.portcullis.dev";
  private static final String VALIDATE = "validate.portcullis.dev";
  private static final String METADATA = "metadata.portcullis.dev";
  private static final String TEMPLATES = "templates.portcullis.dev";
  private static final String PROFILES = "profiles.portcullis.dev";
  private static final String SPEC = "{containers: [{name: c, image: i}]}";
  private static final long SEED = 20261126;

  private static Map<String, MatchConditions> conditions = Map.of();

  @BeforeAll
  static void read() throws IOException {
    conditions = new HashMap<>(MatchConditions.read("mutating-webhook.yaml"));
    conditions.putAll(MatchConditions.read("validating-webhook.yaml"));
  }

  private interface Asked {
    AdmissionVerdict rule(AdmissionRequest request) throws IOException;
  }

  private static List<Admission> clusters() {
    List<Admission> clusters = new ArrayList<>();
    for (Mode mode : List.of(Mode.ENFORCE, Mode.WARN, Mode.AUDIT)) {
      Scope scope = new Scope(mode, Set.of(), Set.of(), Set.of());
      clusters.add(Reviews.cluster(mode, policy("p", null, "localhost/a")));
      clusters.add(Reviews.cluster(scope, "a slip of the pen", policy("p", null, "localhost/a")));
      clusters.add(Reviews.cluster(mode));
      clusters.add(new Distribution().admission(mode));
    }
    return clusters;
  }

  private static boolean asks(String webhook, AdmissionRequest request) throws IOException {
    MatchConditions of = conditions.get(webhook);
    assertThat(of).as(webhook).isNotNull();
    boolean asked = of.ask(request);
    if (!asked) {
      for (Admission admission : clusters()) {
        Asked path =
            switch (webhook) {
              case MUTATE -> admission::mutate;
              case VALIDATE, METADATA -> admission::validate;
              case TEMPLATES -> admission::templates;
              case PROFILES -> admission::profiles;
              default -> throw new AssertionError(webhook);
            };
        assertThat(path.rule(request).response())
            .as("%s is not asked of %s", webhook, request)
            .isEqualTo(AdmissionResponse.allowed());
      }
    }
    return asked;
  }

  private static AdmissionRequest status(Mapping now, Mapping old) {
    return request("pods", "status", "v1", "Pod", Operation.UPDATE, now, old);
  }

  private static AdmissionRequest binding(String metadata) {
    return request(
        "pods",
        "binding",
        "v1",
        "Binding",
        Operation.CREATE,
        yaml("{metadata: {name: p" + metadata + "}, target: {name: n}}"),
        null);
  }

  private static Mapping pod(String metadata) {
    return yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: p"
            + metadata
            + "}, spec: "
            + SPEC
            + ", status: {phase: Running}}");
  }

  private static AdmissionRequest by(User user, AdmissionRequest request) {
    return new AdmissionRequest(
        request.uid(),
        request.resource(),
        request.subresource(),
        request.apiVersion(),
        request.kind(),
        request.namespace(),
        request.name(),
        request.operation(),
        user,
        request.object(),
        request.oldObject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mutating-webhook.yaml", "validating-webhook.yaml"})
  void theyAreForTheWebhooksThatThereAre(String file) throws IOException {
    Path base = MatchConditions.OVERLAY.resolve("../../base").resolve(file);
    List<String> there =
        objects(MatchConditions.document(base), "webhooks").stream()
            .map(webhook -> text(webhook, "name"))
            .toList();
    assertThat(MatchConditions.read(file).keySet()).containsExactlyElementsOf(there);
    Mapping patch = MatchConditions.document(MatchConditions.OVERLAY.resolve(file));
    for (Mapping webhook : objects(patch, "webhooks")) {
      assertThat(webhook.entries().keySet()).containsExactly("name", "matchConditions");
      for (Mapping condition : objects(webhook, "matchConditions")) {
        assertThat(condition.entries().keySet()).containsExactly("name", "expression");
        assertThat(text(condition, "name")).matches("[a-z]([a-z-]{0,61}[a-z])?");
      }
    }
  }

  @Test
  void everyNewPodIsAskedOf() throws IOException {
    for (String metadata :
        List.of("", ", annotations: {}", ", annotations: {" + POD + ": unconfined}, labels: {}")) {
      AdmissionRequest request = creation(pod(metadata));
      for (String webhook : List.of(MUTATE, VALIDATE)) {
        assertThat(asks(webhook, request)).isTrue();
        assertThat(asks(webhook, by(new User("x", Set.of(), Map.of()), request))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "system:nodes, kubernetes.io/config.mirror, false",
    "system:nodes, kubernetes.io/config.seen, true",
    "system:masters, kubernetes.io/config.mirror, true"
  })
  void aMirrorIsNotChangedButValidated(String group, String annotation, boolean mutated)
      throws IOException {
    AdmissionRequest request =
        by(
            new User("system:node:n", Set.of(group, "system:authenticated"), Map.of()),
            creation(pod(", annotations: {" + annotation + ": x}")));
    assertThat(asks(MUTATE, request)).isEqualTo(mutated);
    assertThat(asks(VALIDATE, request)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "                                    |                                      | false",
        ", annotations: {}                   |                                      | false",
        ", annotations: {a: x}               | , labels: {a: x}                     | false",
        ", annotations: {a: x, b: x}         | , annotations: {a: y, c: x}          | false",
        ", finalizers: [a]                   | , ownerReferences: [{name: x}]       | false",
        ", annotations: {POD: a, a: x}       | , annotations: {a: y, POD: a}        | false",
        ", annotations: {OFc: a}             | , annotations: {OFc: a}              | false",
        ", annotations: {OFc: a}             | , annotations: {OFc: b}              | true",
        ", annotations: {OFc: a}             | , annotations: {OFc: a, OFd: a}      | true",
        ", annotations: {OFc: a, a: x}       | , annotations: {a: x}                | true",
        ", annotations: {OFc: a}             |                                      | true",
        "                                    | , annotations: {POD: unconfined}     | true",
        ", annotations: {POD: unconfined}    |                                      | true",
        ", annotations: {POD: ''}            | , annotations: {}                    | true",
        ", annotations: {POD: a}             | , annotations: {POD: localhost/a}    | true",
        ", annotations: {Pod: a}             | , annotations: {}                    | false",
        ", annotations: {a: x}               | , annotations: {portcullis.dev/policy: p} | true",
        ", annotations: {portcullis.dev/policy: p} |                                | true",
        ", annotations: {portcullis.dev/unconfined: c} | , annotations: {portcullis.dev/unconfined: c} | false",
        ", annotations: {portcullis.dev/proven: c} | , annotations: {portcullis.dev/proven: d} | true",
        ", labels: {portcullis.dev/proven: 'true'} |                                | true",
        "                                    | , labels: {portcullis.dev/proven: 'true'} | true",
        ", labels: {portcullis.dev/proven: 'true'} | , labels: {portcullis.dev/proven: 'no'} | true",
        ", labels: {portcullis.dev/proven: 'true', a: x} | , labels: {portcullis.dev/proven: 'true'} | false"
      })
  void anUpdateIsAskedOfWhereItMayChangeAProfile(
      @Nullable String old, @Nullable String now, boolean asked) throws IOException {
    AdmissionRequest request = update(pod(metadata(now)), pod(metadata(old)));
    assertThat(asks(VALIDATE, request)).isEqualTo(asked);
    assertThat(asks(METADATA, status(pod(metadata(now)), pod(metadata(old))))).isEqualTo(asked);
  }

  @Test
  void anUpdateIsAskedOfWhereARuntimeMayObeyIt() throws IOException {
    for (RuntimeAnnotation each : RuntimeAnnotation.all()) {
      for (String rest : List.of("", "x", ".x/y")) {
        Mapping with = pod(", annotations: {'" + each.key() + rest + "': x}");
        assertThat(asks(VALIDATE, update(with, pod("")))).as(each.key()).isTrue();
        assertThat(asks(VALIDATE, update(pod(""), with))).as(each.key()).isTrue();
        assertThat(asks(METADATA, status(pod(""), with))).as(each.key()).isTrue();
        assertThat(asks(METADATA, binding(", annotations: {'" + each.key() + rest + "': x}")))
            .as(each.key())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "                                           | false",
        ", annotations: {}, labels: {}              | false",
        ", annotations: {a: x}                      | false",
        ", labels: {topology.kubernetes.io/zone: z} | false",
        ", annotations: {POD: unconfined}           | true",
        ", annotations: {OFc: unconfined}           | true",
        ", annotations: {portcullis.dev/policy: p}  | true",
        ", labels: {portcullis.dev/proven: 'true'}  | true"
      })
  void aBindingIsAskedOfWhereItBringsWhatMatters(@Nullable String metadata, boolean asked)
      throws IOException {
    assertThat(asks(METADATA, binding(metadata(metadata)))).isEqualTo(asked);
  }

  private static String metadata(@Nullable String text) {
    return text == null ? "" : text.replace("POD", POD).replace("OF", PREFIX);
  }

  @Test
  void newContainersOfAnOldPodAreAskedOf() throws IOException {
    AdmissionRequest request =
        request("pods", "ephemeralcontainers", "v1", "Pod", Operation.UPDATE, pod(""), pod(""));
    assertThat(asks(MUTATE, request)).isTrue();
    assertThat(asks(VALIDATE, request)).isTrue();
  }

  /// An API server that finds an expression too expensive refuses the request.
  @ParameterizedTest
  @CsvSource({"1000, false", "1001, true"})
  void whatAnExpressionCostsHasABound(int annotations, boolean asked) throws IOException {
    Mapping pod =
        pod(
            IntStream.range(0, annotations)
                .mapToObj(i -> "a" + i + ": x")
                .collect(Collectors.joining(", ", ", annotations: {", "}")));
    assertThat(asks(VALIDATE, update(pod, pod(", annotations: {}")))).isEqualTo(asked);
    assertThat(asks(VALIDATE, update(pod(", annotations: {}"), pod))).isEqualTo(asked);
  }

  /// Nothing slips through, and nobody is asked in vain.
  @Test
  void updatesAtRandom() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    int skipped = 0;
    for (int i = 0; i < 3_000; i++) {
      AdmissionRequest request = update(pod(some(random)), pod(some(random)));
      boolean asked = asks(VALIDATE, request);
      AdmissionRequest state = status(pod(some(random)), pod(some(random)));
      assertThat(asks(METADATA, state))
          .as("%s, seed %d", state, SEED)
          .isEqualTo(!relevant(state.object()).equals(relevant(state.oldObject())));
      assertThat(asked)
          .as("%s, seed %d", request, SEED)
          .isEqualTo(!relevant(request.object()).equals(relevant(request.oldObject())));
      skipped += asked ? 0 : 1;
    }
    assertThat(skipped).isBetween(100, 2_900);
  }

  private static Map<String, String> relevant(@Nullable Mapping pod) {
    Map<String, String> relevant = new TreeMap<>();
    for (String member : List.of("annotations", "labels")) {
      Mapping texts = pod == null ? null : Manifest.texts(pod, member);
      if (texts != null) {
        for (String key : texts.entries().keySet()) {
          if (key.equals(POD) || key.startsWith(PREFIX) || key.startsWith("portcullis.dev/")) {
            relevant.put(member + key, text(texts, key));
          }
        }
      }
    }
    return relevant;
  }

  private static String some(RandomGenerator random) {
    StringBuilder metadata = new StringBuilder();
    if (random.nextInt(4) > 0) {
      metadata.append(", annotations: {");
      for (String key :
          List.of(POD, PREFIX + "c", PREFIX + "d", "portcullis.dev/unconfined", "other", "k/o")) {
        if (random.nextInt(4) == 0) {
          metadata.append(key).append(": localhost/").append("ab".charAt(random.nextInt(2)));
          metadata.append(", ");
        }
      }
      metadata.append('}');
    }
    if (random.nextInt(3) == 0) {
      metadata.append(", labels: {a: x");
      metadata.append(random.nextInt(4) == 0 ? ", portcullis.dev/proven: 'true'}" : "}");
    }
    return metadata.toString();
  }

  private static Mapping workload(String kind, String metadata, int replicas, String image) {
    String template =
        "template: {metadata: {annotations: {%s: unconfined}}, spec: {containers: [{name: c, image: %s}]}}"
            .formatted(POD, image);
    String spec =
        switch (kind) {
          case "CronJob" -> "spec: {schedule: '@daily', jobTemplate: {spec: {" + template + "}}}";
          case "PodTemplate" -> template;
          default -> "spec: {replicas: " + replicas + ", " + template + "}";
        };
    return yaml("{metadata: {name: w" + metadata + "}, " + spec + "}");
  }

  private static AdmissionRequest of(
      String kind, String apiVersion, Mapping object, @Nullable Mapping old) {
    return request(
        kind.toLowerCase(Locale.ROOT) + "s",
        "",
        apiVersion,
        kind,
        old == null ? Operation.CREATE : Operation.UPDATE,
        object,
        old);
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, apps/v1",
    "ReplicaSet, apps/v1",
    "StatefulSet, apps/v1",
    "DaemonSet, apps/v1",
    "Job, batch/v1",
    "CronJob, batch/v1",
    "ReplicationController, v1",
    "PodTemplate, v1"
  })
  void aWorkloadIsAskedOfWhereItsTemplateMayBeNew(String kind, String apiVersion)
      throws IOException {
    String made = ", ownerReferences: [{name: a}, {name: o, controller: true}]";
    String owned = ", ownerReferences: [{name: o, controller: false}]";
    Mapping plain = workload(kind, "", 1, "i");
    assertThat(asks(TEMPLATES, of(kind, apiVersion, plain, null))).isTrue();
    assertThat(asks(TEMPLATES, of(kind, apiVersion, workload(kind, owned, 1, "i"), null))).isTrue();
    assertThat(asks(TEMPLATES, of(kind, apiVersion, workload(kind, made, 1, "i"), null))).isFalse();
    assertThat(asks(TEMPLATES, of(kind, apiVersion, workload(kind, "", 1, "j"), plain))).isTrue();
    Mapping annotated = workload(kind, ", annotations: {revision: '2'}", 1, "i");
    assertThat(asks(TEMPLATES, of(kind, apiVersion, annotated, plain)))
        .isEqualTo(kind.equals("PodTemplate"));
    // Without what a server would not store it is no error.
    Mapping empty = yaml("{metadata: {name: w}}");
    assertThat(asks(TEMPLATES, of(kind, apiVersion, empty, plain))).isTrue();
    assertThat(asks(TEMPLATES, of(kind, apiVersion, plain, empty))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"portcullis-profiles, true", "elsewhere, false"})
  void profilesAreAskedOfWhereNodesLook(String namespace, boolean asked) throws IOException {
    Mapping map =
        yaml(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: p, creationTimestamp:"
                + " '1970-01-01T00:00:00Z', labels: {portcullis.dev/seccomp-profiles: 'true'}}}");
    for (Operation operation : List.of(Operation.CREATE, Operation.UPDATE, Operation.DELETE)) {
      AdmissionRequest request =
          new AdmissionRequest(
              "u",
              "configmaps",
              "",
              "v1",
              "ConfigMap",
              namespace,
              "p",
              operation,
              Reviews.ALICE,
              operation == Operation.DELETE ? null : map,
              operation == Operation.CREATE ? null : map);
      assertThat(asks(PROFILES, request)).isEqualTo(asked);
    }
    assertThat(Files.readString(Path.of("deploy/webhook/base/deployment.yaml")))
        .contains("--profiles-namespace=portcullis-profiles\n");
  }
}

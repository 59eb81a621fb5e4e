package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.e2e.HelmClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The chart of deploy/chart, as Helm renders it.
class HelmChartTest {
  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath().normalize();
  private static final Path CHART = DEPLOY.resolve("chart");

  @TempDir private static Path directory;
  private static HelmClient helm;
  private static @Nullable Path kustomize;

  @BeforeAll
  static void start() throws IOException {
    helm = new HelmClient(directory);
  }

  @AfterAll
  static void end() throws IOException {
    helm.close();
  }

  /// What the chart makes of values on a server, and which directories have the same for kustomize.
  enum Twin {
    DEFAULTS("1.27.4", "", "webhook/base"),
    OLDEST("1.20.2", "", "webhook/overlays/kubernetes-1.20"),
    MATCH_CONDITIONS("1.28.0", "", "webhook/overlays/match-conditions"),
    // As managed clusters call themselves.
    NEW("v1.30.1-eks-036c24b", "", "webhook/overlays/kubernetes-1.30"),
    NO_ACCOUNT_POLICIES(
        "1.36.2", "webhook: {accountPolicies: false}", "webhook/overlays/match-conditions"),
    NO_CONDITIONS(
        "1.36.2", "webhook: {accountPolicies: false, matchConditions: false}", "webhook/base"),
    AUDIT("1.27.4", "webhook: {mode: audit}", "webhook/overlays/audit"),
    WARN("1.27.4", "webhook: {mode: warn}", "webhook/overlays/warn"),
    CERTIFICATES("1.27.4", "webhook: {clientCertificates: true}", "webhook/overlays/mutual-tls"),
    ADDRESSES(
        "1.27.4",
        "webhook: {apiServers: [192.0.2.1/32, 2001:db8::1/128]}",
        "webhook/overlays/api-servers-only"),
    OWN_PROFILE(
        "1.27.4",
        "webhook: {ownProfile: true}\nnodes: {enabled: true}",
        "webhook/overlays/own-profile"),
    NODES("1.27.4", "webhook: {enabled: false}\nnodes: {enabled: true}", "nodes"),
    DENIALS(
        "1.27.4",
        "webhook: {enabled: false}\nnodes: {enabled: true}\ndenials: {enabled: true}",
        "denials"),
    MONITORING(
        "1.27.4",
        "nodes: {enabled: true}\nmonitoring: {enabled: true}",
        "webhook/base",
        "nodes",
        "monitoring"),
    POLICIES_ONLY(
        "1.36.2", "webhook: {enabled: false}\npoliciesOnly: {enabled: true}", "policies-only");

    private final String server;
    private final String values;
    private final String names;

    Twin(String server, String values, String... directories) {
      this.server = server;
      this.values = values;
      this.names = String.join(" ", directories);
    }

    private List<String> directories() {
      return List.of(names.split(" ", -1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void chartAndKustomizeInstallTheSame(Twin twin) throws Exception {
    Path program = kustomize();
    Map<String, Object> expected = new TreeMap<>();
    for (String each : twin.directories()) {
      expected.putAll(objects(built(program, each)));
    }
    assertThat(rendered(twin.server, twin.values + "\nkeep: false\n")).isEqualTo(expected);
  }

  /// Where a directory is new, the chart must have it, too.
  @Test
  void everyDirectoryHasATwin() throws IOException {
    Set<String> twins =
        Stream.of(Twin.values())
            .flatMap(twin -> twin.directories().stream())
            .collect(Collectors.toCollection(HashSet::new));
    // With OWN_PROFILE.
    twins.add("profiles");
    // For agents that a service manager starts, which no chart installs.
    twins.add("recordings");
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      assertThat(
              files
                  .filter(file -> file.endsWith("kustomization.yaml"))
                  .map(file -> DEPLOY.relativize(file.getParent()).toString())
                  .filter(it -> !it.startsWith("webhook/components/")))
          .containsExactlyInAnyOrderElementsOf(twins);
    }
  }

  /// As docs/install.md says about 1.21, which no overlay is for.
  @Test
  void servers121GetTheRightToReadPods() throws Exception {
    Map<String, Object> expected = rendered("1.22.0", "");
    expected.putAll(
        objects(
            Files.readString(DEPLOY.resolve("webhook/overlays/kubernetes-1.20/old-servers.yaml"))));
    assertThat(rendered("1.21.14", "")).isEqualTo(expected);
  }

  @Test
  void whatIsDearStaysAfterARelease() throws Exception {
    String values = "nodes: {enabled: true}\n";
    Map<String, Object> kept = rendered("1.27.4", values);
    Map<String, Object> expected = rendered("1.27.4", values + "keep: false\n");
    for (String name :
        List.of(
            "CustomResourceDefinition  seccomppolicies.portcullis.dev",
            "CustomResourceDefinition  nodeprofiles.portcullis.dev",
            "Namespace  portcullis-profiles")) {
      below(expected, name, "metadata")
          .put("annotations", new TreeMap<>(Map.of("helm.sh/resource-policy", "\"keep\"")));
    }
    assertThat(kept).isEqualTo(expected);
  }

  /// Helm makes it before it takes the chart's objects, and would refuse it then.
  @Test
  void theNamespaceOfTheReleaseIsNotTheCharts() throws Exception {
    Map<String, Object> expected = rendered("1.27.4", "");
    assertThat(expected.remove("Namespace  portcullis")).isNotNull();
    assertThat(objects(taken("portcullis", "1.27.4", ""))).isEqualTo(expected);
  }

  /// As Helm makes it, it has no label, and the webhook would judge its own pods.
  @Test
  void theOldestServersWantAnotherNamespace() throws Exception {
    Answer answer = helm.template(CHART, "portcullis", "1.20.2", "");
    assertThat(answer.worked()).isFalse();
    assertThat(answer.said()).contains("install with --namespace default");
    assertThat(helm.template(CHART, "portcullis", "1.21.0", "").worked()).isTrue();
  }

  @Test
  void partsThatAreNotThereAreNotWatched() throws Exception {
    assertThat(rendered("1.27.4", "monitoring: {enabled: true}").keySet())
        .contains(
            "ServiceMonitor portcullis portcullis-webhook", "PrometheusRule portcullis portcullis")
        .noneMatch(it -> it.contains("PodMonitor"));
    Map<String, Object> nodes =
        rendered(
            "1.27.4",
            "webhook: {enabled: false}\nnodes: {enabled: true}\nmonitoring: {enabled: true}");
    assertThat(nodes.keySet())
        .contains("PodMonitor portcullis-nodes portcullis-node")
        .noneMatch(it -> it.startsWith("ServiceMonitor") || it.contains(" portcullis "));
    assertThat(below(nodes, "PrometheusRule portcullis-nodes portcullis").toString())
        .contains("PortcullisProofFailed")
        .doesNotContain("PortcullisWebhookUnavailable");
  }

  @Test
  void valuesOfOnesOwn() throws Exception {
    Map<String, Object> objects =
        rendered(
            "1.27.4",
            """
            image: {repository: registry.example.com:5000/a/portcullis, digest: sha256:%s, pullPolicy: Always}
            imagePullSecrets: [{name: registry}]
            webhook: {replicas: 3, mode: warn, options: [--grant-cache=30s], resources: {limits: {memory: 1Gi}}}
            nodes:
              enabled: true
              libseccomp: 2.5.4
              seccompDirectory: /data/kubelet/seccomp
              nodeSelector: {pool: small, kubernetes.io/os: windows}
            """
                .formatted("0123456789abcdef".repeat(4)));
    String image =
        "image=\"registry.example.com:5000/a/portcullis@sha256:%s\""
            .formatted("0123456789abcdef".repeat(4));
    assertThat(below(objects, "Deployment portcullis portcullis-webhook").toString())
        .contains(
            image,
            "imagePullPolicy=\"Always\"",
            "imagePullSecrets=[{name=\"registry\"}]",
            "replicas=3",
            "args=[\"webhook\", \"--profiles-namespace=portcullis-profiles\","
                + " \"--grant-cache=30s\", \"--mode=warn\"]",
            "resources={limits={memory=\"1Gi\"}}");
    assertThat(below(objects, "DaemonSet portcullis-nodes portcullis-node").toString())
        .contains(
            image,
            "imagePullSecrets=[{name=\"registry\"}]",
            "\"--seccomp-profile-root=/data/kubelet/seccomp\"",
            "\"--libseccomp=2.5.4\"]",
            "mountPath=\"/data/kubelet/seccomp\"",
            "hostPath={path=\"/data/kubelet/seccomp\", type=\"DirectoryOrCreate\"}",
            // Linux alone has seccomp.
            "nodeSelector={kubernetes.io/os=\"linux\", pool=\"small\"}")
        .doesNotContain("/var/lib/kubelet");
  }

  /// Its rights are those of its own DaemonSet only.
  @Test
  void denialsAreWatchedWhereTheyAreAskedFor() throws Exception {
    String nodes = "nodes: {enabled: true}\n";
    assertThat(rendered("1.27.4", nodes).keySet()).noneMatch(it -> it.contains("denials"));
    Map<String, Object> objects =
        rendered(
            "1.27.4", nodes + "denials: {enabled: true, runtimeSocket: /run/crio/crio.sock}\n");
    assertThat(below(objects, "DaemonSet portcullis-nodes portcullis-denials").toString())
        .contains(
            "--runtime-endpoint=unix:///run/crio/crio.sock",
            "mountPath=\"/run/crio/crio.sock\"",
            "path=\"/run/crio/crio.sock\"",
            "hostPID=true")
        .doesNotContain("/run/containerd");
    assertThat(objects)
        .containsAllEntriesOf(rendered("1.27.4", nodes))
        .hasSize(rendered("1.27.4", nodes).size() + 2);
  }

  @Test
  void policiesOfOnesOwnInPlaceOfTheCharts() throws Exception {
    String policy =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: mine}
        spec:
          validations: [{expression: "'{{ .Files }}' == '---'"}]
        """;
    Map<String, Object> objects =
        rendered(
            "1.36.2",
            "webhook: {enabled: false}\npoliciesOnly:\n  enabled: true\n  compiled: |\n"
                + (policy + "---\n" + policy.replace("mine", "another")).indent(4));
    assertThat(objects.keySet())
        .containsExactly("ValidatingAdmissionPolicy  another", "ValidatingAdmissionPolicy  mine");
    assertThat(objects.toString()).contains("expression=\"'{{ .Files }}' == '---'\"");
  }

  /// A value stays a value, whatever stands in it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\": {\"a\": \"b",
        "x' # - &a *a !!int",
        "x\\n  hostNetwork: true",
        "{{ .Release.Namespace }}",
        "x\\n---\\nkind: Pod"
      })
  void hostileValuesStayValues(String hostile) throws Exception {
    String quoted = "\"" + hostile.replace("\"", "\\\"") + "\"";
    String values =
        """
        webhook: {enabled: false}
        nodes: {enabled: true, nodeSelector: {pool: %s}}
        """;
    Map<String, Object> objects = rendered("1.27.4", values.formatted(quoted));
    Map<String, Object> harmless = rendered("1.27.4", values.formatted("harmless"));
    Map<String, Object> selector =
        below(
            harmless,
            "DaemonSet portcullis-nodes portcullis-node",
            "spec",
            "template",
            "spec",
            "nodeSelector");
    assertThat(selector.put("pool", "\"" + hostile.replace("\\n", "\n") + "\""))
        .isEqualTo("\"harmless\"");
    assertThat(objects).isEqualTo(harmless);
  }

  /// Each with a part of what Helm says.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook: {mode: 'off'} | webhook/mode",
        "webhook: {mode: permissive} | webhook/mode",
        "webhok: {} | webhok",
        "webhook: {replica: 1} | replica",
        "webhook: {replicas: 0} | webhook/replicas",
        "webhook: {replicas: '2'} | webhook/replicas",
        "webhook: {enabled: 'yes'} | webhook/enabled",
        "webhook: {options: [--mode=off]} | webhook/options/0",
        "webhook: {options: [mode]} | webhook/options/0",
        "webhook: {options: [\"--listen=:1\\n- --mode=off\"]} | webhook/options/0",
        "webhook: {apiServers: [192.0.2.1]} | webhook/apiServers/0",
        "webhook: {resources: {limits: {memory: 1 Gi}}} | webhook/resources/limits/memory",
        "webhook: {resources: {claims: []}} | claims",
        "image: {tag: 'a b'} | image/tag",
        "image: {repository: 'a/b@sha256:c'} | image/repository",
        "image: {repository: \"a\\nb\"} | image/repository",
        "image: {digest: sha256:12} | image/digest",
        "imagePullSecrets: [a] | imagePullSecrets/0",
        "nodes: {seccompDirectory: ../seccomp} | nodes/seccompDirectory",
        "nodes: {seccompDirectory: /var/../etc} | nodes/seccompDirectory",
        "nodes: {libseccomp: 2.5} | nodes/libseccomp",
        "denials: {runtimeSocket: ../crio.sock} | denials/runtimeSocket",
        "denials: {enabled: true} | denials.enabled needs nodes.enabled",
        "keep: maybe | keep",
        "policiesOnly: {enabled: true} | needs Kubernetes 1.36 or newer",
        "monitoring: {enabled: true} | neither is enabled",
      })
  void wrongValuesAreRefused(String each) throws Exception {
    String[] parts = each.split(" \\| ", -1);
    boolean late =
        Stream.of("policiesOnly", "monitoring", "denials: {enabled").anyMatch(parts[0]::startsWith);
    String values = (late ? "webhook: {enabled: false}\n" : "") + parts[0];
    Answer answer = helm.template(CHART, "default", "1.27.4", values);
    assertThat(answer.worked()).as(answer.said()).isFalse();
    assertThat(answer.said()).contains(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}",
        "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n",
        "- a",
        "a: {{b}}",
        "just a text"
      })
  void compiledPoliciesAreNothingElse(String compiled) throws Exception {
    Answer answer =
        helm.template(
            CHART,
            "default",
            "1.36.2",
            "policiesOnly:\n  enabled: true\n  compiled: |\n" + compiled.indent(4));
    assertThat(answer.worked()).as(answer.said()).isFalse();
    assertThat(answer.said()).contains("policiesOnly.compiled");
  }

  @Test
  void oldServersAreRefused() throws Exception {
    Answer answer = helm.template(CHART, "default", "1.19.16", "");
    assertThat(answer.worked()).isFalse();
    assertThat(answer.said()).contains("incompatible");
  }

  @Test
  void lintFindsNothing() throws Exception {
    Answer answer = helm.lint(CHART);
    assertThat(answer.worked()).as(answer.said()).isTrue();
    assertThat(answer.said()).doesNotContain("WARNING", "ERROR");
  }

  /// Of links there is nothing left in it: what they lead to is.
  @Test
  void theArchiveIsTheChart() throws Exception {
    assertThat(helm.archive(CHART, directory).worked()).isTrue();
    Path archive = directory.resolve("portcullis-" + DeployTest.version() + ".tgz");
    String values = "nodes: {enabled: true}\nmonitoring: {enabled: true}\n";
    Answer answer = helm.template(archive, "default", "1.30.0", values);
    assertThat(answer.worked()).as(answer.said()).isTrue();
    assertThat(objects(answer.said())).isEqualTo(rendered("1.30.0", values));
  }

  @Test
  void versionsAreTheProjects() throws IOException {
    Tree chart = Tree.all(CHART.resolve("Chart.yaml")).getFirst();
    String version = DeployTest.version();
    assertThat(chart.text("version")).isEqualTo(version);
    assertThat(chart.text("appVersion")).isEqualTo(version);
    assertThat(chart.at("annotations").text("artifacthub.io/images"))
        .contains("image: localhost/portcullis/portcullis:" + version + "\n");
    assertThat(chart.at("annotations").text("artifacthub.io/crdsExamples"))
        .contains("kind: SeccompPolicy\n");
  }

  /// The README, the defaults and the schema know the same values, and the schema explains each.
  @Test
  void everyValueIsExplained() throws IOException {
    Tree schema = Tree.of(Files.readAllBytes(CHART.resolve("values.schema.json")));
    List<String> names = new ArrayList<>();
    values("", schema, names);
    Map<String, Object> defaults = new TreeMap<>();
    flatten("", plain(Tree.all(CHART.resolve("values.yaml")).getFirst().mapping()), defaults);
    assertThat(names).containsExactlyInAnyOrderElementsOf(defaults.keySet());
    Map<String, Object> table = new TreeMap<>();
    Pattern row = Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\| `([^`]*)` \\| .+ \\|$");
    row.matcher(Files.readString(CHART.resolve("README.md")))
        .results()
        .forEach(it -> table.put(it.group(1), it.group(2)));
    defaults.replaceAll((_, value) -> value.toString());
    assertThat(table).isEqualTo(defaults);
  }

  /// The names of values that have no others below them.
  private static void values(String prefix, Tree schema, List<String> names) {
    Tree properties = schema.at("properties");
    assertThat(schema.text("additionalProperties")).as(prefix).isEqualTo("false");
    for (String key : properties.keys()) {
      Tree property = properties.at(key);
      assertThat(property.has("description") || property.has("$ref")).as(prefix + key).isTrue();
      if (property.has("properties")) {
        values(prefix + key + ".", property, names);
      } else if (!key.equals("global")) {
        names.add(prefix + key);
      }
    }
  }

  private static void flatten(String prefix, Object value, Map<String, Object> into) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach(
          (key, below) -> flatten(prefix + (prefix.isEmpty() ? "" : ".") + key, below, into));
    } else {
      into.put(prefix, value);
    }
  }

  private static Map<String, Object> rendered(String server, String values) throws IOException {
    return objects(taken("default", server, values));
  }

  private static String taken(String namespace, String server, String values) throws IOException {
    Answer answer = helm.template(CHART, namespace, server, values);
    assertThat(answer.worked()).as(answer.said()).isTrue();
    return answer.said();
  }

  private static Path kustomize() throws IOException {
    if (kustomize == null) {
      kustomize = DebianSid.programs().resolve("kustomize");
    }
    return kustomize;
  }

  private static String built(Path program, String each) throws Exception {
    Path errors = Files.createTempFile(directory, "kustomize", ".txt");
    Process process =
        new ProcessBuilder(program.toString(), "build", DEPLOY.resolve(each).toString())
            .redirectError(errors.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return out;
  }

  /// Each object by its kind, its namespace and its name. No two have the same.
  private static Map<String, Object> objects(String manifests) {
    Map<String, Object> objects = new TreeMap<>();
    for (Tree object : Tree.all(manifests.getBytes(UTF_8))) {
      Tree metadata = object.at("metadata");
      String name =
          String.join(
              " ",
              object.text("kind"),
              metadata.has("namespace") ? metadata.text("namespace") : "",
              metadata.text("name"));
      assertThat(objects.put(name, plain(object.mapping()))).as(name).isNull();
    }
    return objects;
  }

  /// What a value says, whatever the order of its keys; strings in quotes.
  private static Object plain(Value value) {
    return switch (value) {
      case Mapping mapping -> {
        Map<String, Object> entries = new TreeMap<>();
        mapping.entries().forEach((key, entry) -> entries.put(key, plain(entry.value())));
        yield entries;
      }
      case Sequence sequence -> sequence.items().stream().map(HelmChartTest::plain).toList();
      case Value.Text(_, String text) -> "\"" + text + "\"";
      case Value.Numeral(_, String literal) -> literal;
      case Value.Truth(_, boolean truth) -> String.valueOf(truth);
      case Value.Null _ -> "null";
    };
  }

  /// The object under some keys, one below the other.
  @SuppressWarnings("unchecked") // made by `plain`
  private static Map<String, Object> below(Map<String, Object> object, String... keys) {
    Map<String, Object> at = object;
    for (String key : keys) {
      at = (Map<String, Object>) requireNonNull(at.get(key), key);
    }
    return at;
  }
}

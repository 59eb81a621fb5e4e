package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.Cache;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in deploy/, without a cluster: what is in it, what it may do, and what it refuses.
class DeployTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final Path BASE = DEPLOY.resolve("webhook/base");
  private static final Path OVERLAYS = DEPLOY.resolve("webhook/overlays");

  /// The files that a kustomization names.
  private static List<Path> files(Path at) throws IOException {
    return Tree.all(at.resolve("kustomization.yaml")).getFirst().texts("resources").stream()
        .map(at::resolve)
        .map(Path::normalize)
        .toList();
  }

  private static List<Tree> objects() throws IOException {
    List<Tree> objects = new ArrayList<>();
    for (Path file : files(BASE)) {
      objects.addAll(Tree.all(file));
    }
    return objects;
  }

  private static Tree object(String kind, String name) throws IOException {
    List<Tree> found =
        objects().stream().filter(it -> called(it).equals(kind + " " + name)).toList();
    assertThat(found).as(kind + " " + name).hasSize(1);
    return found.getFirst();
  }

  private static String called(Tree object) {
    return object.text("kind") + " " + object.at("metadata").text("name");
  }

  private static Tree podSpec() throws IOException {
    return object("Deployment", "portcullis-webhook").at("spec", "template", "spec");
  }

  @Test
  void whatIsInstalled() throws IOException {
    assertThat(objects().stream().map(DeployTest::called))
        .containsExactlyInAnyOrder(
            "Namespace portcullis",
            "CustomResourceDefinition seccomppolicies.portcullis.dev",
            "PriorityClass portcullis",
            "ServiceAccount portcullis-webhook",
            "ClusterRole portcullis-webhook",
            "ClusterRoleBinding portcullis-webhook",
            "Role portcullis-webhook",
            "RoleBinding portcullis-webhook",
            "ClusterRole portcullis-policy-editor",
            "ClusterRole portcullis-policy-viewer",
            "Secret portcullis-webhook-tls",
            "Service portcullis-webhook",
            "Deployment portcullis-webhook",
            "NetworkPolicy portcullis-webhook",
            "PodDisruptionBudget portcullis-webhook",
            "MutatingWebhookConfiguration portcullis",
            "ValidatingWebhookConfiguration portcullis");
    for (Tree object : objects()) {
      assertThat(object.at("metadata", "labels").text("app.kubernetes.io/name"))
          .as(called(object))
          .isEqualTo("portcullis");
      if (object.at("metadata").has("namespace")) {
        assertThat(object.at("metadata").text("namespace")).isEqualTo("portcullis");
      }
    }
  }

  @Test
  void theListOfFilesIsComplete() throws IOException {
    try (Stream<Path> there = Files.list(BASE)) {
      assertThat(files(BASE))
          .containsExactlyInAnyOrderElementsOf(
              there.filter(file -> !file.endsWith("kustomization.yaml")).toList());
    }
  }

  /// What old servers do not know stands in no file that they get.
  @Test
  void matchConditionsAreForNewServersAlone() throws IOException {
    for (String webhooks : List.of("mutating-webhook.yaml", "validating-webhook.yaml")) {
      assertThat(BASE.resolve(webhooks)).content().doesNotContain("matchConditions");
    }
    Tree overlay = Tree.all(OVERLAYS.resolve("match-conditions/kustomization.yaml")).getFirst();
    assertThat(overlay.texts("resources")).containsExactly("../../base");
    assertThat(overlay.objects("patches").stream().map(patch -> patch.text("path")))
        .containsExactly("mutating-webhook.yaml", "validating-webhook.yaml");
    for (String patch : List.of("mutating-webhook.yaml", "validating-webhook.yaml")) {
      Tree patched = Tree.all(OVERLAYS.resolve("match-conditions").resolve(patch)).getFirst();
      assertThat(patched.objects("webhooks").stream().map(it -> it.text("name") + " " + it.keys()))
          .containsExactlyElementsOf(
              object(patched.text("kind"), "portcullis").objects("webhooks").stream()
                  .map(it -> it.text("name") + " [name, matchConditions]")
                  .toList());
    }
  }

  /// Applied as it is, it lets nobody in; who forgets to fill it in must not let everybody in.
  @Test
  void apiServersAloneByAddress() throws IOException {
    Tree policy = Tree.all(OVERLAYS.resolve("api-servers-only/network-policy.yaml")).getFirst();
    assertThat(called(policy)).isEqualTo("NetworkPolicy portcullis-webhook");
    assertThat(policy.at("spec").objects("ingress")).hasSize(1);
    Tree rule = policy.at("spec").objects("ingress").getFirst();
    assertThat(rule.objects("from").stream().map(it -> it.at("ipBlock").text("cidr")))
        .isNotEmpty()
        .allMatch(cidr -> cidr.equals("192.0.2.1/32") || cidr.equals("2001:db8::1/128"));
    assertThat(rule.objects("ports").stream().map(it -> it.text("port"))).containsExactly("8443");
    assertThat(OVERLAYS.resolve("api-servers-only/network-policy.yaml"))
        .content()
        .contains("FILL IN");
    assertThat(Path.of("docs/hardening.md"))
        .content()
        .contains(
            "deploy/webhook/overlays/api-servers-only",
            "The addresses in the file are placeholders");
  }

  @Test
  void apiServersAloneByCertificate() throws IOException {
    assertThat(OVERLAYS.resolve("mutual-tls/deployment.yaml"))
        .content()
        .contains(
            "--client-ca-file=/etc/portcullis/clients/ca.crt",
            "mountPath: /etc/portcullis/clients",
            "secretName: portcullis-webhook-clients");
    // What the patch adds would stand in the place of what there is.
    assertThat(podSpec().has("volumes")).isFalse();
    assertThat(podSpec().objects("containers").getFirst().has("volumeMounts")).isFalse();
    assertThat(Path.of("docs/hardening.md"))
        .content()
        .contains(
            "create secret generic portcullis-webhook-clients -n portcullis --from-file=ca.crt=",
            "deploy/webhook/overlays/mutual-tls",
            "name: " + WebhookProcess.DNS_NAME);
  }

  /// What runs with them is tested in NodeWatchTest.
  @Test
  void whatCountsDenialsHasTheRightsOfItsPurpose() throws IOException {
    Tree pod =
        Tree.all(DEPLOY.resolve("denials/daemon-set.yaml"))
            .getFirst()
            .at("spec", "template", "spec");
    assertThat(pod.text("hostPID")).isEqualTo("true");
    assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
    assertThat(pod.keys()).doesNotContain("hostNetwork", "hostIPC");
    Tree rights = pod.objects("containers").getFirst().at("securityContext");
    assertThat(rights.keys()).doesNotContain("privileged");
    assertThat(rights.text("allowPrivilegeEscalation")).isEqualTo("false");
    assertThat(rights.text("readOnlyRootFilesystem")).isEqualTo("true");
    assertThat(rights.at("capabilities").texts("drop")).containsExactly("ALL");
    assertThat(rights.at("capabilities").texts("add")).containsExactly("SYS_ADMIN", "SYS_PTRACE");
    assertThat(pod.objects("volumes").stream().map(it -> it.at("hostPath").text("path")))
        .containsExactly("/run/containerd/containerd.sock", "/run/portcullis");
    // Nobody may do anything with its account.
    assertThat(Files.readString(DEPLOY.resolve("denials/kustomization.yaml")))
        .doesNotContain("rbac");
    assertThat(
            Tree.all(DEPLOY.resolve("nodes/rbac.yaml")).stream().map(it -> it.mapping().toString()))
        .noneMatch(it -> it.contains("portcullis-denials"));
  }

  /// So that `kubectl explain` answers.
  @ParameterizedTest
  @ValueSource(strings = {"webhook/base/crd.yaml", "nodes/crd.yaml"})
  void everyFieldIsExplained(String file) throws IOException {
    Tree definition = Tree.all(DEPLOY.resolve(file)).getFirst();
    for (Tree version : definition.at("spec").objects("versions")) {
      assertThat(unexplained("", version.at("schema", "openAPIV3Schema"))).isEmpty();
    }
  }

  /// The fields without a description. The API server has one of its own for `metadata`.
  private static List<String> unexplained(String path, Tree schema) {
    List<String> found = new ArrayList<>();
    if (!schema.has("description") && !path.equals(".metadata")) {
      found.add(path);
    }
    if (schema.has("properties")) {
      Tree properties = schema.at("properties");
      for (String key : properties.mapping().entries().keySet()) {
        found.addAll(unexplained(path + "." + key, properties.at(key)));
      }
    }
    // An entry of a list of plain values is explained with the list.
    if (schema.has("items") && schema.at("items").has("properties")) {
      found.addAll(unexplained(path + "[]", schema.at("items")));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "monitoring",
        "nodes",
        "profiles",
        "webhook/base",
        "webhook/overlays/kubernetes-1.20"
      })
  void oldAndNewKubectlUnderstandTheSame(String directory) throws Exception {
    assertThat(objects(built(DebianSid.programs().resolve("kustomize"), "build", directory)))
        .isEqualTo(objects(built(oldKubectl(), "kustomize", directory)));
  }

  /// What newer `kubectl` alone understands. Every overlay is in this test or in the one before.
  @Test
  void overlaysBuild() throws Exception {
    Map<String, List<String>> parts =
        Map.of(
            "api-servers-only",
            List.of("cidr: 192.0.2.1/32"),
            "audit",
            List.of(
                "- webhook\n        - --profiles-namespace=portcullis-profiles\n"
                    + "        - --mode=audit\n"),
            "kubernetes-1.30",
            List.of(
                "policyName: portcullis-webhook-account",
                "policyName: portcullis-node-account",
                "name: may-change-what-is-judged"),
            "match-conditions",
            List.of("name: may-change-what-is-judged"),
            "mutual-tls",
            List.of(
                "- webhook\n        - --profiles-namespace=portcullis-profiles\n"
                    + "        - --client-ca-file=/etc/portcullis/clients/ca.crt\n",
                "secretName: portcullis-webhook-clients"),
            "own-profile",
            List.of("localhostProfile: portcullis/webhook.json", "kind: DaemonSet"),
            "warn",
            List.of(
                "- webhook\n        - --profiles-namespace=portcullis-profiles\n"
                    + "        - --mode=warn\n"));
    try (Stream<Path> there = Files.list(OVERLAYS)) {
      assertThat(there.map(it -> it.getFileName().toString()))
          .containsAll(parts.keySet())
          .contains("kubernetes-1.20")
          .hasSize(parts.size() + 1);
    }
    Path kustomize = DebianSid.programs().resolve("kustomize");
    for (Map.Entry<String, List<String>> overlay : parts.entrySet()) {
      String out = built(kustomize, "build", "webhook/overlays/" + overlay.getKey());
      assertThat(out).contains(overlay.getValue()).containsOnlyOnce("- port: 8443");
    }
  }

  /// Of an overlay of one's own that has another one, as docs/install.md shows.
  @ParameterizedTest
  @ValueSource(strings = {"audit", "warn"})
  void aModeGoesWithOtherOverlays(String mode) throws Exception {
    Path mine =
        Files.createDirectories(Path.of("modules/e2e/target/deploy-mode-" + mode).toAbsolutePath());
    Path webhook = mine.relativize(DEPLOY.toAbsolutePath().normalize().resolve("webhook"));
    Files.writeString(
        mine.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%1$s/overlays/match-conditions]
        components: [%1$s/components/%2$s]
        """
            .formatted(webhook, mode));
    assertThat(built(DebianSid.programs().resolve("kustomize"), "build", mine.toString()))
        .contains("- --mode=" + mode + "\n", "name: may-change-what-is-judged");
  }

  /// What a server leaves out or fills in would be another object to each `kubectl apply`: a false
  /// that it does not keep; in a list without keys a field that it sets; a strategy without a type.
  @Test
  void aSecondApplyHasNothingToChange() throws IOException {
    assertThat(object("PriorityClass", "portcullis").has("globalDefault")).isFalse();
    assertThat(object("Deployment", "portcullis-webhook").at("spec", "strategy").text("type"))
        .isEqualTo("RollingUpdate");
    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      for (Tree webhook : object(kind, "portcullis").objects("webhooks")) {
        assertThat(webhook.objects("rules")).allMatch(rule -> rule.has("scope"));
      }
    }
    List<Tree> policies = new ArrayList<>();
    try (Stream<Path> files = Files.list(OVERLAYS.resolve("kubernetes-1.30"))) {
      for (Path file : files.sorted().toList()) {
        policies.addAll(
            Tree.all(file).stream()
                .filter(it -> it.text("kind").equals("ValidatingAdmissionPolicy"))
                .toList());
      }
    }
    assertThat(policies).hasSize(3);
    for (Tree policy : policies) {
      assertThat(policy.at("spec", "matchConstraints").objects("resourceRules"))
          .allMatch(rule -> rule.has("scope"));
    }
  }

  /// The budget is of another version, and nothing of it is another.
  @Test
  void oldServersGetTheSameBudget() throws Exception {
    String old = built(oldKubectl(), "kustomize", "webhook/overlays/kubernetes-1.20");
    assertThat(budget(old))
        .startsWith("apiVersion: policy/v1beta1\n")
        .isEqualTo(
            budget(built(oldKubectl(), "kustomize", "webhook/base"))
                .replace("policy/v1\n", "policy/v1beta1\n"));
  }

  private static String budget(String objects) {
    List<String> found =
        Stream.of(objects.split("---\n", -1))
            .filter(it -> it.contains("kind: PodDisruptionBudget"))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /// Of 1.20, which has kustomize 2.0.3.
  private static Path oldKubectl() {
    Path kubectl = Cache.directory(System.getenv()).resolve("kubernetes-1.20.2/kubectl");
    assumeTrue(Files.exists(kubectl), "no kubectl of Kubernetes 1.20: tools/kubernetes builds it");
    return kubectl;
  }

  private static String built(Path program, String verb, String directory) throws Exception {
    Path errors = Files.createTempFile("kustomize", ".txt");
    Process process =
        new ProcessBuilder(program.toString(), verb, DEPLOY.resolve(directory).toString())
            .redirectError(errors.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    assertThat(code).as(Files.readString(errors)).isZero();
    Files.delete(errors);
    return out;
  }

  /// Each object, whatever their order.
  private static List<String> objects(String objects) {
    return Stream.of(objects.split("---\n", -1)).sorted().toList();
  }

  @Test
  void everythingFindsTheWebhook() throws IOException {
    Tree labels =
        object("Deployment", "portcullis-webhook").at("spec", "template", "metadata", "labels");
    for (Tree selector :
        List.of(
            object("Deployment", "portcullis-webhook").at("spec", "selector", "matchLabels"),
            object("Service", "portcullis-webhook").at("spec", "selector"),
            object("PodDisruptionBudget", "portcullis-webhook")
                .at("spec", "selector", "matchLabels"),
            object("NetworkPolicy", "portcullis-webhook")
                .at("spec", "podSelector", "matchLabels"))) {
      assertThat(selector.keys()).containsExactlyElementsOf(labels.keys());
      for (String key : labels.keys()) {
        assertThat(selector.text(key)).isEqualTo(labels.text(key));
      }
    }
  }

  /// The level "restricted" of Kubernetes' Pod Security Standards, and what goes beyond it.
  @Test
  void noMoreRightsThanRestricted() throws IOException {
    Tree spec = podSpec();
    for (String field : List.of("hostNetwork", "hostPID", "hostIPC", "volumes", "initContainers")) {
      assertThat(spec.has(field)).as(field).isFalse();
    }
    Tree pod = spec.at("securityContext");
    assertThat(pod.text("runAsNonRoot")).isEqualTo("true");
    assertThat(pod.text("runAsUser")).isEqualTo("65532");
    assertThat(pod.at("seccompProfile").text("type")).isEqualTo("RuntimeDefault");
    assertThat(spec.objects("containers")).hasSize(1);
    Tree container = spec.objects("containers").getFirst();
    assertThat(container.text("image")).isEqualTo("localhost/portcullis/portcullis:" + version());
    Tree context = container.at("securityContext");
    assertThat(context.text("allowPrivilegeEscalation")).isEqualTo("false");
    assertThat(context.text("readOnlyRootFilesystem")).isEqualTo("true");
    assertThat(context.at("capabilities").texts("drop")).containsExactly("ALL");
    assertThat(context.at("capabilities").keys()).containsExactly("drop");
    for (Tree port : container.objects("ports")) {
      assertThat(port.has("hostPort")).isFalse();
    }
    Tree labels = object("Namespace", "portcullis").at("metadata", "labels");
    for (String mode : List.of("enforce", "audit", "warn")) {
      assertThat(labels.text("pod-security.kubernetes.io/" + mode)).isEqualTo("restricted");
    }
  }

  static String version() throws IOException {
    var matcher =
        Pattern.compile("(?m)^  <version>(.*)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void whatTheWebhookMayDo() throws IOException {
    assertThat(rules("ClusterRole"))
        .containsExactlyInAnyOrder(
            "portcullis.dev seccomppolicies: get list watch",
            "portcullis.dev seccomppolicies/status: update patch",
            "portcullis.dev nodeprofiles: list watch",
            "policy podsecuritypolicies: get list watch",
            "authorization.k8s.io subjectaccessreviews: create",
            " namespaces: get list watch",
            "admissionregistration.k8s.io mutatingwebhookconfigurations"
                + " validatingwebhookconfigurations named portcullis: get list watch patch");
    assertThat(rules("Role"))
        .containsExactly(" secrets named portcullis-webhook-tls: get list watch update patch");
    for (String kind : List.of("ClusterRole", "Role")) {
      Tree binding = object(kind + "Binding", "portcullis-webhook");
      assertThat(binding.at("roleRef").text("kind")).isEqualTo(kind);
      assertThat(
              binding.objects("subjects").stream()
                  .map(it -> it.text("kind") + " " + it.text("namespace") + " " + it.text("name")))
          .containsExactly("ServiceAccount portcullis portcullis-webhook");
    }
    // No other binding gives anybody anything.
    assertThat(objects().stream().filter(it -> it.text("kind").endsWith("Binding"))).hasSize(2);
  }

  private static List<String> rules(String kind) throws IOException {
    return object(kind, "portcullis-webhook").objects("rules").stream()
        .map(rule ->
            String.join(" ", rule.texts("apiGroups"))
                + " "
                + String.join(" ", rule.texts("resources"))
                + (rule.has("resourceNames")
                    ? " named " + String.join(" ", rule.texts("resourceNames"))
                    : "")
                + ": "
                + String.join(" ", rule.texts("verbs")))
        .toList();
  }

  @Test
  void anOutageClosesAllButTheOwnNamespaces() throws IOException {
    List<Tree> webhooks =
        new ArrayList<>(object("MutatingWebhookConfiguration", "portcullis").objects("webhooks"));
    webhooks.addAll(object("ValidatingWebhookConfiguration", "portcullis").objects("webhooks"));
    assertThat(webhooks.stream().map(it -> it.text("name") + " " + it.text("failurePolicy")))
        .containsExactly(
            "mutate.portcullis.dev Fail",
            "validate.portcullis.dev Fail",
            "metadata.portcullis.dev Fail",
            "templates.portcullis.dev Ignore",
            "profiles.portcullis.dev Fail");
    // It is asked of labelled ConfigMaps alone, and in the namespace whose mode is off.
    Tree profiles = webhooks.removeLast();
    assertThat(profiles.has("namespaceSelector")).isFalse();
    assertThat(profiles.at("objectSelector", "matchLabels").keys())
        .containsExactly("portcullis.dev/seccomp-profiles");
    assertThat(profiles.at("clientConfig").has("caBundle")).isFalse();
    for (Tree webhook : webhooks) {
      assertThat(webhook.text("sideEffects")).isEqualTo("None");
      assertThat(webhook.text("matchPolicy")).isEqualTo("Equivalent");
      assertThat(webhook.texts("admissionReviewVersions")).containsExactly("v1");
      // What is applied here is what a second apply would put back.
      assertThat(webhook.at("clientConfig").has("caBundle")).isFalse();
      assertThat(webhook.at("namespaceSelector").keys()).containsExactly("matchExpressions");
      assertThat(
              webhook.at("namespaceSelector").objects("matchExpressions").stream()
                  .map(it -> it.text("key") + " " + it.text("operator") + " " + it.texts("values")))
          .containsExactly(
              "kubernetes.io/metadata.name NotIn [kube-system, portcullis]",
              "portcullis.dev/mode NotIn [off]");
    }
    assertThat(object("Secret", "portcullis-webhook-tls").keys())
        .containsExactly("apiVersion", "kind", "metadata", "type");
  }

  private static Tree specSchema() throws IOException {
    return object("CustomResourceDefinition", "seccomppolicies.portcullis.dev")
        .at("spec")
        .objects("versions")
        .getFirst()
        .at("schema", "openAPIV3Schema", "properties", "spec", "properties");
  }

  /// The API server and the reader of policies take the same entries.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "runtime/default",
        "docker/default",
        "unconfined",
        "localhost/a",
        "localhost/a/b.json",
        "localhost/*",
        "localhost/a/*",
        "localhost/a/b/*",
        "localhost/a//*",
        "localhost/./*",
        "localhost/.a",
        "localhost/..a",
        "localhost/a..",
        "localhost/...",
        "localhost/.",
        "localhost/a//b",
        "localhost/a/",
        "localhost/a/.",
        "localhost/a b",
        "localhost/\\..\\a",
        "localhost/ä",
        "localhost/a,b",
        "localhost/a\nb",
        "localhost/a/..b",
        "localhost/a/.b/c",
        "localhost/..a/*",
        "",
        " ",
        "bogus",
        "**",
        "*a",
        "runtime/*",
        "runtime/default ",
        " unconfined",
        "Unconfined",
        "unconfined/*",
        "docker/*",
        "localhost",
        "localhost/",
        "localhost//",
        "localhost//a",
        "localhost//*",
        "localhost/..",
        "localhost/../a",
        "localhost/a/..",
        "localhost/a/../b",
        "localhost/../*",
        "localhost/a/../*",
        "localhost/a*",
        "localhost/*a",
        "localhost/*/b",
        "localhost/a/**",
        "localhost/*/*",
        "localhost/a*b/*",
        "Localhost/a",
        "localhost/a/..\n",
        "runtime/default\n",
        "*\n",
        "localhost/*\n"
      })
  void theSchemaRefusesWhatTheReaderRefuses(String entry) throws IOException {
    Tree properties = specSchema();
    assertThat(matches(properties.at("allowedProfiles", "items"), entry))
        .as("allowedProfiles")
        .isEqualTo(usable("allowedProfiles: [%s]", entry));
    assertThat(matches(properties.at("defaultProfile"), entry))
        .as("defaultProfile")
        .isEqualTo(usable("defaultProfile: %s", entry));
    assertThat(properties.at("stricterThan", "items").text("pattern"))
        .isEqualTo(properties.at("defaultProfile").text("pattern"));
  }

  private static boolean matches(Tree schema, String text) {
    // Go's `$` is the end of the text; that of Java is also before a last line's end.
    String pattern = schema.text("pattern");
    assertThat(pattern).startsWith("^(").endsWith(")$");
    return Pattern.matches(pattern.substring(1, pattern.length() - 1), text);
  }

  private static boolean usable(String field, String entry) {
    String quoted = "\"" + entry.replace("\\", "\\\\").replace("\n", "\\n") + "\"";
    Tree policy =
        Tree.of(
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata: {name: p}
            spec: {%s}
            """
                .formatted(field.formatted(quoted))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return PolicyReader.read(
            new KubernetesObject("portcullis.dev/v1alpha1", "SeccompPolicy", policy.mapping()))
        instanceof PolicyReader.Usable;
  }

  @Test
  void theSchemaKnowsTheFieldsOfTheReader() throws IOException {
    assertThat(specSchema().keys())
        .containsExactly("allowedProfiles", "stricterThan", "defaultProfile");
  }

  /// What a program needs that makes files, or other processes than its like, or leaves its place,
  /// is not allowed.
  @Test
  void theOwnProfileAllowsNoMoreThanItMust() throws IOException {
    Tree profile = Tree.of(Files.readAllBytes(DEPLOY.resolve("profiles/portcullis-webhook.json")));
    assertThat(profile.text("defaultAction")).isEqualTo("SCMP_ACT_ERRNO");
    List<String> anyhow = new ArrayList<>();
    List<String> dependent = new ArrayList<>();
    for (Tree rule : profile.objects("syscalls")) {
      if (rule.text("action").equals("SCMP_ACT_ALLOW")) {
        (rule.has("args") ? dependent : anyhow).addAll(rule.texts("names"));
      }
    }
    assertThat(dependent).containsOnly("socket", "ioctl", "prctl", "clone", "kill");
    assertThat(anyhow)
        .contains("execve", "mmap", "futex", "epoll_wait", "accept")
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(dependent)
        .doesNotContain(
            "bpf",
            "chmod",
            "chroot",
            "clone3",
            "execveat",
            "fork",
            "io_uring_setup",
            "keyctl",
            "mkdir",
            "mkdirat",
            "mount",
            "open_by_handle_at",
            "pivot_root",
            "process_vm_readv",
            "ptrace",
            "rename",
            "setns",
            "setuid",
            "symlink",
            "truncate",
            "unlink",
            "unlinkat",
            "unshare",
            "userfaultfd",
            "vfork");
  }
}

package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.MatchConditions.objects;
import static dev.portcullis.admission.ruling.MatchConditions.text;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.runtime.CelRuntime;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The policies of `deploy/webhook/overlays/kubernetes-1.30`: what accounts of Portcullis can no
/// longer do.
class AdmissionPoliciesTest {
  private static final Path OVERLAY = Path.of("deploy/webhook/overlays/kubernetes-1.30");
  private static final Path BASE = Path.of("deploy/webhook/base");
  private static final String WEBHOOK = "system:serviceaccount:portcullis:portcullis-webhook";
  private static final String NODE = "system:serviceaccount:portcullis-nodes:portcullis-node";
  private static final String NODE_NAME = "authentication.kubernetes.io/node-name";

  /// Whether an API server with a policy lets a request pass.
  private static boolean allows(String file, AdmissionRequest request) throws IOException {
    return allows(file, request, Set.of());
  }

  private static boolean allows(String file, AdmissionRequest request, Set<String> granted)
      throws IOException {
    Mapping policy = MatchConditions.document(OVERLAY.resolve(file));
    Mapping spec = (Mapping) Objects.requireNonNull(policy.present("spec"));
    return !expressions(spec, "matchConditions").ask(request)
        || expressions(spec, "validations").ask(request, granted);
  }

  private static MatchConditions expressions(Mapping spec, String member) {
    Map<String, CelRuntime.Program> byName = new LinkedHashMap<>();
    for (Mapping each : objects(spec, member)) {
      String expression = text(each, "expression");
      byName.put(expression, MatchConditions.program(expression));
    }
    assertThat(byName).isNotEmpty();
    return new MatchConditions(byName);
  }

  private static AdmissionRequest request(
      String resource,
      Operation operation,
      User user,
      @Nullable Mapping object,
      @Nullable Mapping old) {
    return new AdmissionRequest(
        "u", resource, "", "v1", "K", "", "portcullis", operation, user, object, old);
  }

  private static User account(String name) {
    return new User(name, Set.of(), Map.of());
  }

  private static boolean mayChange(String user, String old, String now) throws IOException {
    return allows(
        "webhook-account.yaml",
        request(
            "validatingwebhookconfigurations",
            Operation.UPDATE,
            account(user),
            yaml(now),
            yaml(old)));
  }

  /// What stands behind the arrow takes the place of the first of what stands before it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "validating-webhook.yaml > resources: [\"pods\"] > resources: [\"*\"]",
        "validating-webhook.yaml > operations: [\"CREATE\", \"UPDATE\"] > operations: [\"*\"]",
        "validating-webhook.yaml > apiGroups: [\"\"] > apiGroups: [\"*\"]",
        "validating-webhook.yaml > failurePolicy: Fail > failurePolicy: Ignore",
        "validating-webhook.yaml > matchPolicy: Equivalent > matchPolicy: Exact",
        "validating-webhook.yaml > values: [\"off\"] > values: [\"off\", \"warn\"]",
        "validating-webhook.yaml > portcullis.dev/seccomp-profiles: > other:",
        "validating-webhook.yaml > sideEffects: None > sideEffects: NoneOnDryRun",
        "validating-webhook.yaml > timeoutSeconds: 5 > timeoutSeconds: 30",
        "validating-webhook.yaml > admissionReviewVersions: [\"v1\"] > admissionReviewVersions: [\"v1beta1\"]",
        "validating-webhook.yaml > name: validate.portcullis.dev > name: other.portcullis.dev",
        "validating-webhook.yaml > path: /validate > path: /templates",
        "validating-webhook.yaml > name: portcullis-webhook > name: other",
        "validating-webhook.yaml > app.kubernetes.io/name: portcullis > app.kubernetes.io/name: x",
        "validating-webhook.yaml > timeoutSeconds: 5 > {timeoutSeconds: 5, matchConditions: [{name: n, expression: 'false'}]}",
        "mutating-webhook.yaml > reinvocationPolicy: IfNeeded > reinvocationPolicy: Never",
        "mutating-webhook.yaml > resources: [\"pods\"] > resources: [\"*\"]"
      })
  void theWebhookChangesNothingOfItsConfigurations(String file, String from, String to)
      throws IOException {
    String old = Files.readString(BASE.resolve(file));
    String lines =
        to.startsWith("{") ? to.substring(1, to.length() - 1).replace(", m", "\n    m") : to;
    int at = old.indexOf(from);
    assertThat(at).as(from).isPositive();
    String now = old.substring(0, at) + lines + old.substring(at + from.length());
    assertThat(mayChange(WEBHOOK, old, now)).isFalse();
    // Administrators may, and both ways round.
    assertThat(mayChange("ann", old, now)).isTrue();
    assertThat(mayChange(WEBHOOK, now, old)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"validating-webhook.yaml", "mutating-webhook.yaml"})
  void butTheAuthoritys(String file) throws IOException {
    String without = Files.readString(BASE.resolve(file));
    String one =
        without.replace("    clientConfig:\n", "    clientConfig:\n      caBundle: QQ==\n");
    String two = one.replace("QQ==", "Qg==");
    assertThat(one).isNotEqualTo(without);
    for (String[] change :
        List.of(new String[] {without, one}, new String[] {one, two}, new String[] {two, two})) {
      assertThat(mayChange(WEBHOOK, change[0], change[1])).isTrue();
    }
    // None left: an API server then has no such field.
    String none = without.substring(0, without.indexOf("webhooks:\n"));
    assertThat(mayChange(WEBHOOK, without, none)).isFalse();
    assertThat(mayChange(WEBHOOK, none, without)).isFalse();
    // One webhook fewer, and one more.
    String fewer = without.substring(0, without.lastIndexOf("\n  - name: ")) + "\n";
    if (file.startsWith("validating")) {
      assertThat(mayChange(WEBHOOK, without, fewer)).isFalse();
      assertThat(mayChange(WEBHOOK, fewer, without)).isFalse();
    }
    assertThat(
            allows(
                "webhook-account.yaml",
                request(
                    "mutatingwebhookconfigurations",
                    Operation.CREATE,
                    account(WEBHOOK),
                    yaml(without),
                    null)))
        .isFalse();
  }

  @Test
  void aNodeSpeaksForItselfAlone() throws IOException {
    Mapping mine = yaml("{metadata: {name: n1}}");
    Mapping other = yaml("{metadata: {name: n2}}");
    User n1 = new User(NODE, Set.of(), Map.of(NODE_NAME, List.of("n1")));
    for (Operation operation : List.of(Operation.CREATE, Operation.UPDATE)) {
      Mapping old = operation == Operation.CREATE ? null : mine;
      assertThat(allows("node-account.yaml", request("nodeprofiles", operation, n1, mine, old)))
          .isTrue();
      assertThat(allows("node-account.yaml", request("nodeprofiles", operation, n1, other, old)))
          .isFalse();
      // A token that is bound to no node says nothing.
      assertThat(
              allows(
                  "node-account.yaml",
                  request("nodeprofiles", operation, account(NODE), mine, old)))
          .isFalse();
      assertThat(
              allows(
                  "node-account.yaml",
                  request("nodeprofiles", operation, account("ann"), other, old)))
          .isTrue();
    }
    assertThat(
            allows("node-account.yaml", request("nodeprofiles", Operation.DELETE, n1, null, other)))
        .isFalse();
  }

  /// For RBAC a Namespace lies in itself, so that a Role with all rights there is one to its
  /// labels.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                    | {labels: {portcullis.dev/mode: 'off'}}  | false",
        "{labels: {a: b}}                      | {labels: {portcullis.dev/mode: 'off'}}  | false",
        "{labels: {portcullis.dev/mode: warn}} | {labels: {portcullis.dev/mode: 'off'}}  | false",
        "{labels: {portcullis.dev/mode: enforce}} | {}                                   | false",
        "{labels: {portcullis.dev/mode: ''}}   | {labels: {}}                            | false",
        "{labels: {portcullis.dev/mode: 'off'}} | {labels: {portcullis.dev/mode: 'off', a: b}} | true",
        "{}                                    | {labels: {portcullis.dev/mod: 'off'}}   | true",
        "{}                                    | {annotations: {portcullis.dev/mode: 'off'}} | true"
      })
  void theOwnerOfANamespaceDoesNotChooseItsMode(String old, String now, boolean allowed)
      throws IOException {
    AdmissionRequest request =
        request(
            "namespaces",
            Operation.UPDATE,
            account("owner"),
            yaml("{metadata: " + now + "}"),
            yaml("{metadata: " + old + "}"));
    assertThat(allows("namespace-mode.yaml", request)).isEqualTo(allowed);
    for (String grant : List.of("/namespaces/update", "/namespaces/patch")) {
      assertThat(allows("namespace-mode.yaml", request, Set.of(grant))).isTrue();
    }
    for (String grant : List.of("/namespaces/get", "/pods/update", "apps/namespaces/update")) {
      assertThat(allows("namespace-mode.yaml", request, Set.of(grant))).isEqualTo(allowed);
    }
  }
}

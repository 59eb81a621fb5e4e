package dev.portcullis.cel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Scope;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Policies and grants of tests, and the same request to what is compiled from them and to the
/// webhook.
///
/// @param policies as they were read
public record Worlds(List<Policy> policies, Rbac rbac) {
  static final String NAMESPACE = "shop";
  static final User ALICE = User.requesting("alice", List.of("team-a"));

  /// The options that most tests have.
  static PolicyTarget target(int minor, NamespaceMode mode) {
    return new PolicyTarget(
        minor,
        mode,
        ProfileName.RUNTIME_DEFAULT,
        Leniency.NONE,
        false,
        List.of("kube-system", "portcullis"),
        List.of(),
        List.of());
  }

  static PolicyTarget target() {
    return target(36, NamespaceMode.ENFORCE);
  }

  static Worlds read(String yaml) {
    List<Policy> policies = new ArrayList<>();
    RbacReader rbac = new RbacReader(NAMESPACE);
    for (Value value : values(yaml)) {
      for (ObjectReader.Found found : ObjectReader.read(value)) {
        KubernetesObject object = (KubernetesObject) found;
        if (PolicyReader.read(object) instanceof PolicyReader.Usable(Policy policy)) {
          policies.add(policy);
        } else if (!RbacReader.isRbac(object) || !rbac.add(object).isEmpty()) {
          throw new AssertionError(object);
        }
      }
    }
    return new Worlds(policies, rbac.rbac());
  }

  static List<Value> values(String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> values;
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed + "\n" + yaml);
    };
  }

  public static Mapping yaml(String text) {
    return (Mapping) values(text).getFirst();
  }

  static ProfileName name(String text) {
    return ((ProfileText.Named) ProfileText.read(text)).name();
  }

  CompiledPolicies compiled(PolicyTarget target) {
    return CompiledPolicies.of(policies, rbac, List.of(), target);
  }

  ApiServer server(PolicyTarget target) {
    CompiledPolicies compiled = compiled(target);
    if (!compiled.problems().isEmpty()) {
      throw new AssertionError(compiled.problems());
    }
    return new ApiServer(compiled.objects(), rbac);
  }

  /// The webhook with the same options.
  Admission webhook(PolicyTarget target, @Nullable String label) {
    Mode mode = Mode.named(target.mode().text());
    return new Admission(
        new Admission.Sources(
            () -> Policies.of(policies),
            Grants.known(rbac::mayUse),
            _ -> label,
            (_, _) -> {
              throw new AssertionError("nobody should ask for the stored pod");
            },
            List::of,
            Admission.Contents.unknown()),
        new Scope(
            mode == null ? Mode.ENFORCE : mode,
            Set.copyOf(target.namespaces()),
            Set.copyOf(target.users()),
            Set.copyOf(target.runtimeClasses())),
        target.clusterDefault(),
        target.leniency());
  }

  static AdmissionRequest creation(Mapping object) {
    return creation(object, ALICE);
  }

  static AdmissionRequest creation(Mapping object, User user) {
    return request("pods", "", "v1", "Pod", Operation.CREATE, user, object, null);
  }

  static AdmissionRequest update(Mapping object, Mapping old) {
    return request("pods", "", "v1", "Pod", Operation.UPDATE, ALICE, object, old);
  }

  static AdmissionRequest debug(Mapping object, Mapping old) {
    return request(
        "pods", "ephemeralcontainers", "v1", "Pod", Operation.UPDATE, ALICE, object, old);
  }

  static AdmissionRequest request(
      String resource,
      String subresource,
      String apiVersion,
      String kind,
      Operation operation,
      User user,
      @Nullable Mapping object,
      @Nullable Mapping old) {
    return new AdmissionRequest(
        "u", resource, subresource, apiVersion, kind, NAMESPACE, "p", operation, user, object, old);
  }

  /// A pod by its annotations and its spec, in flow style.
  static Mapping pod(String annotations, String spec) {
    return yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {"
            + annotations
            + "}}, spec: {"
            + spec
            + "}}");
  }

  /// A policy with a binding for a group, or another subject.
  public static String policy(String name, String spec, String subject) {
    return """
    ---
    apiVersion: portcullis.dev/v1alpha1
    kind: SeccompPolicy
    metadata: {name: %1$s}
    spec: %2$s
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: use-%1$s}
    rules: [{apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames: [%1$s], verbs: [use]}]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: use-%1$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: use-%1$s}
    subjects: [%3$s]
    """
        .formatted(name, spec, subject);
  }

  public static String group(String name) {
    return "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: '" + name + "'}";
  }

  static Map<String, String> labels(@Nullable String mode) {
    return mode == null ? Map.of() : Map.of("portcullis.dev/mode", mode);
  }
}

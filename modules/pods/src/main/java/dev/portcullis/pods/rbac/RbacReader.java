package dev.portcullis.pods.rbac;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers roles and bindings from objects.
public final class RbacReader {
  static final String GROUP = "rbac.authorization.k8s.io";

  private final List<Role> roles = new ArrayList<>();
  private final List<Binding> bindings = new ArrayList<>();
  private final String defaultNamespace;

  /// @param defaultNamespace of a Role or RoleBinding that names none
  public RbacReader(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  /// Whether an object is one of RBAC's four.
  public static boolean isRbac(KubernetesObject object) {
    return object.group().equals(GROUP)
        && switch (object.kind()) {
          case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding" -> true;
          default -> false;
        };
  }

  /// Takes in one object that {@link #isRbac} knows.
  ///
  /// @return what is wrong with it; where anything is, it grants nothing
  public List<FieldError> add(KubernetesObject object) {
    List<FieldError> errors = new ArrayList<>();
    FieldReader root = new FieldReader("", object.manifest(), errors);
    FieldReader metadata = root.object("metadata");
    String name = metadata == null ? null : metadata.text("name");
    if (metadata == null || name == null || name.isEmpty()) {
      errors.add(FieldError.required(root.field("metadata").child("name"), ""));
      return errors;
    }
    String namespace = object.kind().startsWith("Cluster") ? null : namespace(metadata);
    if (object.kind().endsWith("Role")) {
      Role role =
          new Role(
              new Role.Key(namespace, name),
              metadata.textMap("labels"),
              rules(root),
              gathers(root));
      if (errors.isEmpty()) {
        roles.add(role);
      }
    } else {
      Binding binding = binding(root, namespace, name);
      if (errors.isEmpty() && binding != null) {
        bindings.add(binding);
      }
    }
    return errors;
  }

  public Rbac rbac() {
    return new Rbac(roles, bindings);
  }

  List<Role> roles() {
    return roles;
  }

  List<Binding> bindings() {
    return bindings;
  }

  private String namespace(FieldReader metadata) {
    String namespace = metadata.text("namespace");
    return namespace == null || namespace.isEmpty() ? defaultNamespace : namespace;
  }

  private static List<PolicyRule> rules(FieldReader role) {
    List<PolicyRule> rules = new ArrayList<>();
    for (FieldReader rule : role.objects("rules")) {
      rules.add(
          new PolicyRule(
              rule.texts("verbs"),
              rule.texts("apiGroups"),
              rule.texts("resources"),
              rule.texts("resourceNames")));
    }
    return rules;
  }

  private static List<LabelSelector> gathers(FieldReader role) {
    FieldReader aggregation = role.object("aggregationRule");
    List<LabelSelector> selectors = new ArrayList<>();
    if (aggregation != null) {
      for (FieldReader selector : aggregation.objects("clusterRoleSelectors")) {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        for (FieldReader expression : selector.objects("matchExpressions")) {
          LabelSelector.Requirement requirement = requirement(expression);
          if (requirement != null) {
            requirements.add(requirement);
          }
        }
        Map<String, String> labels = selector.textMap("matchLabels");
        selectors.add(new LabelSelector(labels, requirements));
      }
    }
    return selectors;
  }

  private static LabelSelector.@Nullable Requirement requirement(FieldReader expression) {
    String key = expression.text("key");
    String text = expression.text("operator");
    List<String> values = expression.texts("values");
    for (LabelSelector.Operator operator : LabelSelector.Operator.values()) {
      if (operator.text().equals(text) && key != null) {
        return new LabelSelector.Requirement(key, operator, values);
      }
    }
    expression.error(
        FieldError.invalid(
            expression.field("operator"),
            text == null ? "" : text,
            "must be In, NotIn, Exists or DoesNotExist, with a key"));
    return null;
  }

  private static @Nullable Binding binding(
      FieldReader root, @Nullable String namespace, String name) {
    FieldReader ref = root.object("roleRef");
    String kind = ref == null ? null : ref.text("kind");
    String role = ref == null ? null : ref.text("name");
    if (ref == null || kind == null || role == null) {
      root.error(FieldError.required(root.field("roleRef"), "the kind and name of a role"));
      return null;
    }
    boolean cluster = kind.equals("ClusterRole");
    if (!cluster && !(kind.equals("Role") && namespace != null)) {
      root.error(
          FieldError.notSupported(
              ref.field("kind"),
              kind,
              namespace == null ? List.of("ClusterRole") : List.of("ClusterRole", "Role")));
      return null;
    }
    List<Subject> subjects = new ArrayList<>();
    for (FieldReader subject : root.objects("subjects")) {
      Subject read = subject(subject, namespace);
      if (read != null) {
        subjects.add(read);
      }
    }
    return new Binding(namespace, name, new Role.Key(cluster ? null : namespace, role), subjects);
  }

  private static @Nullable Subject subject(FieldReader subject, @Nullable String bindingNamespace) {
    String kind = subject.text("kind");
    String name = subject.text("name");
    if (name == null || name.isEmpty()) {
      subject.error(FieldError.required(subject.field("name"), ""));
      return null;
    }
    String namespace = subject.text("namespace");
    return switch (kind == null ? "" : kind) {
      case "User" -> new Subject(Subject.Kind.USER, name, "");
      case "Group" -> new Subject(Subject.Kind.GROUP, name, "");
      case "ServiceAccount" -> {
        String in = namespace == null || namespace.isEmpty() ? bindingNamespace : namespace;
        if (in == null) {
          subject.error(FieldError.required(subject.field("namespace"), ""));
          yield null;
        }
        yield new Subject(Subject.Kind.SERVICE_ACCOUNT, name, in);
      }
      default -> {
        subject.error(
            FieldError.notSupported(
                subject.field("kind"),
                kind == null ? "" : kind,
                List.of("Group", "ServiceAccount", "User")));
        yield null;
      }
    };
  }
}

package dev.portcullis.cel;

import dev.cel.runtime.CelRuntime;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.rbac.Rbac;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an API server makes of the objects that were compiled: which bindings are for a request, in
/// which order they are asked, what patches change, and what validations say. The expressions are
/// evaluated by Google's CEL for Java.
final class ApiServer {
  /// Questions to the authorizer that one policy may ask about a request.
  private static final int MOST_ASKED = 28;

  private final Rbac rbac;
  private final Map<String, Policy> policies = new LinkedHashMap<>();
  private final List<Binding> bindings = new ArrayList<>();

  /// The most questions that a policy has asked about one request so far.
  private int mostAsked;

  /// By policies: the questions about the last request.
  private final Map<String, Integer> asked = new HashMap<>();

  ApiServer(List<Mapping> objects, Rbac rbac) {
    this.rbac = rbac;
    objects.forEach(this::apply);
  }

  /// Takes an object, as kubectl sends one after the other.
  private void apply(Mapping object) {
    String name = text(child(object, "metadata"), "name");
    Mapping spec = child(object, "spec");
    String kind = text(object, "kind");
    if (kind.endsWith("Binding")) {
      bindings.add(new Binding(kind, name, spec));
    } else if (policies.put(kind + "/" + name, new Policy(kind, name, spec)) != null) {
      throw new AssertionError("a second " + kind + " " + name);
    }
  }

  int mostAsked() {
    return mostAsked;
  }

  int asked(String policy) {
    return asked.getOrDefault(policy, 0);
  }

  /// What became of a request.
  ///
  /// @param object after the mutations; null where there is none
  /// @param refusals what the client is told; none where the request passes
  record Answer(
      @Nullable Object object, List<String> refusals, List<String> warnings, List<String> audited) {
    boolean refused() {
      return !refusals.isEmpty();
    }
  }

  private record Binding(String kind, String name, Mapping spec) {
    boolean selects(Map<String, String> labels) {
      Mapping selector = child(child(spec, "matchResources"), "namespaceSelector");
      for (Mapping each : objects(selector, "matchExpressions")) {
        String value = labels.get(text(each, "key"));
        List<String> values = texts(each, "values");
        boolean matches =
            switch (text(each, "operator")) {
              case "In" -> value != null && values.contains(value);
              case "NotIn" -> value == null || !values.contains(value);
              case "Exists" -> value != null;
              case "DoesNotExist" -> value == null;
              default -> throw new AssertionError(each);
            };
        if (!matches) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class Policy {
    final String kind;
    final String name;
    final Mapping spec;
    final CelEnvironment environment = new CelEnvironment();
    final Map<String, CelRuntime.Program> conditions = new LinkedHashMap<>();
    final List<CelRuntime.Program> mutations = new ArrayList<>();
    final List<Validation> validations = new ArrayList<>();

    record Validation(
        CelRuntime.Program expression, String message, CelRuntime.@Nullable Program better) {}

    Policy(String kind, String name, Mapping spec) {
      this.kind = kind;
      this.name = name;
      this.spec = spec;
      for (Mapping each : objects(spec, "matchConditions")) {
        // They come before the variables, and have none.
        conditions.put(text(each, "name"), environment.condition(text(each, "expression")));
      }
      for (Mapping each : objects(spec, "variables")) {
        environment.declare(text(each, "name"), text(each, "expression"));
      }
      for (Mapping each : objects(spec, "mutations")) {
        mutations.add(environment.patch(text(child(each, "jsonPatch"), "expression")));
      }
      for (Mapping each : objects(spec, "validations")) {
        Value better = each.get("messageExpression");
        validations.add(
            new Validation(
                environment.condition(text(each, "expression")),
                text(each, "message"),
                better instanceof Value.Text(_, String expression)
                    ? environment.message(expression)
                    : null));
      }
    }

    boolean isAbout(AdmissionRequest request) {
      String resource =
          request.subresource().isEmpty()
              ? request.resource()
              : request.resource() + "/" + request.subresource();
      int slash = request.apiVersion().indexOf('/');
      String group = slash < 0 ? "" : request.apiVersion().substring(0, slash);
      for (Mapping rule : objects(child(spec, "matchConstraints"), "resourceRules")) {
        if (texts(rule, "apiGroups").contains(group)
            && texts(rule, "operations").contains(request.operation().name())
            && texts(rule, "resources").contains(resource)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Answers a request in a namespace with labels.
  Answer answer(AdmissionRequest request, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(labels);
    all.put("kubernetes.io/metadata.name", request.namespace());
    Object object = Plain.of(request.object());
    List<String> refusals = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<String> audited = new ArrayList<>();
    // By the names of policies, and with reinvocation: what one changes, the others see.
    for (Policy policy : bound("MutatingAdmissionPolicy", request, all)) {
      try {
        object = mutated(policy, request, object, all);
      } catch (CelEnvironment.EvaluationFailure e) {
        refusals.add(policy.name + ": " + e.getMessage());
        return new Answer(object, refusals, warnings, audited);
      }
    }
    for (Binding binding : bindings) {
      Policy policy =
          policies.get("ValidatingAdmissionPolicy/" + text(binding.spec(), "policyName"));
      // A binding without its policy is passed over.
      if (policy == null
          || !binding.kind().startsWith("Validating")
          || !binding.selects(all)
          || !policy.isAbout(request)) {
        continue;
      }
      List<String> messages = validated(policy, request, object, all);
      for (String action : texts(binding.spec(), "validationActions")) {
        switch (action) {
          case "Deny" -> refusals.addAll(messages);
          case "Warn" -> warnings.addAll(messages);
          case "Audit" -> audited.addAll(messages);
          default -> throw new AssertionError(action);
        }
      }
    }
    return new Answer(object, refusals, warnings, audited);
  }

  private List<Policy> bound(String kind, AdmissionRequest request, Map<String, String> labels) {
    return policies.values().stream()
        .filter(policy -> policy.kind.equals(kind) && policy.isAbout(request))
        .filter(policy ->
            bindings.stream()
                .anyMatch(binding ->
                    binding.kind().equals(kind + "Binding")
                        && text(binding.spec(), "policyName").equals(policy.name)
                        && binding.selects(labels)))
        .toList();
  }

  private Map<String, @Nullable Object> activation(
      Policy policy,
      AdmissionRequest request,
      @Nullable Object object,
      Map<String, String> labels,
      FakeAuthorizer authorizer) {
    Map<String, @Nullable Object> activation = new HashMap<>();
    activation.put("object", object);
    activation.put("oldObject", Plain.of(request.oldObject()));
    activation.put("request", Plain.request(request));
    activation.put("authorizer", authorizer);
    activation.put("namespaceObject", Map.of("metadata", Map.of("labels", labels)));
    return policy.environment.with(activation);
  }

  private boolean isAsked(
      Policy policy, Map<String, @Nullable Object> activation, FakeAuthorizer authorizer) {
    for (CelRuntime.Program condition : policy.conditions.values()) {
      if (!(boolean) CelEnvironment.evaluated(condition, activation)) {
        return false;
      }
    }
    if (authorizer.asked().get() != 0) {
      throw new AssertionError("conditions ask for grants");
    }
    return true;
  }

  private @Nullable Object mutated(
      Policy policy,
      AdmissionRequest request,
      @Nullable Object object,
      Map<String, String> labels) {
    FakeAuthorizer authorizer = FakeAuthorizer.of(rbac, request.user());
    Map<String, @Nullable Object> activation =
        activation(policy, request, object, labels, authorizer);
    if (!isAsked(policy, activation, authorizer)) {
      return object;
    }
    Object result = object;
    for (CelRuntime.Program mutation : policy.mutations) {
      for (Object step : (List<?>) CelEnvironment.evaluated(mutation, activation)) {
        result = Plain.patched(Objects.requireNonNull(result), (Map<?, ?>) step);
      }
    }
    count(policy, authorizer);
    return result;
  }

  private List<String> validated(
      Policy policy,
      AdmissionRequest request,
      @Nullable Object object,
      Map<String, String> labels) {
    FakeAuthorizer authorizer = FakeAuthorizer.of(rbac, request.user());
    List<String> messages = new ArrayList<>();
    boolean fails = text(policy.spec, "failurePolicy").equals("Fail");
    try {
      Map<String, @Nullable Object> activation =
          activation(policy, request, object, labels, authorizer);
      if (!isAsked(policy, activation, authorizer)) {
        return List.of();
      }
      Map<String, @Nullable Object> forMessages = withoutAuthorizer(policy, activation);
      for (Policy.Validation validation : policy.validations) {
        boolean obeyed = (boolean) CelEnvironment.evaluated(validation.expression(), activation);
        // Messages are made of admitted requests, too.
        String better = better(validation, forMessages);
        if (!obeyed) {
          messages.add(
              better == null || better.isBlank() || better.contains("\n")
                  ? validation.message()
                  : better);
        }
      }
    } catch (CelEnvironment.EvaluationFailure e) {
      if (fails) {
        messages.add(policy.name + ": " + e.getMessage());
      } else {
        throw new AssertionError(policy.name, e);
      }
    }
    count(policy, authorizer);
    return messages;
  }

  private static Map<String, @Nullable Object> withoutAuthorizer(
      Policy policy, Map<String, @Nullable Object> activation) {
    Map<String, @Nullable Object> without = new HashMap<>(activation);
    without.remove("authorizer");
    return policy.environment.with(without);
  }

  private static @Nullable String better(
      Policy.Validation validation, Map<String, @Nullable Object> activation) {
    CelRuntime.Program better = validation.better();
    try {
      return better == null ? null : (String) CelEnvironment.evaluated(better, activation);
    } catch (CelEnvironment.EvaluationFailure e) {
      // A server passes over it in silence, and tells a worse message.
      throw new AssertionError("a message fails", e);
    }
  }

  private void count(Policy policy, FakeAuthorizer authorizer) {
    int questions = authorizer.asked().get();
    asked.put(policy.name, questions);
    mostAsked = Math.max(mostAsked, questions);
    if (questions > MOST_ASKED) {
      throw new AssertionError(
          policy.name + " asked " + questions + " questions about one request");
    }
  }

  static Mapping child(Mapping owner, String key) {
    return owner.present(key) instanceof Mapping child ? child : new Mapping(owner.at(), Map.of());
  }

  static List<Mapping> objects(Mapping owner, String key) {
    return owner.present(key) instanceof Sequence list
        ? list.items().stream().map(Mapping.class::cast).toList()
        : List.of();
  }

  static List<String> texts(Mapping owner, String key) {
    return owner.present(key) instanceof Sequence list
        ? list.items().stream().map(each -> ((Value.Text) each).value()).toList()
        : List.of();
  }

  static String text(Mapping owner, String key) {
    if (owner.present(key) instanceof Value.Text(_, String text)) {
      return text;
    }
    throw new AssertionError("no text " + key + " in " + owner);
  }
}

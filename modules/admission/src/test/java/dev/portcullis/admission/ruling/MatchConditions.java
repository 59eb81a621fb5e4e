package dev.portcullis.admission.ruling;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an API server makes of the `matchConditions` of a webhook: all of them must hold, or it
/// does not ask. The expressions are those of `deploy/`, evaluated by Google's CEL for Java.
///
/// @param byName the programs of one webhook, in the order of the file
record MatchConditions(Map<String, CelRuntime.Program> byName) {
  static final Path OVERLAY = Path.of("deploy/webhook/overlays/match-conditions");

  /// The variables and macros that an API server has. Its `request` has a type, this one has not;
  /// like that one, it lacks what is empty (`k8s.io/apiserver`, `pkg/admission/plugin/cel`).
  private static final CelType CHECK = OpaqueType.create("kubernetes.authorization.Check");

  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("object", SimpleType.DYN)
          .addVar("oldObject", SimpleType.DYN)
          .addVar("request", SimpleType.DYN)
          .addVar("authorizer", CHECK)
          .addFunctionDeclarations(
              of("group", CHECK), of("resource", CHECK), of("check", CHECK), allowed())
          .addFunctionBindings(
              CelFunctionBinding.from(
                  "check_group", Check.class, String.class, (check, text) -> check.and(text)),
              CelFunctionBinding.from(
                  "check_resource", Check.class, String.class, (check, text) -> check.and(text)),
              CelFunctionBinding.from(
                  "check_check", Check.class, String.class, (check, text) -> check.and(text)),
              CelFunctionBinding.from("check_allowed", Check.class, Check::allowed))
          .setResultType(SimpleType.BOOL)
          .build();

  /// A question for the server's authorizer (`k8s.io/apiserver`, `pkg/cel/library/authz.go`), of
  /// the whole cluster.
  ///
  /// @param granted as `/namespaces/update`
  record Check(Set<String> granted, String asked) {
    Check and(String text) {
      return new Check(granted, asked.isEmpty() && text.isEmpty() ? "" : asked + "/" + text);
    }

    boolean allowed() {
      return granted.contains(asked);
    }
  }

  private static CelFunctionDecl of(String name, CelType result) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload("check_" + name, result, CHECK, SimpleType.STRING));
  }

  private static CelFunctionDecl allowed() {
    return CelFunctionDecl.newFunctionDeclaration(
        "allowed", CelOverloadDecl.newMemberOverload("check_allowed", SimpleType.BOOL, CHECK));
  }

  /// Those of all webhooks of a file, by the webhook's name.
  static Map<String, MatchConditions> read(String file) throws IOException {
    Map<String, MatchConditions> read = new LinkedHashMap<>();
    for (Mapping webhook : objects(document(OVERLAY.resolve(file)), "webhooks")) {
      Map<String, CelRuntime.Program> byName = new LinkedHashMap<>();
      for (Mapping condition : objects(webhook, "matchConditions")) {
        CelRuntime.Program twice =
            byName.put(text(condition, "name"), program(text(condition, "expression")));
        if (twice != null) {
          throw new AssertionError(file + ": two conditions " + text(condition, "name"));
        }
      }
      read.put(text(webhook, "name"), new MatchConditions(byName));
    }
    return read;
  }

  static Mapping document(Path file) throws IOException {
    return switch (Documents.read(Files.readAllBytes(file), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> (Mapping) values.getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(file + ": " + malformed);
    };
  }

  static List<Mapping> objects(Mapping owner, String key) {
    List<Mapping> objects = new ArrayList<>();
    if (owner.present(key) instanceof Sequence list) {
      list.items().forEach(item -> objects.add((Mapping) item));
    }
    return objects;
  }

  static String text(Mapping owner, String key) {
    if (owner.present(key) instanceof Value.Text(_, String text)) {
      return text;
    }
    throw new AssertionError("no text " + key + " in " + owner);
  }

  static CelRuntime.Program program(String expression) {
    try {
      return CEL.createProgram(CEL.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new AssertionError(expression, e);
    }
  }

  /// Whether the API server asks. An expression that fails is an error here: there, it would be a
  /// refusal, or under the failure policy Ignore a call that is left out.
  boolean ask(AdmissionRequest request) {
    return ask(request, Set.of());
  }

  /// The same where the user has grants in the whole cluster.
  ///
  /// @param granted as `/namespaces/update`
  boolean ask(AdmissionRequest request, Set<String> granted) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put("object", value(request.object()));
    variables.put("oldObject", value(request.oldObject()));
    variables.put("request", attributes(request));
    variables.put("authorizer", new Check(granted, ""));
    boolean all = true;
    for (Map.Entry<String, CelRuntime.Program> condition : byName.entrySet()) {
      try {
        all &= (boolean) condition.getValue().eval(variables);
      } catch (CelEvaluationException e) {
        throw new AssertionError(condition.getKey() + " of " + request, e);
      }
    }
    return all;
  }

  private static Map<String, Object> attributes(AdmissionRequest request) {
    Map<String, Object> user = new HashMap<>();
    user.put("username", request.user().name());
    if (!request.user().groups().isEmpty()) {
      user.put("groups", List.copyOf(request.user().groups()));
    }
    if (!request.user().extra().isEmpty()) {
      user.put("extra", request.user().extra());
    }
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("uid", request.uid());
    attributes.put("operation", request.operation().name());
    attributes.put("userInfo", user);
    attributes.put("kind", Map.of("kind", request.kind()));
    attributes.put("resource", Map.of("resource", request.resource()));
    Map.of(
            "subResource", request.subresource(),
            "namespace", request.namespace(),
            "name", request.name())
        .forEach((key, text) -> {
          if (!text.isEmpty()) {
            attributes.put(key, text);
          }
        });
    return attributes;
  }

  private static @Nullable Object value(@Nullable Value value) {
    return switch (value) {
      case null -> null;
      case Value.Null _ -> null;
      case Value.Text(_, String text) -> text;
      case Value.Truth(_, boolean truth) -> truth;
      case Value.Numeral(_, String digits) -> Long.valueOf(digits);
      case Sequence list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(value(item)));
        yield items;
      }
      case Mapping object -> {
        Map<String, @Nullable Object> members = new HashMap<>();
        object.entries().forEach((key, entry) -> members.put(key, value(entry.value())));
        yield members;
      }
    };
  }
}

package dev.portcullis.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The environment that an API server gives the expressions of one policy, in Google's CEL for
/// Java: the variables that were declared so far with their types, and Kubernetes' functions.
@SuppressWarnings("Immutable") // what grows here is never shared
final class CelEnvironment {
  private static final String VARIABLES = "kubernetes.variables";
  private static final String PATCH = "JSONPatch";

  /// Questions that one expression may ask.
  private static final int MOST_ASKED = 2;

  private static final OpaqueType AUTHORIZER =
      OpaqueType.create("kubernetes.authorization.Authorizer");
  private static final OpaqueType GROUP = OpaqueType.create("kubernetes.authorization.GroupCheck");
  private static final OpaqueType RESOURCE =
      OpaqueType.create("kubernetes.authorization.ResourceCheck");
  private static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");

  private final Map<String, CelType> types = new LinkedHashMap<>();
  private final Map<String, CelRuntime.Program> programs = new LinkedHashMap<>();
  private final Cel cel = cel(true);

  /// Without `authorizer`, as for messages.
  private final Cel forMessages = cel(false);

  private Cel cel(boolean withAuthorizer) {
    var builder =
        CelFactory.plannerCelBuilder()
            .setOptions(
                CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .enableOptionalSyntax(true)
                    .maxExpressionCodePointSize(ServerLimits.LONGEST_EXPRESSION)
                    .build())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(
                CelExtensions.optional(), CelExtensions.strings(), CelExtensions.comprehensions())
            .addRuntimeLibraries(
                CelExtensions.optional(), CelExtensions.strings(), CelExtensions.comprehensions())
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .addVar("namespaceObject", SimpleType.DYN)
            .addVar("variables", StructTypeReference.create(VARIABLES))
            .setTypeProvider(new Types())
            .setValueProvider((_, fields) -> Optional.of(new TreeMap<>(fields)))
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "serviceAccount",
                    CelOverloadDecl.newMemberOverload(
                        "authorizer_serviceaccount",
                        AUTHORIZER,
                        AUTHORIZER,
                        SimpleType.STRING,
                        SimpleType.STRING)),
                member("group", "authorizer_group", GROUP, AUTHORIZER),
                member("resource", "groupcheck_resource", RESOURCE, GROUP),
                member("namespace", "resourcecheck_namespace", RESOURCE, RESOURCE),
                member("name", "resourcecheck_name", RESOURCE, RESOURCE),
                member("check", "resourcecheck_check", DECISION, RESOURCE),
                CelFunctionDecl.newFunctionDeclaration(
                    "allowed",
                    CelOverloadDecl.newMemberOverload(
                        "decision_allowed", SimpleType.BOOL, DECISION)))
            .addFunctionBindings(
                CelFunctionBinding.from(
                    "authorizer_serviceaccount",
                    ImmutableList.of(FakeAuthorizer.class, String.class, String.class),
                    arguments ->
                        ((FakeAuthorizer) arguments[0])
                            .serviceAccount((String) arguments[1], (String) arguments[2])),
                binding("authorizer_group", FakeAuthorizer::group),
                binding("groupcheck_resource", FakeAuthorizer::resource),
                binding("resourcecheck_namespace", FakeAuthorizer::namespace),
                binding("resourcecheck_name", FakeAuthorizer::name),
                binding("resourcecheck_check", FakeAuthorizer::check),
                CelFunctionBinding.from(
                    "decision_allowed", FakeAuthorizer.class, FakeAuthorizer::allowed));
    if (withAuthorizer) {
      builder.addVar("authorizer", AUTHORIZER);
    }
    return builder.build();
  }

  private static CelFunctionDecl member(
      String name, String overload, CelType result, CelType owner) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(overload, result, owner, SimpleType.STRING));
  }

  private interface Step {
    FakeAuthorizer of(FakeAuthorizer authorizer, String text);
  }

  private static CelFunctionBinding binding(String overload, Step step) {
    return CelFunctionBinding.from(overload, FakeAuthorizer.class, String.class, step::of);
  }

  /// The types that a patch is made of, and the variables.
  private final class Types implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.of();
    }

    @Override
    public Optional<CelType> findType(String name) {
      if (name.equals(VARIABLES)) {
        return Optional.of(
            StructType.create(
                VARIABLES,
                ImmutableSet.copyOf(types.keySet()),
                field -> Optional.ofNullable(types.get(field))));
      }
      if (name.equals(PATCH)) {
        return struct(name, "op", "path", "value");
      }
      if (name.endsWith(".securityContext.seccompProfile") && name.startsWith("Object.spec")) {
        return struct(name, "type", "localhostProfile");
      }
      return name.endsWith(".securityContext") && name.startsWith("Object.spec")
          ? struct(name, "seccompProfile")
          : Optional.empty();
    }

    private static Optional<CelType> struct(String name, String... fields) {
      return Optional.of(
          StructType.create(name, ImmutableSet.copyOf(fields), _ -> Optional.of(SimpleType.DYN)));
    }
  }

  /// Declares a variable.
  void declare(String name, String expression) {
    CelAbstractSyntaxTree tree = compile(cel, expression);
    if (types.put(name, tree.getResultType()) != null) {
      throw new AssertionError("a second variable " + name);
    }
    programs.put(name, program(tree));
  }

  CelRuntime.Program condition(String expression) {
    return typed(cel, expression, SimpleType.BOOL);
  }

  CelRuntime.Program message(String expression) {
    return typed(forMessages, expression, SimpleType.STRING);
  }

  CelRuntime.Program patch(String expression) {
    return typed(cel, expression, ListType.create(StructTypeReference.create(PATCH)));
  }

  private CelRuntime.Program typed(Cel with, String expression, CelType type) {
    CelAbstractSyntaxTree tree = compile(with, expression);
    CelType found = tree.getResultType();
    // A list of patches has their type, or DYN elements where the branches of a choice are empty.
    if (!found.equals(SimpleType.DYN) && found.kind() != type.kind()) {
      throw new AssertionError(found + " instead of " + type + ": " + expression);
    }
    return program(tree);
  }

  private static CelAbstractSyntaxTree compile(Cel with, String expression) {
    try {
      return with.compile(expression).getAst();
    } catch (CelValidationException e) {
      throw new AssertionError(expression, e);
    }
  }

  private CelRuntime.Program program(CelAbstractSyntaxTree tree) {
    try {
      return cel.createProgram(tree);
    } catch (CelEvaluationException e) {
      throw new AssertionError(e);
    }
  }

  /// The variables for one request, each computed when it is first asked for.
  Map<String, @Nullable Object> with(Map<String, @Nullable Object> activation) {
    Map<String, @Nullable Object> whole = new HashMap<>(activation);
    whole.put("variables", new Lazy(whole));
    return whole;
  }

  private final class Lazy extends StructValue<String, Map<String, Object>> {
    private final Map<String, @Nullable Object> activation;
    private final Map<String, Object> known = new HashMap<>();
    private int inner;

    Lazy(Map<String, @Nullable Object> activation) {
      this.activation = activation;
    }

    @Override
    public Map<String, Object> value() {
      return known;
    }

    @Override
    public boolean isZeroValue() {
      return false;
    }

    @Override
    public CelType celType() {
      return StructTypeReference.create(VARIABLES);
    }

    @Override
    public Object select(String field) {
      Object value = known.get(field);
      if (value == null) {
        CelRuntime.Program program = programs.get(field);
        if (program == null) {
          throw new IllegalArgumentException("no such variable: " + field);
        }
        value = counted(field, program);
        known.put(field, value);
      }
      return value;
    }

    /// A value, and how many questions to the authorizer it took itself, without those of other
    /// variables: 350,000 units each, of 1,000,000.
    private Object counted(String field, CelRuntime.Program program) {
      int before = asked();
      int outer = inner;
      inner = 0;
      Object value = evaluated(program, activation);
      int all = asked() - before;
      if (all - inner > MOST_ASKED) {
        throw new AssertionError(field + " asks " + (all - inner) + " questions");
      }
      inner = outer + all;
      return value;
    }

    private int asked() {
      return activation.get("authorizer") instanceof FakeAuthorizer authorizer
          ? authorizer.asked().get()
          : 0;
    }

    @Override
    public Optional<?> find(String field) {
      return Optional.of(select(field));
    }
  }

  static Object evaluated(CelRuntime.Program program, Map<String, @Nullable Object> activation) {
    try {
      return program.eval(activation);
    } catch (CelEvaluationException e) {
      throw new EvaluationFailure(e);
    }
  }

  /// What an API server tells as "resulted in error".
  static final class EvaluationFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    EvaluationFailure(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}

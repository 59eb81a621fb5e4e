package dev.portcullis.cel;

import dev.portcullis.pods.decide.NoPolicyDefault;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The variables that ask, for each profile that a pod names, whether a policy allows it that the
/// pod's service account or its creator may use; and the rules that they must be.
///
/// An API server stops where a policy spends too much: so at most {@link GrantTable#MOST_ASKED}
/// policies are asked for, each in a variable of its own.
final class GrantQuestions {
  /// Different profiles that one pod may name.
  static final int MOST_NAMES = 8;

  /// Characters of one map literal; an expression may have 100,000.
  private static final int LARGEST_MAP = 90_000;

  /// Policies of a profile that is asked for first, as few other policies allow it.
  private static final int FEW = 4;

  private final ContainerVariables containers;
  private final GrantTable table;
  private final NoPolicyDefault withoutPolicies;
  private final @Nullable DefaultChain chain;
  private final Words words;

  /// Who asks for a pod.
  ///
  /// @param creator the authorizer of the creator
  /// @param creatorText an expression of the creator in words
  record Words(String creator, String creatorText) {}

  /// @param chain null where nothing is given to containers that name nothing
  GrantQuestions(
      ContainerVariables containers, GrantTable table, @Nullable DefaultChain chain, Words words) {
    this.containers = containers;
    this.table = table;
    this.withoutPolicies = new NoPolicyDefault(containers.target().clusterDefault());
    this.chain = chain;
    this.words = words;
  }

  /// How many policies a pod may ask for whose containers all name a profile.
  private int asked() {
    return Math.min(GrantTable.MOST_ASKED, table.keys);
  }

  /// How many of them are left where a default is asked for, too.
  int askedWithDefault() {
    return chain == null
        ? asked()
        : Math.min(asked(), GrantTable.MOST_ASKED - chain.questionsWithGrant());
  }

  /// @param judges whether the request is one that needs a grant, as an expression
  void declare(Variables variables, String judges) {
    variables.add(
        "account",
        "variables.spec.?serviceAccountName.orValue('') != '' ? string(variables.spec.serviceAccountName)"
            + " : variables.spec.?serviceAccount.orValue('') != '' ? string(variables.spec.serviceAccount)"
            + " : 'default'");
    variables.add("runner", "authorizer.serviceAccount(request.namespace, variables.account)");
    variables.add("creator", words.creator());
    variables.add("judges", judges);
    variables.add(
        "byRuntimes",
        "variables.judges && variables.notes.exists(k, " + Fragments.obeyedByRuntimes("k") + ")");
    declareNames(variables);
    SortedMap<String, Integer> maps = new TreeMap<>();
    declareMap(variables, "names", table.names, maps);
    declareMap(variables, "below", table.below, maps);
    declareMap(variables, "proven", table.proven, maps);
    declareMap(variables, "claims", table.cut, maps);
    variables.add(
        "claim",
        Fragments.POLICY
            + " in variables.notes ? string("
            + Fragments.annotation(Fragments.POLICY)
            + ") : ''");
    if (!table.cut.isEmpty()) {
      List<String> claims = claims();
      for (int j = 0; j < claims.size(); j++) {
        variables.add("claimed" + j, lookup("claims", claims.get(j), maps));
      }
    }
    for (int i = 0; i < MOST_NAMES; i++) {
      declareCandidates(variables, i, maps);
    }
    if (chain != null) {
      variables.add(
          "usesDefault",
          "variables.judges && variables.said.exists(s, " + containers.needsDefault("s") + ")");
    }
    declareAsked(variables);
    for (int i = 0; i < MOST_NAMES; i++) {
      variables.add("ok" + i, mayUse(i));
    }
    if (chain != null) {
      chain.declareAll(variables, "variables.runner", "variables.creator");
      variables.add("okDefault", "!variables.usesDefault || (" + chain.allowed() + ")");
    }
  }

  /// The keys that the policy may have which a pod names, as expressions.
  private List<String> claims() {
    List<String> claims = new ArrayList<>(List.of("variables.claim"));
    if (table.both) {
      Policy.Kind.POD_SECURITY_POLICY
          .groups()
          .forEach(group -> claims.add("'" + group + ":' + variables.claim"));
    }
    return claims;
  }

  private void declareNames(Variables variables) {
    variables.add(
        "rest0",
        "!variables.judges ? [] : variables.said.map(s, "
            + containers.judgedAs("s")
            + ").filter(n, n != '') + (variables.byRuntimes ? ["
            + Fragments.UNCONFINED
            + "] : [])");
    for (int i = 0; i < MOST_NAMES; i++) {
      variables.add(
          "n" + i, "variables.rest%1$d.size() > 0 ? variables.rest%1$d[0] : ''".formatted(i));
      variables.add(
          "rest" + (i + 1), "variables.rest%1$d.filter(n, n != variables.n%1$d)".formatted(i));
    }
  }

  private static void declareMap(
      Variables variables,
      String name,
      SortedMap<String, List<String>> entries,
      SortedMap<String, Integer> maps) {
    int number = 0;
    SequencedMap<String, List<String>> part = new LinkedHashMap<>();
    int size = 0;
    for (Map.Entry<String, List<String>> each : entries.entrySet()) {
      int more =
          CelLiteral.text(each.getKey()).length() + CelLiteral.list(each.getValue()).length() + 4;
      if (!part.isEmpty() && size + more > LARGEST_MAP) {
        variables.add(name + "In" + number++, CelLiteral.map(part));
        part.clear();
        size = 0;
      }
      part.put(each.getKey(), each.getValue());
      size += more;
    }
    if (!part.isEmpty()) {
      variables.add(name + "In" + number++, CelLiteral.map(part));
    }
    maps.put(name, number);
  }

  /// The policies under a key of a table.
  private static String lookup(String name, String key, Map<String, Integer> maps) {
    String found = "[]";
    for (int i = maps.getOrDefault(name, 0) - 1; i >= 0; i--) {
      found = "variables.%sIn%d[?%s].orValue(%s)".formatted(name, i, key, found);
    }
    return found;
  }

  private void declareCandidates(Variables variables, int i, Map<String, Integer> maps) {
    String name = Variables.of("n", i);
    String bare = name;
    if (containers.provable()) {
      bare = Variables.of("bare", i);
      variables.add("bare" + i, "%1$s.startsWith('+') ? %1$s.substring(1) : %1$s".formatted(name));
    }
    int depth = table.depth();
    if (depth > 0) {
      variables.add("parts" + i, bare + ".split('/')");
      variables.add("above" + i, directories(bare, Variables.of("parts", i), depth));
    }
    List<String> lists = new ArrayList<>();
    lists.add(lookup("names", bare, maps));
    if (!table.any.isEmpty()) {
      lists.add(CelLiteral.list(table.any));
    }
    for (int j = 0; j < depth; j++) {
      lists.add(
          "(variables.above%1$d.size() > %2$d ? %3$s : [])"
              .formatted(i, j, lookup("below", "variables.above%d[%d]".formatted(i, j), maps)));
    }
    if (containers.provable()) {
      lists.add("(" + name + ".startsWith('+') ? " + lookup("proven", bare, maps) + " : [])");
    }
    if (!table.cut.isEmpty()) {
      List<String> claims = claims();
      for (int j = 0; j < claims.size(); j++) {
        String claimed = Variables.of("claimed", j);
        String below =
            depth > 0 ? " || variables.above%d.exists(d, d in %s)".formatted(i, claimed) : "";
        lists.add(
            "(%1$s in %2$s || '*' in %2$s%3$s ? [%4$s] : [])"
                .formatted(bare, claimed, below, claims.get(j)));
      }
    }
    variables.add("can" + i, name + " in ['', '?'] ? [] : " + String.join(" + ", lists));
  }

  /// The directories above a name, as tables have them. A name is not below what it ends with.
  private static String directories(String name, String parts, int depth) {
    List<String> all = new ArrayList<>();
    StringBuilder directory = new StringBuilder();
    for (int j = 0; j < depth; j++) {
      directory.append(j == 0 ? "" : " + ").append(parts).append('[').append(j).append("] + '/'");
      all.add(
          "%s.size() > %d && %s != %s ? %s : ''"
              .formatted(parts, j + 1, name, directory, directory));
    }
    return "[" + String.join(", ", all) + "].filter(d, d != '')";
  }

  private void declareAsked(Variables variables) {
    String all = each(i -> Variables.of("can", i), " + ");
    variables.add("all", all);
    variables.add(
        "ask0",
        "variables.all.filter(p, "
            + claims().stream().map(key -> "p == " + key).collect(Collectors.joining(" || "))
            + ") + "
            + each(
                i -> "(variables.can%1$d.size() < %2$d ? variables.can%1$d : [])".formatted(i, FEW),
                " + ")
            + " + variables.all");
    for (int i = 0; i < asked(); i++) {
      variables.add(
          "asked" + i, "variables.ask%1$d.size() > 0 ? variables.ask%1$d[0] : ''".formatted(i));
      variables.add(
          "ask" + (i + 1), "variables.ask%1$d.filter(p, p != variables.asked%1$d)".formatted(i));
      String key = Variables.of("asked", i);
      variables.add(
          "may" + i,
          key
              + " != '' && "
              + (i < askedWithDefault() ? "" : "!variables.usesDefault && ")
              + "("
              + GrantKey.check("variables.runner", key, table.both)
              + " || "
              + GrantKey.check("variables.creator", key, table.both)
              + ")");
    }
  }

  private String mayUse(int i) {
    String name = Variables.of("n", i);
    String allowed;
    if (table.keys == 0) {
      List<String> free =
          List.of(ProfileName.RUNTIME_DEFAULT, withoutPolicies.clusterDefault()).stream()
              .filter(withoutPolicies::allows)
              .map(ProfileName::text)
              .distinct()
              .toList();
      allowed = name + " in " + CelLiteral.list(free);
    } else {
      allowed =
          IntStream.range(0, asked())
              .mapToObj(j ->
                  "(variables.asked%1$d in variables.can%2$d && variables.may%1$d)".formatted(j, i))
              .collect(Collectors.joining(" || "));
    }
    return "%1$s == '' || (%1$s != '?' && (%2$s))".formatted(name, allowed);
  }

  private static String each(IntFunction<String> part, String between) {
    return IntStream.range(0, MOST_NAMES).mapToObj(part).collect(Collectors.joining(between));
  }

  /// What must be true of a pod.
  List<ValidationRule> rules() {
    List<ValidationRule> rules = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    for (int i = 0; i < MOST_NAMES; i++) {
      // Behind one that failed, an API server still evaluates the others, and would spend more.
      rules.add(
          new ValidationRule(
              before + Variables.of("ok", i),
              "a container may not run under its profile",
              refusal(i)));
      before.append("!variables.ok").append(i).append(" || ");
    }
    if (chain != null) {
      rules.add(
          new ValidationRule(
              before + "variables.okDefault",
              "a container names no profile, and its default may not be used",
              "'container \"' + variables.said.filter(s, "
                  + containers.needsDefault("s")
                  + ").map(s, s.name).join('\", \"') + '\" names no profile, and neither ' + "
                  + askers()
                  + " + ' may use its default: bind a role with the verb \"use\" on a policy that allows it'"));
    }
    rules.add(
        new ValidationRule(
            Variables.of("rest", MOST_NAMES) + ".size() == 0",
            "a pod may name at most "
                + MOST_NAMES
                + " different profiles where Portcullis runs without its webhook"));
    return rules;
  }

  private String askers() {
    return "%s + ' nor service account \"' + variables.account + '\" in namespace \"' + request.namespace + '\"'"
        .formatted(words.creatorText());
  }

  private String refusal(int i) {
    String name = Variables.of("n", i);
    String shown = containers.provable() ? Variables.of("bare", i) : name;
    String mine = containers.judgedAs("s") + " == " + name;
    String which =
        "(variables.said.exists(s, %1$s) ? 'container \"' + variables.said.filter(s, %1$s).map(s, s.name).join('\", \"') + '\"' : 'a pod with an annotation by which a runtime takes another filter')"
            .formatted(mine);
    return name
        + " == '' ? '' : "
        + which
        + " + ("
        + name
        + " == '?' ? ' names a profile that cannot be used' : ' may not run under ' + "
        + shown
        + " + ': neither ' + "
        + askers()
        + " + "
        + policies(i)
        + ")";
  }

  private String policies(int i) {
    if (table.keys == 0) {
      return CelLiteral.text(
          " may use it: without a policy, all users may use " + withoutPolicies.text());
    }
    String list =
        IntStream.range(0, asked())
            .mapToObj(j -> Variables.of("asked", j))
            .collect(Collectors.joining(", ", "[", "]"));
    return "(variables.can%1$d.size() == 0 ? ' may use it, as no policy allows it' : ' may use policy ' + %2$s.filter(p, p != '' && p in variables.can%1$d).join(', ') + ': bind a role with the verb \"use\" on one%3$s)"
        .formatted(
            i,
            list,
            "' + (variables.ask"
                + asked()
                + ".size() == 0"
                + (table.uncut.isEmpty()
                    ? ""
                    : " && !("
                        + Variables.of("n", i)
                        + " in "
                        + CelLiteral.list(table.uncut.keySet())
                        + ")")
                + " ? '' : '; others were not asked for: name yours in the annotation "
                + "portcullis.dev/policy')");
  }
}

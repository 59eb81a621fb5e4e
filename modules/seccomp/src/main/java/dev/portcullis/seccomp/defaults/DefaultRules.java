package dev.portcullis.seccomp.defaults;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Condition;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.RuleCondition;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the lines of a catalogue say so far, and the profile that it makes.
final class DefaultRules {
  private static final Pattern CALL = Pattern.compile("([a-z0-9_]+)(?:\\(([^)]*)\\))?");
  private static final Pattern MASKED = Pattern.compile("a([0-5])&(0x[0-9a-f]+)==(0x[0-9a-f]+)");
  private static final Pattern COMPARED = Pattern.compile("a([0-5])(==|!=|<|>)(0x[0-9a-f]+)");

  private static final Map<String, Operator> OPERATORS =
      Map.of("==", Operator.EQ, "!=", Operator.NE, "<", Operator.LT, ">", Operator.GT);

  private String otherwise = "";
  private final Map<String, String> machines = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /// One call of a line.
  ///
  /// @param when the outcome and the conditions of the line
  /// @param arguments empty where any will do
  private record Entry(String when, String call, String arguments) {}

  /// The call and the conditions that a rule has in common.
  private record Shape(String when, String arguments) {}

  DefaultRules copy() {
    DefaultRules copy = new DefaultRules();
    copy.otherwise = otherwise;
    copy.machines.putAll(machines);
    copy.entries.addAll(entries);
    return copy;
  }

  /// Takes a line without its sign.
  ///
  /// @param added whether it begins to hold, or ends
  /// @throws IllegalStateException where the line is none, or takes away what is not there
  void take(boolean added, String line) {
    int colon = line.indexOf(": ");
    if (line.startsWith("otherwise ")) {
      otherwise = line.substring("otherwise ".length());
      return;
    }
    if (colon < 0) {
      throw new IllegalStateException("no line of a catalogue: " + line);
    }
    String when = line.substring(0, colon);
    String rest = line.substring(colon + 2);
    if (when.startsWith("machine ")) {
      String machine = when.substring("machine ".length());
      if (added) {
        machines.put(machine, rest);
      } else {
        machines.remove(machine, rest);
      }
      return;
    }
    for (String each : rest.split(" ")) {
      Matcher call = CALL.matcher(each);
      if (!call.matches()) {
        throw new IllegalStateException("no call of a catalogue: " + each);
      }
      Entry entry = new Entry(when, call.group(1), call.group(2) == null ? "" : call.group(2));
      if (added) {
        entries.add(entry);
      } else if (!entries.remove(entry)) {
        throw new IllegalStateException("there is no " + entry + " to take away");
      }
    }
  }

  Profile profile() {
    return new Profile(
        outcome(List.of(otherwise.split(" "))),
        new Architectures.Mapped(
            machines.entrySet().stream()
                .map(each ->
                    new Architectures.Entry(
                        architecture(each.getKey()),
                        Stream.of(each.getValue().split(" "))
                            .map(DefaultRules::architecture)
                            .toList()))
                .toList()),
        List.of(),
        Listener.NONE,
        rules());
  }

  /// Calls with the same conditions are one rule, as far as all that is said of one call stays in
  /// its order: libseccomp lets it decide where two rules contradict each other.
  private List<Rule> rules() {
    List<Shape> shapes = new ArrayList<>();
    List<List<SyscallName>> names = new ArrayList<>();
    Map<Shape, Integer> open = new HashMap<>();
    Map<String, Integer> lastOf = new HashMap<>();
    for (Entry entry : entries) {
      Shape shape = new Shape(entry.when(), entry.arguments());
      Integer at = open.get(shape);
      if (at == null || at < lastOf.getOrDefault(entry.call(), 0)) {
        at = shapes.size();
        shapes.add(shape);
        names.add(new ArrayList<>());
        open.put(shape, at);
      }
      names.get(at).add(new SyscallName(Position.NONE, entry.call()));
      lastOf.put(entry.call(), at);
    }
    List<Rule> rules = new ArrayList<>();
    for (int at = 0; at < shapes.size(); at++) {
      rules.add(rule(shapes.get(at), names.get(at)));
    }
    return rules;
  }

  private static Rule rule(Shape shape, List<SyscallName> names) {
    List<String> words = List.of(shape.when().split(" "));
    int begin = words.getFirst().equals("errno") ? 2 : 1;
    Condition includes = Condition.NONE;
    Condition excludes = Condition.NONE;
    for (int at = begin; at < words.size(); at += 2) {
      List<String> values = List.of(words.get(at + 1).split(","));
      switch (words.get(at)) {
        case "with" -> includes = new Condition(full(values), includes.architectures(), null);
        case "on" -> includes = new Condition(includes.capabilities(), values, null);
        case "since" ->
            includes =
                new Condition(
                    includes.capabilities(),
                    includes.architectures(),
                    KernelVersion.written(values.getFirst()).orElseThrow());
        case "without" -> excludes = new Condition(full(values), excludes.architectures(), null);
        case "not-on" -> excludes = new Condition(excludes.capabilities(), values, null);
        case String other ->
            throw new IllegalStateException("no condition of a catalogue: " + other);
      }
    }
    return new Rule(
        Position.NONE,
        new SyscallNames(SyscallNames.Spelling.NAMES, names),
        outcome(words),
        arguments(shape.arguments()),
        new RuleCondition(includes, excludes),
        "");
  }

  private static List<String> full(List<String> capabilities) {
    return capabilities.stream().map("CAP_"::concat).toList();
  }

  private static Outcome outcome(List<String> words) {
    return switch (words.getFirst()) {
      case "allow" -> new Outcome(Position.NONE, Action.ALLOW, null);
      case "errno" ->
          new Outcome(Position.NONE, Action.ERRNO, Errno.number(words.get(1)).orElseThrow());
      case String other -> throw new IllegalStateException("no outcome of a catalogue: " + other);
    };
  }

  private static List<ArgumentCondition> arguments(String text) {
    return text.isEmpty()
        ? List.of()
        : Stream.of(text.split(",")).map(DefaultRules::argument).toList();
  }

  private static ArgumentCondition argument(String text) {
    Matcher masked = MASKED.matcher(text);
    if (masked.matches()) {
      return new ArgumentCondition(
          Integer.parseInt(masked.group(1)),
          Long.decode(masked.group(2)),
          Long.decode(masked.group(3)),
          Operator.MASKED_EQ);
    }
    Matcher compared = COMPARED.matcher(text);
    Operator operator = compared.matches() ? OPERATORS.get(compared.group(2)) : null;
    if (operator == null) {
      throw new IllegalStateException("no condition of a catalogue: " + text);
    }
    return new ArgumentCondition(
        Integer.parseInt(compared.group(1)), Long.decode(compared.group(3)), 0, operator);
  }

  private static Architecture architecture(String name) {
    return Architecture.valueOf(name.toUpperCase(Locale.ROOT));
  }
}

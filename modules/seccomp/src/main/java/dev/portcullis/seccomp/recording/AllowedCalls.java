package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Calls by name, each for all arguments or under conditions.
final class AllowedCalls {
  private static final Outcome ALLOW = new Outcome(Position.NONE, Action.ALLOW, null);

  private final Map<String, Set<List<ArgumentCondition>>> byName = new TreeMap<>();

  /// @param conditions all of which must hold; none for all arguments
  void add(String name, List<ArgumentCondition> conditions) {
    Set<List<ArgumentCondition>> before = byName.computeIfAbsent(name, _ -> new LinkedHashSet<>());
    if (before.contains(List.<ArgumentCondition>of())) {
      return;
    }
    if (conditions.isEmpty()) {
      before.clear();
    }
    before.add(List.copyOf(conditions));
  }

  /// Whether it is allowed already: by the same conditions, or by none.
  boolean allows(String name, List<ArgumentCondition> conditions) {
    Set<List<ArgumentCondition>> of = byName.getOrDefault(name, Set.of());
    return of.contains(List.<ArgumentCondition>of()) || of.contains(conditions);
  }

  /// Whether some of its calls are allowed.
  boolean names(String name) {
    return byName.containsKey(name);
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  Map<String, Set<List<ArgumentCondition>>> byName() {
    return byName;
  }

  /// One rule for all names without conditions, and one for each condition.
  List<ResolvedRule> rules() {
    List<ResolvedRule> rules = new ArrayList<>();
    List<String> plain = byName.keySet().stream().filter(name -> allows(name, List.of())).toList();
    if (!plain.isEmpty()) {
      rules.add(RecordedProfile.rule(plain, ALLOW, List.of()));
    }
    byName.forEach((name, each) -> {
      if (!plain.contains(name)) {
        each.forEach(
            conditions -> rules.add(RecordedProfile.rule(List.of(name), ALLOW, conditions)));
      }
    });
    return rules;
  }

  /// As `socket(domain=0x2)`, one for each rule and name.
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    byName.forEach((name, each) -> each.forEach(conditions -> texts.add(text(name, conditions))));
    return texts;
  }

  static String text(String name, List<ArgumentCondition> conditions) {
    return conditions.isEmpty()
        ? name
        : conditions.stream()
            .map(condition -> text(name, condition))
            .collect(Collectors.joining(", ", name + "(", ")"));
  }

  private static String text(String name, ArgumentCondition condition) {
    String argument = ArgumentNames.name(List.of(name), condition.index());
    return switch (condition.operator()) {
      case MASKED_EQ ->
          // A mask of the lower bits says no more than the width.
          (condition.value() & (condition.value() + 1)) == 0
              ? argument + "=" + hex(condition.bits())
              : argument + "&" + hex(condition.value()) + "=" + hex(condition.bits());
      case NE, LT, LE, EQ, GE, GT -> argument + sign(condition.operator()) + hex(condition.value());
    };
  }

  private static String sign(Operator operator) {
    return switch (operator) {
      case NE -> "!=";
      case LT -> "<";
      case LE -> "<=";
      case EQ, MASKED_EQ -> "=";
      case GE -> ">=";
      case GT -> ">";
    };
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}

package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A profile for forms that have no conditions on arguments: the calls that are allowed, or those
/// that are denied.
///
/// @param allowList whether the names are what is allowed, or else what is denied
/// @param names what is done with each
record Sets(boolean allowList, Map<String, Outcome> names) {

  /// Makes them of a plain profile. What is allowed for some arguments is denied for all.
  ///
  /// @param expressed rules that the form has by other means
  static Sets of(Profile profile, Predicate<Rule> expressed, List<Loss> losses) {
    Outcome byDefault = profile.defaultOutcome();
    boolean allowList = !byDefault.action().letsThrough();
    if (!byDefault.action().letsThrough() && !byDefault.action().denies()) {
      losses.add(
          new Loss(
              byDefault.at(),
              Loss.Effect.STRICTER,
              byDefault.action().spelling() + " as default becomes a denial"));
    }
    if (byDefault.action() == Action.LOG) {
      losses.add(
          new Loss(
              byDefault.at(), Loss.Effect.NEITHER, "SCMP_ACT_LOG as default: nothing is logged"));
    }
    Map<String, Outcome> names = new TreeMap<>();
    for (boolean denials : new boolean[] {false, true}) {
      for (Rule rule : profile.rules()) {
        if (rule.outcome().action().letsThrough() != denials && !expressed.test(rule)) {
          add(rule, allowList, names, losses);
        }
      }
    }
    return new Sets(allowList, names);
  }

  private static void add(
      Rule rule, boolean allowList, Map<String, Outcome> names, List<Loss> losses) {
    Outcome outcome = rule.outcome();
    boolean passes = outcome.action().letsThrough();
    boolean conditional = !rule.arguments().isEmpty();
    if (conditional) {
      losses.add(
          new Loss(
              rule.at(),
              Loss.Effect.STRICTER,
              names(rule) + ": the conditions on arguments; denied for all arguments"));
    }
    if (!passes && !outcome.action().denies()) {
      losses.add(
          new Loss(
              rule.at(),
              Loss.Effect.STRICTER,
              names(rule) + ": " + outcome.action().spelling() + " becomes a denial"));
    }
    if (outcome.action() == Action.LOG) {
      losses.add(new Loss(rule.at(), Loss.Effect.NEITHER, names(rule) + ": nothing is logged"));
    }
    for (SyscallName name : rule.names().list()) {
      if (!passes && allowList) {
        names.remove(name.name());
      } else if (!passes || (allowList && !conditional)) {
        // Of two rules that contradict each other libseccomp keeps the first.
        names.putIfAbsent(name.name(), outcome);
      }
    }
  }

  /// Names the rules that deny in another way than all that is denied is denied.
  static void otherDenials(Profile profile, Outcome denial, List<Loss> losses) {
    for (Rule rule : profile.rules()) {
      if (rule.outcome().action().denies() && !rule.outcome().sameAs(denial)) {
        losses.add(
            new Loss(
                rule.at(),
                Loss.Effect.NEITHER,
                names(rule) + ": denied as all others are, not by an action of its own"));
      }
    }
  }

  static String names(Rule rule) {
    List<String> names = rule.names().list().stream().map(SyscallName::name).toList();
    return names.size() <= 6
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 6)) + " and " + (names.size() - 6) + " more";
  }
}

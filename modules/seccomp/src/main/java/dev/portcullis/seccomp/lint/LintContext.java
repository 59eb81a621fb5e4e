package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A profile and what its filter does.
final class LintContext {
  /// More names are not worth reading.
  private static final int MOST_NAMES = 20;

  private final ResolvedProfile profile;
  private final Filters filters;
  private final FilterSemantics meaning;
  private final SyscallTable table;
  private final List<Effects.OfArchitecture> all;
  private final Map<Architecture, Map<String, List<Effect>>> effects = new LinkedHashMap<>();
  private final Map<String, List<ResolvedRule>> rules = new LinkedHashMap<>();

  LintContext(
      ResolvedProfile profile,
      Filters filters,
      FilterSemantics meaning,
      Effects effects,
      SyscallTable table) {
    this.profile = profile;
    this.filters = filters;
    this.meaning = meaning;
    this.table = table;
    all = effects.architectures();
    effects.architectures().forEach(each -> this.effects.put(each.architecture(), each.byName()));
    for (ResolvedRule rule : profile.rules()) {
      for (SyscallName name : rule.names()) {
        List<ResolvedRule> of = rules.computeIfAbsent(name.name(), _ -> new ArrayList<>());
        if (of.isEmpty() || !of.getLast().equals(rule)) {
          of.add(rule);
        }
      }
    }
  }

  ResolvedProfile profile() {
    return profile;
  }

  Filters filters() {
    return filters;
  }

  FilterSemantics meaning() {
    return meaning;
  }

  SyscallTable table() {
    return table;
  }

  Architecture machine() {
    return all.getFirst().architecture();
  }

  /// What is done with all calls, with and without a name; the machine's own come first.
  List<Effects.OfArchitecture> all() {
    return all;
  }

  /// What is done with each call, by architecture and name; the machine's own comes first.
  Map<Architecture, Map<String, List<Effect>>> effects() {
    return effects;
  }

  /// What this machine does with a call; nothing where it has none of that name.
  List<Effect> effects(String name) {
    return effects.getOrDefault(machine(), Map.of()).getOrDefault(name, List.of());
  }

  /// The rules about a call, by its name.
  Map<String, List<ResolvedRule>> rules() {
    return rules;
  }

  /// Whether a call goes to the kernel for some arguments.
  static boolean mayPass(List<Effect> effects) {
    return effects.stream().anyMatch(effect -> effect.verdict().kind().passes());
  }

  /// Whether a call goes to the kernel for all arguments.
  static boolean alwaysPasses(List<Effect> effects) {
    return !effects.isEmpty()
        && effects.stream().allMatch(effect -> effect.verdict().kind().passes());
  }

  /// As `socket(0x10, 0, 0, 0, 0, 0)`.
  static String call(String name, Call call) {
    return call.arguments().stream()
        .map(argument -> argument == 0 ? "0" : "0x" + Long.toHexString(argument))
        .collect(Collectors.joining(", ", name + "(", ")"));
  }

  static String list(List<String> names) {
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}

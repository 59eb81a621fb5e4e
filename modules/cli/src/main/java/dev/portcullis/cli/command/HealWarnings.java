package dev.portcullis.cli.command;

import dev.portcullis.profiles.exposure.Abilities;
import dev.portcullis.profiles.exposure.Ability;
import dev.portcullis.profiles.exposure.WidenedAbility;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.heal.EditedCalls;
import dev.portcullis.seccomp.heal.HealPlan;
import dev.portcullis.seccomp.heal.HealProposal;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a person is to judge before denied calls are allowed.
final class HealWarnings {
  private static final String USUAL = "containerd/default";
  private static final int MOST_NAMED = 3;

  private final List<HealProposal> proposals;
  private final ChangedProfile.Setting setting;
  private final List<Ability> abilities = Abilities.load();

  /// By the names of calls.
  private final Map<String, Map<Ability, Set<WidenedAbility>>> widened = new TreeMap<>();

  private final Map<String, Set<String>> texts = new TreeMap<>();

  private HealWarnings(List<HealProposal> proposals, ChangedProfile.Setting setting) {
    this.proposals = proposals;
    this.setting = setting;
  }

  /// By the names of calls. Of all proposals together: each is to be judged with the others. What
  /// cannot be judged is reported as an error.
  ///
  /// @param widest the profile that allows all proposals
  static Map<String, List<String>> of(
      HealPlan plan,
      ChangedProfile origin,
      ChangedProfile widest,
      Target target,
      ChangedProfile.Setting setting) {
    HealWarnings warnings = new HealWarnings(plan.proposals(), setting);
    warnings.ofSeveral(plan.workloads());
    warnings.refusedByName(origin.profile());
    warnings.opened(origin, widest, target);
    Map<String, List<String>> all = new TreeMap<>();
    warnings.widened.forEach((name, found) ->
        all.computeIfAbsent(name, _ -> new ArrayList<>())
            .add("a program can then use: " + warnings.titles(found)));
    warnings.texts.forEach(
        (name, found) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(found));
    return all;
  }

  private void say(String name, String text) {
    texts.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(text);
  }

  /// Some of them may have another profile, and anyone who makes a pod chooses what is refused to
  /// it.
  private void ofSeveral(List<String> workloads) {
    if (workloads.size() > 1) {
      String some = workloads.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
      String more = workloads.size() > MOST_NAMED ? ", ..." : "";
      proposals.forEach(each ->
          say(
              each.name(),
              "the denials are of several workloads or containers ("
                  + some
                  + more
                  + "), which may have other profiles; take those of one (--pod NS/NAME -c NAME)"));
    }
  }

  /// What somebody meant to refuse, rather than forgot to allow.
  private void refusedByName(ResolvedProfile profile) {
    Set<String> refused =
        profile.rules().stream()
            .filter(rule -> isRefusal(rule.outcome().action()))
            .flatMap(rule -> rule.names().stream())
            .map(SyscallName::name)
            .collect(Collectors.toSet());
    for (HealProposal proposal : proposals) {
      if (proposal.absent()) {
        say(
            proposal.name(),
            "ENOSYS lets the call seem to be absent, and programs go another way then; they"
                + " seldom need it");
      } else if (refused.contains(proposal.name())) {
        say(proposal.name(), "a rule of the profile refuses the call by its name");
      }
    }
  }

  private static boolean isRefusal(Action action) {
    return switch (action) {
      case ALLOW, LOG, NOTIFY -> false;
      case KILL, KILL_THREAD, KILL_PROCESS, TRAP, ERRNO, TRACE -> true;
    };
  }

  private void opened(ChangedProfile origin, ChangedProfile widest, Target target) {
    if (!(BuiltInDefaults.find(USUAL) instanceof BuiltInDefaults.Found(BuiltInDefault found))) {
      throw new IllegalStateException(USUAL);
    }
    ChangedProfile usual =
        setting.compiled(found.name(), Resolver.resolve(found.contents().profile(), target));
    if (usual == null) {
      return;
    }
    for (HealedFilters pair : HealedFilters.of(origin, widest, setting)) {
      switch (FilterSemantics.ask(
          List.of(pair.before(), pair.after(), usual.filters()),
          meanings -> opened(meanings, origin.profile().architectures(), found.name()))) {
        case Analysis.Understood<Boolean> _ -> {}
        case Analysis.Undecided<Boolean>(String reason) -> setting.refuse(reason);
      }
    }
  }

  private boolean opened(
      List<FilterSemantics> meanings, List<Architecture> listed, String nameOfUsual) {
    FilterSemantics before = meanings.getFirst();
    FilterSemantics after = meanings.get(1);
    Set<Architecture> ofMachine = new LinkedHashSet<>(List.of(setting.machine()));
    ofMachine.addAll(setting.machine().companions());
    Set<Architecture> all = new LinkedHashSet<>(ofMachine);
    all.addAll(listed);
    List<WidenedAbility> opened = WidenedAbility.of(before, after, abilities, all, setting.table());
    CallSet newly = WidenedAbility.newly(before, after);
    CallSet unusual = unusual(newly, meanings.getLast(), ofMachine);
    CallSet asked = asked(before, newly);
    for (HealProposal proposal : proposals) {
      CallSet its = of(proposal, newly);
      if (!its.and(asked).isEmpty()) {
        say(proposal.name(), "another process decides about the call now, and would not be asked");
      }
      if (!its.isEmpty() && isOfOthers(proposal.name(), ofMachine)) {
        say(proposal.name(), "only programs of other machines make this call");
      }
      if (!its.and(unusual).isEmpty()) {
        say(proposal.name(), nameOfUsual + " refuses it, too; programs seldom need it");
      }
      for (WidenedAbility each : opened) {
        if (!its.and(each.calls()).isEmpty()) {
          widened
              .computeIfAbsent(proposal.name(), _ -> new LinkedHashMap<>())
              .computeIfAbsent(each.ability(), _ -> new LinkedHashSet<>())
              .add(each);
        }
      }
    }
    return true;
  }

  private static CallSet asked(FilterSemantics before, CallSet calls) {
    CallSet asked = calls.none();
    for (Map.Entry<Verdict, CallSet> each : before.verdicts().entrySet()) {
      if (each.getKey().kind().asks()) {
        asked = asked.or(each.getValue());
      }
    }
    return asked.and(calls);
  }

  private boolean isOfOthers(String name, Set<Architecture> ofMachine) {
    return ofMachine.stream().noneMatch(each -> setting.table().of(each).containsValue(name));
  }

  /// Those that the default of a runtime does not let pass, of the architectures that it knows.
  private static CallSet unusual(
      CallSet calls, FilterSemantics usual, Set<Architecture> architectures) {
    CallSet refused = calls.none();
    for (Map.Entry<Verdict, CallSet> each : usual.verdicts().entrySet()) {
      if (!each.getKey().kind().passes()) {
        refused = refused.or(each.getValue());
      }
    }
    CallSet left = calls.none();
    for (Architecture architecture : architectures) {
      left = left.or(calls.ofArchitecture(architecture.token()));
    }
    return left.and(refused);
  }

  /// Those that a proposal is about; all where there are too many conditions to say.
  private CallSet of(HealProposal proposal, CallSet calls) {
    CallSet its = calls.none();
    for (ProfileEdit edit : proposal.edits()) {
      its = its.or(EditedCalls.among(calls, edit, setting.table()).orElse(calls));
    }
    return its;
  }

  private String titles(Map<Ability, Set<WidenedAbility>> found) {
    return found.entrySet().stream()
        .map(each -> title(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String title(Ability ability, Set<WidenedAbility> ways) {
    Set<Architecture> on =
        ways.stream().map(WidenedAbility::architecture).collect(Collectors.toSet());
    return (ways.stream().allMatch(WidenedAbility::more) ? "more of " : "")
        + ability.title()
        + (on.contains(setting.machine())
            ? ""
            : on.stream()
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(" and ", " on ", "")));
  }
}

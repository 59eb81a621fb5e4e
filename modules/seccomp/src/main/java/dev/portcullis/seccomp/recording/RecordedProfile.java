package dev.portcullis.seccomp.recording;

import static java.util.stream.Collectors.toCollection;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The profile that allows the calls of a recording, and of others only what it takes to start and
/// run under it.
///
/// One list of names holds for all architectures of a profile: a call that programs of one of them
/// made is allowed on the others, too.
///
/// @param profile that denies with EPERM what it does not allow. What was added stands in rules of
///   its own
/// @param additions what it allows beside the recorded calls
/// @param remarks what the profile cannot say, or does not know
public record RecordedProfile(
    ResolvedProfile profile, List<Addition> additions, List<String> remarks) {
  private static final String CLONE = "clone";
  private static final String CLONE_3 = "clone3";

  public RecordedProfile {
    additions = List.copyOf(additions);
    remarks = List.copyOf(remarks);
  }

  /// Calls that were added.
  ///
  /// @param reason in words that follow "added"
  public record Addition(String reason, List<String> calls) {
    public Addition {
      calls = List.copyOf(calls);
    }
  }

  /// Makes it.
  public static RecordedProfile of(Recording recording, ProfileWish wish) {
    return of(recording, recording.program(), wish);
  }

  /// What a profile lacks for a recording: to be put together with it.
  ///
  /// @param filters of the profile
  public static RecordedProfile beyond(
      ResolvedProfile base, Filters filters, Recording recording, ProfileWish wish) {
    RecordedProfile made =
        of(recording, new BaseProfile(base, filters).refused(recording.program()), wish);
    List<Architecture> architectures = new ArrayList<>(base.architectures());
    made.profile().architectures().stream()
        .filter(each -> !architectures.contains(each))
        .forEach(architectures::add);
    Outcome outcome = base.defaultOutcome();
    return new RecordedProfile(
        new ResolvedProfile(
            // Nothing that is less severe than what the base does with any other call.
            outcome.action().letsThrough()
                ? new Outcome(Position.NONE, Action.KILL_PROCESS, null)
                : outcome,
            architectures,
            base.flags(),
            base.listener(),
            made.profile().rules()),
        made.additions(),
        made.remarks());
  }

  private static RecordedProfile of(
      Recording recording, List<RecordedCall> allowing, ProfileWish wish) {
    AllowedCalls allowed = new AllowedCalls();
    RecordingRemarks remarks = new RecordingRemarks();
    RefusedRules refused = new RefusedRules(recording.refused());
    boolean withoutClone3 = hidesNamespaces(recording, wish);
    recording.program().forEach(remarks::about);
    for (RecordedCall call : allowing) {
      if (!call.name().isEmpty() && !(withoutClone3 && call.name().equals(CLONE_3))) {
        CallConditions.of(call, wish.arguments()).forEach(each -> allowed.add(call.name(), each));
      }
    }
    List<ResolvedRule> rules = new ArrayList<>(allowed.rules());
    List<Addition> additions = new ArrayList<>();
    if (withoutClone3) {
      add(
          "because clone3 fails with ENOSYS here, and the C library uses clone then: the filter"
              + " cannot see the flags of clone3",
          List.of(
              new NeededCalls.Call(
                  CLONE, List.of(NeededCalls.equal(0, ArgumentSelection.NAMESPACES, 0)))),
          allowed,
          refused,
          rules,
          additions);
      rules.add(
          rule(
              List.of(CLONE_3), new Outcome(Position.NONE, Action.ERRNO, Errno.ENOSYS), List.of()));
    }
    if (withoutClone3 && wish.way() == RecordingWay.TRACE) {
      remarks.add(
          "clone3 was made, and a trace does not have its flags: the profile answers it with ENOSYS,"
              + " and a program that makes a namespace by it fails");
    }
    add(
        switch (wish.way()) {
          case NOTIFICATION -> "because recording does not ask about them";
          case TRACE ->
              "because runtimes make them before the program, and programs by chance, as at a"
                  + " signal";
        },
        NeededCalls.of(NeededCalls.UNASKED),
        allowed,
        refused,
        rules,
        additions);
    add(
        "because the C library makes them without the kernel where the clock allows it",
        NeededCalls.of(NeededCalls.VDSO),
        allowed,
        refused,
        rules,
        additions);
    if (wish.way() == RecordingWay.NOTIFICATION
        && recording.program().stream().anyMatch(call -> call.name().equals(CLONE))) {
      add(
          "because recording sees children, and not which call makes them",
          NeededCalls.of(NeededCalls.CHILDREN),
          allowed,
          refused,
          rules,
          additions);
    }
    add(
        "because a program waits by them only if it has to",
        NeededCalls.of(NeededCalls.WAITS),
        allowed,
        refused,
        rules,
        additions);
    for (String runtime : wish.ociRuntimes()) {
      add(
          "because " + runtime + " needs them before it executes the program",
          NeededCalls.of(runtime),
          allowed,
          refused,
          rules,
          additions);
    }
    // What was added for all arguments leaves nothing for a condition to say.
    rules.removeIf(rule ->
        !rule.arguments().isEmpty() && allowed.allows(rule.names().getFirst().name(), List.of()));
    rules.addAll(refused.rules(allowed, withoutClone3 ? Set.of(CLONE_3) : Set.of()));
    refused.remarks(allowed).forEach(remarks::add);
    ResolvedProfile profile =
        new ResolvedProfile(
            new Outcome(Position.NONE, Action.ERRNO, RefusedRules.USUAL),
            architectures(recording, wish.machine()),
            List.of(),
            Listener.NONE,
            rules);
    return new RecordedProfile(profile, additions, remarks.all());
  }

  /// Whether programs made clone3, never for a new namespace as far as it is known, and a condition
  /// on it is wanted.
  private static boolean hidesNamespaces(Recording recording, ProfileWish wish) {
    List<RecordedCall> made =
        recording.program().stream().filter(call -> call.name().equals(CLONE_3)).toList();
    if (wish.arguments() == ArgumentConditions.NONE || made.isEmpty()) {
      return false;
    }
    // A trace does not show the flags: nothing wider than what was seen.
    return wish.way() == RecordingWay.TRACE
        || made.stream()
            .allMatch(call ->
                call.isComplete()
                    && call.values().stream()
                        .map(value -> value.of().getFirst())
                        .noneMatch(flags ->
                            flags == ArgumentSelection.UNREADABLE
                                // CLONE_NEWTIME is a flag of clone3.
                                || (flags & (ArgumentSelection.NAMESPACES | 0x80)) != 0));
  }

  private static void add(
      String reason,
      List<NeededCalls.Call> needed,
      AllowedCalls allowed,
      RefusedRules refused,
      List<ResolvedRule> rules,
      List<Addition> additions) {
    AllowedCalls more = new AllowedCalls();
    List<NeededCalls.Call> lacking =
        needed.stream().filter(call -> !refused.holds(call.name(), allowed)).toList();
    for (NeededCalls.Call call : lacking) {
      if (!allowed.allows(call.name(), call.conditions())) {
        more.add(call.name(), call.conditions());
      }
    }
    for (NeededCalls.Call call : lacking) {
      allowed.add(call.name(), call.conditions());
    }
    if (!more.isEmpty()) {
      rules.addAll(more.rules());
      additions.add(new Addition(reason, more.texts()));
    }
  }

  private static List<Architecture> architectures(Recording recording, Architecture machine) {
    Set<Architecture> others =
        recording.program().stream()
            .map(RecordedCall::architecture)
            .filter(each -> each != machine)
            .collect(toCollection(TreeSet::new));
    List<Architecture> all = new ArrayList<>(List.of(machine));
    all.addAll(others);
    return all;
  }

  static ResolvedRule rule(
      List<String> names, Outcome outcome, List<ArgumentCondition> conditions) {
    return new ResolvedRule(
        Position.NONE,
        names.stream().map(name -> new SyscallName(Position.NONE, name)).toList(),
        outcome,
        conditions,
        "");
  }

  /// The same additions and remarks, for the profile that came of it.
  public RecordedProfile with(ResolvedProfile other) {
    return new RecordedProfile(other, additions, remarks);
  }

  /// The calls that the profile allows by name, with the conditions of each; for reading.
  static Map<String, Set<List<ArgumentCondition>>> conditions(ResolvedProfile profile) {
    AllowedCalls allowed = new AllowedCalls();
    for (ResolvedRule rule : profile.rules()) {
      if (rule.outcome().action().letsThrough()) {
        rule.names().forEach(name -> allowed.add(name.name(), rule.arguments()));
      }
    }
    return allowed.byName();
  }
}

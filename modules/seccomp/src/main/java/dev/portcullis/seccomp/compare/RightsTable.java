package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.RightsCalls;
import dev.portcullis.seccomp.syscall.RightsCalls.RightsCall;
import dev.portcullis.seccomp.syscall.RightsCalls.Which;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls by which rights are given up, by {@link RightsCalls}, on every architecture.
final class RightsTable {
  private static final int SIGN = 0x80000000;
  private static final List<RightsCall> CALLS = RightsCalls.load();

  private final FilterSemantics mine;
  private final CallSet everything;
  private final SyscallTable table;
  private final Map<Architecture, CallSet> known = new EnumMap<>(Architecture.class);

  /// Computed on first use.
  private @Nullable CallSet killed;

  /// @param mine what the first filter does
  RightsTable(FilterSemantics mine, SyscallTable table) {
    this.mine = mine;
    this.table = table;
    everything = mine.everything();
  }

  /// Those of some calls in which an answer of the first filter leaves rights to the program that
  /// made them.
  ///
  /// @param answer of the first filter to all of them
  CallSet keptBy(Kind answer, CallSet calls) {
    CallSet kept = everything.none();
    for (Architecture architecture : Architecture.values()) {
      CallSet here = calls.ofArchitecture(architecture.token());
      if (!here.isEmpty() && !(answer == Kind.KILL_THREAD && allAreKilled(architecture))) {
        kept = kept.or(here.and(known.computeIfAbsent(architecture, this::find)));
      }
    }
    return kept;
  }

  /// Whether the first filter kills for every call of an architecture, which is what becomes of one
  /// that a profile does not list: a thread that makes such calls has ended with its first.
  private boolean allAreKilled(Architecture architecture) {
    if (killed == null) {
      killed = killed();
    }
    CallSet all = everything.ofArchitecture(architecture.token());
    if (architecture == Architecture.X86_64) {
      all = all.ofNumbers(Architecture.X32_BIT | SIGN, 0);
    } else if (architecture == Architecture.X32) {
      all = all.ofNumbers(Architecture.X32_BIT | SIGN, Architecture.X32_BIT);
    }
    return all.minus(killed).isEmpty();
  }

  private CallSet killed() {
    CallSet found = everything.none();
    for (Map.Entry<Verdict, CallSet> each : mine.verdicts().entrySet()) {
      found =
          switch (each.getKey().kind()) {
            case KILL_PROCESS, KILL_THREAD -> found.or(each.getValue());
            case TRAP, ERRNO, USER_NOTIF, TRACE, LOG, ALLOW -> found;
          };
    }
    return found;
  }

  private CallSet find(Architecture architecture) {
    CallSet all = everything.ofArchitecture(architecture.token());
    CallSet found = everything.none();
    Map<Integer, String> names = table.of(architecture);
    for (RightsCall call : CALLS) {
      for (Map.Entry<Integer, String> entry : names.entrySet()) {
        if (entry.getValue().equals(call.name())) {
          found = found.or(which(call.which(), all.ofNumbers(-1, entry.getKey())));
        }
      }
      if (call.number() >= 0) {
        int number = architecture.firstNumber() + call.number();
        found = found.or(which(call.which(), all.ofNumbers(-1, number)));
      }
    }
    return found;
  }

  private static CallSet which(Which which, CallSet calls) {
    return switch (which) {
      case Which.Every _ -> calls;
      case Which.Only(int argument, List<Integer> values) -> calls.ofArgument(argument, values);
      case Which.But(int argument, List<Integer> values) ->
          calls.minus(calls.ofArgument(argument, values));
    };
  }
}

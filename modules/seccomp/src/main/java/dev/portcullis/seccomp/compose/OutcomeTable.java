package dev.portcullis.seccomp.compose;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How profiles spell what the kernel does.
public final class OutcomeTable {
  private static final int EPERM = 1;

  private final Map<Verdict, Outcome> spelled = new HashMap<>();

  /// By the spellings of these, the first of each.
  public OutcomeTable(List<NamedProfile> parts) {
    for (NamedProfile part : parts) {
      ResolvedProfile profile = part.profile();
      add(profile.defaultOutcome());
      for (ResolvedRule rule : profile.rules()) {
        add(rule.outcome());
      }
    }
  }

  private void add(Outcome outcome) {
    spelled.putIfAbsent(of(outcome), new Outcome(Position.NONE, outcome.action(), outcome.errno()));
  }

  /// What the kernel does.
  static Verdict of(Outcome outcome) {
    return switch (outcome.action()) {
      case KILL, KILL_THREAD -> new Verdict(Kind.KILL_THREAD, 0);
      case KILL_PROCESS -> new Verdict(Kind.KILL_PROCESS, 0);
      case TRAP -> new Verdict(Kind.TRAP, 0);
      case ERRNO -> Verdict.of(new Verdict(Kind.ERRNO, outcome.effectiveErrno() & 0xffff).value());
      case NOTIFY -> new Verdict(Kind.USER_NOTIF, 0);
      case TRACE -> new Verdict(Kind.TRACE, outcome.effectiveErrno() & 0xffff);
      case LOG -> new Verdict(Kind.LOG, 0);
      case ALLOW -> new Verdict(Kind.ALLOW, 0);
    };
  }

  /// As a profile expresses it.
  public Outcome of(Verdict verdict) {
    return spelled.computeIfAbsent(verdict, OutcomeTable::made);
  }

  private static Outcome made(Verdict verdict) {
    return switch (verdict.kind()) {
      case KILL_PROCESS -> new Outcome(Position.NONE, Action.KILL_PROCESS, null);
      case KILL_THREAD -> new Outcome(Position.NONE, Action.KILL_THREAD, null);
      case TRAP -> new Outcome(Position.NONE, Action.TRAP, null);
      case ERRNO ->
          new Outcome(Position.NONE, Action.ERRNO, verdict.data() == EPERM ? null : verdict.data());
      case USER_NOTIF -> new Outcome(Position.NONE, Action.NOTIFY, null);
      case TRACE -> new Outcome(Position.NONE, Action.TRACE, verdict.data());
      case LOG -> new Outcome(Position.NONE, Action.LOG, null);
      case ALLOW -> new Outcome(Position.NONE, Action.ALLOW, null);
    };
  }
}

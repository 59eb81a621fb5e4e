package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The profile of a container that holds while the container is recorded: what answers its calls
/// lets those fail that its filter would not let through, with the same errno.
public final class KeptProfile {
  /// What stands for a call that goes on.
  public static final int PASSES = -1;

  /// EPERM, for what cannot happen: the filter was asked about all calls before.
  private static final int DENIED = 1;

  private static final List<ArgumentValues.Masked> ANY =
      Collections.nCopies(Call.ARGUMENTS, new ArgumentValues.Masked(0, 0));

  private final List<Architecture> architectures;
  private final List<Filters> filters;
  private final Set<Long> denying;
  private final Set<String> denied;
  private final boolean plainClone;

  private KeptProfile(
      List<Architecture> architectures,
      List<Filters> filters,
      Set<Long> denying,
      Set<String> denied,
      boolean plainClone) {
    this.architectures = architectures;
    this.filters = filters;
    this.denying = denying;
    this.denied = denied;
    this.plainClone = plainClone;
  }

  /// What came of understanding a profile.
  public sealed interface Answer {}

  /// It can hold.
  public record Keepable(KeptProfile profile) implements Answer {}

  /// It cannot.
  public record NotKeepable(String reason) implements Answer {}

  /// Understands one.
  ///
  /// @param name for people
  /// @param filters that libseccomp makes of it, in the way of each OCI runtime that may make the
  ///   container: what one of them refuses is refused, and the first one's errno counts
  public static Answer read(
      String name,
      ResolvedProfile profile,
      Collection<Filters> filters,
      Architecture machine,
      SyscallTable table) {
    List<Architecture> architectures = new ArrayList<>(List.of(machine));
    machine.companions().stream()
        .filter(profile.architectures()::contains)
        .forEach(architectures::add);
    List<Filters> all = filters.stream().distinct().toList();
    return switch (FilterSemantics.ask(
        all, meanings -> read(name, architectures, all, meanings, table))) {
      case Analysis.Understood(Answer reading) -> reading;
      case Analysis.Undecided(String reason) -> new NotKeepable(name + ": " + reason);
    };
  }

  private static Answer read(
      String name,
      List<Architecture> architectures,
      List<Filters> filters,
      List<FilterSemantics> meanings,
      SyscallTable table) {
    Set<Long> denying = new HashSet<>();
    Set<String> denied = new HashSet<>();
    boolean plainClone = true;
    for (Architecture architecture : architectures) {
      for (var call : table.of(architecture).entrySet()) {
        Set<Verdict> verdicts = verdicts(meanings, architecture, call.getKey(), ANY);
        for (Verdict verdict : verdicts) {
          if (!verdict.kind().passes() && verdict.kind() != Kind.ERRNO) {
            return new NotKeepable(
                name
                    + " answers "
                    + call.getValue()
                    + " with "
                    + verdict
                    + "; while it is recorded, a container can be given an errno, and nothing"
                    + " else");
          }
        }
        if (verdicts.stream().allMatch(verdict -> verdict.kind().passes())) {
          continue;
        }
        // runc does not let anybody be asked about it.
        if (call.getValue().equals("write")) {
          return new NotKeepable(name + " refuses write, about which runtimes cannot be asked");
        }
        denying.add(key(architecture.token(), call.getKey()));
        denied.add(call.getValue());
        if (call.getValue().equals("clone")) {
          List<ArgumentValues.Masked> plain = new ArrayList<>(ANY);
          plain.set(0, new ArgumentValues.Masked(ArgumentSelection.NAMESPACES, 0));
          plainClone &=
              verdicts(meanings, architecture, call.getKey(), plain).stream()
                  .allMatch(verdict -> verdict.kind().passes());
        }
      }
    }
    return new Keepable(new KeptProfile(architectures, filters, denying, denied, plainClone));
  }

  private static Set<Verdict> verdicts(
      List<FilterSemantics> meanings,
      Architecture architecture,
      int number,
      List<ArgumentValues.Masked> arguments) {
    Set<Verdict> verdicts = new LinkedHashSet<>();
    meanings.forEach(
        each -> verdicts.addAll(each.verdicts(architecture.token(), number, arguments)));
    return verdicts;
  }

  private static long key(int architecture, int number) {
    return (long) architecture << 32 | (number & 0xffffffffL);
  }

  /// On all others it lets nothing run.
  List<Architecture> architectures() {
    return architectures;
  }

  /// Whether it may refuse the call on one of its architectures.
  boolean mayRefuse(String call) {
    return denied.contains(call);
  }

  /// Whether every clone that makes no namespace passes.
  boolean letsPlainClone() {
    return plainClone;
  }

  /// The errno by which a call fails; {@link #PASSES} where it goes on.
  ///
  /// @param arguments six, as the program gave them
  public int errno(int architecture, int number, long[] arguments) {
    if (!denying.contains(key(architecture, number))) {
      return PASSES;
    }
    Call call = Call.of(architecture, number, arguments);
    for (Filters each : filters) {
      Verdict verdict = each.run(call);
      if (!verdict.kind().passes()) {
        return verdict.kind() == Kind.ERRNO ? verdict.data() : DENIED;
      }
    }
    return PASSES;
  }
}

package dev.portcullis.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.heal.DenialParseResult;
import dev.portcullis.seccomp.heal.DenialReader;
import dev.portcullis.seccomp.heal.DenialRecord;
import dev.portcullis.seccomp.heal.HealPlan;
import dev.portcullis.seccomp.heal.HealProposal;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Denials as files have them, which programs have a say in: each is read or refused with a reason,
/// what stands in quotes names no call, and nothing is proposed but what a record is about.
public final class DenialTarget {
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final ResolvedProfile PROFILE = profile();
  private static final Filters FILTERS = filters();

  private DenialTarget() {}

  /// Called by the fuzzer.
  public static void fuzzerTestOneInput(byte[] input) {
    boolean _ = holds(input);
  }

  /// Whether all of the promise was put to the test: something was proposed.
  static boolean holds(byte[] input) {
    return switch (DenialReader.read(input)) {
      case DenialParseResult.Rejected(_, String message) -> {
        if (message.isBlank()) {
          throw new AssertionError("refused without a reason");
        }
        yield false;
      }
      case DenialParseResult.Read(List<DenialRecord> denials, long lost) -> {
        if (lost < 0) {
          throw new AssertionError("fewer than no records are missing: " + lost);
        }
        denials.forEach(DenialTarget::requireSound);
        requireSameOutsideOfQuotes(new String(input, UTF_8), denials);
        yield proposes(denials);
      }
    };
  }

  private static void requireSound(DenialRecord denial) {
    String call = denial.call();
    boolean sound =
        Character.isDigit(call.charAt(0))
            ? Long.parseLong(call) <= 0xffffffffL
            : call.matches("[a-z0-9_]+");
    if (!sound || denial.count() < 0 || denial.arguments().size() > 6) {
      throw new AssertionError("no record: " + denial);
    }
  }

  /// The name and the path of a program, which it chooses, stand in quotes.
  private static void requireSameOutsideOfQuotes(String text, List<DenialRecord> denials) {
    if (text.stripLeading().startsWith("{")) {
      return;
    }
    StringBuilder harmless = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      quoted = each != '\n' && (each == '"') != quoted;
      harmless.append(quoted && each != '"' ? 'x' : each);
    }
    if (!(DenialReader.read(harmless.toString().getBytes(UTF_8))
            instanceof DenialParseResult.Read(List<DenialRecord> others, _))
        || !calls(denials).equals(calls(others))) {
      throw new AssertionError("read of what a program says: " + denials);
    }
  }

  private static List<String> calls(List<DenialRecord> denials) {
    return denials.stream().map(each -> each.architecture() + " " + each.call()).toList();
  }

  private static boolean proposes(List<DenialRecord> denials) {
    HealPlan plan =
        switch (FilterSemantics.ask(
            List.of(FILTERS),
            meanings ->
                HealPlan.of(denials, PROFILE, meanings.getFirst(), TABLE, Architecture.X86_64))) {
          case Analysis.Understood(HealPlan made) -> made;
          case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
        };
    Set<String> names = new HashSet<>();
    for (DenialRecord denial : denials) {
      String call = denial.call();
      names.add(
          Character.isDigit(call.charAt(0))
              ? TABLE.of(denial.architecture()).getOrDefault(Integer.parseUnsignedInt(call), "")
              : call);
    }
    for (HealProposal proposal : plan.proposals()) {
      if (!names.contains(proposal.name())
          || proposal.count() < 0
          || proposal.edits().stream()
              .anyMatch(edit -> !edit.names().equals(List.of(proposal.name())))) {
        throw new AssertionError("proposed without a record: " + proposal);
      }
    }
    return !plan.proposals().isEmpty();
  }

  private static ResolvedProfile profile() {
    String text =
        """
        {"defaultAction": "SCMP_ACT_ERRNO",
         "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
         "syscalls": [
          {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
          {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
           "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
          {"names": ["bpf"], "action": "SCMP_ACT_KILL_PROCESS"}]}
        """;
    if (!(ProfileReader.read(text.getBytes(UTF_8))
        instanceof ProfileParseResult.Read(Profile profile, _))) {
      throw new IllegalStateException(text);
    }
    return ResolvedProfile.of(profile).orElseThrow();
  }

  private static Filters filters() {
    if (!(Compiler.inThisProcess().compile(PROFILE, Dialect.RUNC)
        instanceof Compilation.Compiled compiled)) {
      throw new IllegalStateException("no filter");
    }
    return Filters.of(compiled.program());
  }
}

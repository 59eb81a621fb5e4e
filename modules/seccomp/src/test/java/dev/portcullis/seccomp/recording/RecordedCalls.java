package dev.portcullis.seccomp.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import java.util.Map;

/// Recordings for tests.
final class RecordedCalls {
  static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  static final int X86_64 = Architecture.X86_64.token();
  static final int X86 = Architecture.X86.token();

  private RecordedCalls() {}

  static int number(Architecture architecture, String name) {
    return TABLE.of(architecture).entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  static CallTally tally() {
    return new CallTally(Architecture.X86_64, TABLE);
  }

  static void count(CallTally tally, String name, long... arguments) {
    long[] six = new long[6];
    System.arraycopy(arguments, 0, six, 0, arguments.length);
    tally.count(X86_64, number(Architecture.X86_64, name), six);
  }

  static Recording recording(CallTally tally) {
    return new Recording(
        List.of(new RecordedRun("default/web", "app", "busybox", "runc", "6.18")),
        tally.calls(),
        List.of());
  }

  static ProfileWish wish(ArgumentConditions arguments, String... runtimes) {
    return new ProfileWish(arguments, List.of(runtimes), Architecture.X86_64);
  }

  static Filters filters(ResolvedProfile profile, Dialect dialect) {
    return switch (Compiler.inThisProcess().compile(profile, dialect)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new AssertionError(other);
    };
  }

  static Verdict verdict(Filters filters, String name, long... arguments) {
    return filters.run(Call.of(X86_64, number(Architecture.X86_64, name), arguments));
  }

  static void allows(Filters filters, String name, long... arguments) {
    assertThat(verdict(filters, name, arguments).kind()).as(name).isEqualTo(Kind.ALLOW);
  }

  static void denies(Filters filters, String name, long... arguments) {
    assertThat(verdict(filters, name, arguments)).as(name).hasToString("EPERM");
  }
}

package dev.portcullis.profiles.exposure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A machine of x86_64, and what runs on it, for tests.
final class Machine {
  static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  static final CallNumbers NUMBERS = new CallNumbers(Architecture.X86_64, TABLE);
  static final ChangeReader CALLS = new ChangeReader(SyscallGroups.load(), names());
  static final VulnerabilityReader READER = new VulnerabilityReader(CALLS);
  static final Catalogue CATALOGUE = Catalogue.builtIn(READER);

  /// Those of a container that asks for nothing.
  static final Privileges USUAL =
      new Privileges(Set.of("CAP_CHOWN", "CAP_NET_RAW", "CAP_SETUID"), true);

  private Machine() {}

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    Effects.USUAL.forEach(each -> names.addAll(TABLE.of(each).values()));
    return names;
  }

  /// A profile for x86_64, x86 and x32.
  static ResolvedProfile profile(String defaultAction, String rules) {
    return profile("'SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'", defaultAction, rules);
  }

  /// A profile for x86_64 alone: all others are killed.
  static ResolvedProfile profileOfX8664(String defaultAction, String rules) {
    return profile("'SCMP_ARCH_X86_64'", defaultAction, rules);
  }

  private static ResolvedProfile profile(String architectures, String defaultAction, String rules) {
    String json =
        "{'defaultAction':'SCMP_ACT_"
            + defaultAction
            + "','architectures':["
            + architectures
            + "],'syscalls':["
            + rules
            + "]}";
    return switch (ProfileReader.read(json.replace('\'', '"').getBytes(UTF_8))) {
      case ProfileParseResult.Read read -> ResolvedProfile.of(read.profile()).orElseThrow();
      case ProfileParseResult.Rejected rejected ->
          throw new AssertionError(rejected.findings().toString());
    };
  }

  static Filters filters(ResolvedProfile profile) {
    return switch (Compiler.inThisProcess().compile(profile, Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  /// A vulnerability with these needs.
  static Vulnerability needing(String needs) {
    VulnerabilityReader.Read read = READER.read(entry(needs).getBytes(UTF_8));
    if (!read.errors().isEmpty()) {
      throw new AssertionError(read.errors().toString());
    }
    return read.entries().getFirst();
  }

  static String entry(String needs) {
    return """
    id: TEST-1
    title: a test
    date: "2026-01-02"
    summary: something goes wrong
    certainty: none, it is a test
    loses: nothing
    sources: ["https://example.org/1"]
    needs:
    """
        + needs.indent(2);
  }

  static Reach reach(Filters filters, Privileges privileges, String needs) {
    Vulnerability vulnerability = needing(needs);
    Reach reach =
        ReachAnalysis.of(filters, privileges, List.of(vulnerability), NUMBERS).get(vulnerability);
    if (reach == null) {
      throw new AssertionError("no answer");
    }
    return reach;
  }
}

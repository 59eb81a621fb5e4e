package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.runtime.OciRuntimeFacts;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is right by the specification and refused by runc 1.1, which Debian 12 has. Other runtimes
/// take it; who knows the runtime decides what it means.
final class RuncRefusals implements Check {
  private static final List<String> FLAGS = Runtimes.known().flags();

  /// Debian 12's: "string SCMP_ARCH_RISCV64 is not a valid arch for seccomp".
  private static final OciRuntimeFacts RUNC_1_1 =
      Runtimes.known().oci(Runtimes.RUNC, "1.1.5").orElseThrow().facts();

  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    if (!profile.flags().isEmpty()) {
      found.add(
          new Finding(
              Problem.RUNC_REFUSES_FLAGS,
              profile.flags().getFirst().at(),
              "runc 1.1 rejects every profile with `flags` (\"seccomp flags are not yet supported"
                  + " by runc\"); remove them for runc 1.1; crun accepts them"));
    }
    for (Flag flag : profile.flags()) {
      if (!FLAGS.contains(flag.name())) {
        found.add(
            new Finding(
                Problem.UNKNOWN_FLAG,
                flag.at(),
                "no runtime knows this flag" + SpellingHint.hint(flag.name(), FLAGS)));
      }
    }
    List<String> refused =
        architectures(profile.architectures())
            .filter(RUNC_1_1.refusedArchitectures()::contains)
            .map(Architecture::spelling)
            .toList();
    if (!refused.isEmpty()) {
      found.add(
          new Finding(
              Problem.RUNC_REFUSES_ARCHITECTURE,
              profile.defaultOutcome().at(),
              "runc 1.1 rejects a profile for " + String.join(", ", refused)));
    }
    return found;
  }

  private static Stream<Architecture> architectures(Architectures architectures) {
    return switch (architectures) {
      case Architectures.Listed(List<Architecture> list) -> list.stream();
      // Only the machine's entry reaches the runtime, and which it is, is not known here.
      case Architectures.Mapped _ -> Stream.empty();
    };
  }
}

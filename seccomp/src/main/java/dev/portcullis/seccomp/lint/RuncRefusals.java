package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Nearest;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Profile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What is right by the specification and refused by runc 1.1, which Debian 12 has. Other runtimes
/// take it; who knows the runtime decides what it means.
final class RuncRefusals implements Check {
  /// The flags of seccomp(2) that the OCI runtime specification has.
  private static final List<String> FLAGS =
      List.of(
          "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

  /// Measured with runc 1.1.5: "string SCMP_ARCH_RISCV64 is not a valid arch for seccomp".
  private static final Set<Architecture> REFUSED =
      EnumSet.of(
          Architecture.RISCV64,
          Architecture.LOONGARCH64,
          Architecture.M68K,
          Architecture.PARISC,
          Architecture.PARISC64,
          Architecture.SH,
          Architecture.SHEB);

  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    if (!profile.flags().isEmpty()) {
      found.add(
          new Finding(
              Problem.RUNC_REFUSES_FLAGS,
              profile.flags().getFirst().at(),
              "runc 1.1 refuses every profile with `flags` (\"seccomp flags are not yet supported"
                  + " by runc\"); remove them for it, crun takes them"));
    }
    for (Flag flag : profile.flags()) {
      if (!FLAGS.contains(flag.name())) {
        found.add(
            new Finding(
                Problem.UNKNOWN_FLAG,
                flag.at(),
                "no runtime knows this flag" + Nearest.hint(flag.name(), FLAGS)));
      }
    }
    List<String> refused =
        architectures(profile.architectures())
            .filter(REFUSED::contains)
            .map(Architecture::spelling)
            .toList();
    if (!refused.isEmpty()) {
      found.add(
          new Finding(
              Problem.RUNC_REFUSES_ARCHITECTURE,
              profile.defaultOutcome().at(),
              "runc 1.1 refuses a profile for " + String.join(", ", refused)));
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

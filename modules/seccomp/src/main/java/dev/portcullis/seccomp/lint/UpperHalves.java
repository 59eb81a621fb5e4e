package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.meaning.Bypass;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Denied calls that succeed with other values of the bits that the kernel ignores: a filter
/// compares 64 bits, but the kernel reads 32 of an `int`.
///
/// On architectures of 32 bits there are no others.
final class UpperHalves implements FilterCheck {
  private static final List<Architecture> WIDE =
      List.of(Architecture.X86_64, Architecture.AARCH64, Architecture.X32);

  private static final int MOST = 20;

  private record Found(Architecture architecture, String name, Bypass bypass) {}

  @Override
  public List<Finding> judge(LintContext judged) {
    TreeMap<String, Found> all = new TreeMap<>();
    judged
        .effects()
        .forEach((architecture, there) -> {
          if (WIDE.contains(architecture)) {
            judged
                .table()
                .of(architecture)
                .forEach((number, name) -> {
                  List<Effect> effects = there.getOrDefault(name, List.of());
                  if (effects.size() > 1 && !all.containsKey(name)) {
                    bypass(judged, architecture, number, name)
                        .ifPresent(bypass -> all.put(name, new Found(architecture, name, bypass)));
                  }
                });
          }
        });
    return all.values().stream().limit(MOST).map(found -> finding(judged, found)).toList();
  }

  private static Optional<Bypass> bypass(
      LintContext judged, Architecture architecture, int number, String name) {
    List<Long> taken =
        IntStream.range(0, Call.ARGUMENTS)
            .mapToObj(argument -> ArgumentWidths.taken(name, argument))
            .toList();
    return judged.meaning().bypass(architecture.token(), number, taken);
  }

  private static Finding finding(LintContext judged, Found found) {
    Bypass bypass = found.bypass();
    List<Integer> arguments =
        IntStream.range(0, Call.ARGUMENTS)
            .filter(each ->
                !bypass
                    .denied()
                    .arguments()
                    .get(each)
                    .equals(bypass.passed().arguments().get(each)))
            .boxed()
            .toList();
    int bits = ArgumentWidths.bits(found.name(), arguments.getFirst());
    return new Finding(
        Problem.UPPER_HALF_IGNORED,
        judged.rules().getOrDefault(found.name(), List.of()).stream()
            .filter(rule -> !rule.arguments().isEmpty())
            .map(ResolvedRule::at)
            .findFirst()
            .orElse(judged.profile().defaultOutcome().at()),
        "the kernel reads "
            + bits
            + " bits of "
            + arguments.stream()
                .map(argument -> ArgumentNames.name(List.of(found.name()), argument))
                .collect(Collectors.joining(" and of "))
            + ", and this filter compares 64: "
            + LintContext.call(found.name(), bypass.denied())
            + " is "
            + judged.filters().run(bypass.denied())
            + ", and "
            + LintContext.call(found.name(), bypass.passed())
            + " is "
            + judged.filters().run(bypass.passed())
            + " with the same effect"
            + (found.architecture() == judged.machine()
                ? ""
                : " on " + found.architecture().name().toLowerCase(Locale.ROOT))
            + "; compare with SCMP_CMP_MASKED_EQ and the mask "
            + Long.toUnsignedString(-1L >>> (Long.SIZE - bits))
            + ", as portcullis profile derive does");
  }
}

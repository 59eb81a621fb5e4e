package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What filters do, exactly, by the names of calls.
///
/// @param architectures those that were asked for, in that order
/// @param elsewhere what they do with calls of architectures other than {@link #USUAL}
public record Effects(List<OfArchitecture> architectures, List<Verdict> elsewhere) {
  /// The architectures that are looked at where no others are asked for.
  public static final List<Architecture> USUAL =
      List.of(
          Architecture.X86_64,
          Architecture.X86,
          Architecture.X32,
          Architecture.AARCH64,
          Architecture.ARM);

  public Effects {
    architectures = List.copyOf(architectures);
    elsewhere = List.copyOf(elsewhere);
  }

  /// On one architecture.
  ///
  /// @param effects what is let through comes first
  public record OfArchitecture(Architecture architecture, List<Effect> effects) {
    public OfArchitecture {
      effects = List.copyOf(effects);
    }

    /// By name; several where the arguments decide.
    public Map<String, List<Effect>> byName() {
      Map<String, List<Effect>> byName = new TreeMap<>();
      for (Effect effect : effects) {
        for (String name : effect.names()) {
          byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(effect);
        }
      }
      return byName;
    }
  }

  /// Understands filters.
  ///
  /// @param architectures in the order of the answer
  public static Analysis<Effects> of(
      Filters filters, Collection<Architecture> architectures, SyscallTable table) {
    return FilterSemantics.ask(
        List.of(filters), meanings -> of(meanings.getFirst(), architectures, table));
  }

  /// The same of what is understood.
  public static Effects of(
      FilterSemantics meaning, Collection<Architecture> architectures, SyscallTable table) {
    Map<Verdict, CallSet> verdicts = meaning.verdicts();
    List<OfArchitecture> found = new ArrayList<>();
    for (Architecture architecture : architectures) {
      List<Effect> effects = new ArrayList<>();
      verdicts.forEach((verdict, all) -> {
        for (NamedCalls calls : NamedCalls.of(all, architecture, table)) {
          effects.add(new Effect(verdict, calls.names(), calls.others(), calls.condition()));
        }
      });
      effects.sort(
          Comparator.comparing((Effect effect) -> effect.verdict().kind())
              .reversed()
              .thenComparingInt(effect -> effect.verdict().data()));
      found.add(new OfArchitecture(architecture, effects));
    }
    List<Integer> tokens = USUAL.stream().map(Architecture::token).distinct().toList();
    List<Verdict> elsewhere = new ArrayList<>();
    verdicts.forEach((verdict, all) -> {
      if (!all.ofNoArchitecture(tokens).isEmpty()) {
        elsewhere.add(verdict);
      }
    });
    return new Effects(found, elsewhere);
  }
}

package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.derive.ArgumentBlocks;
import dev.portcullis.seccomp.meaning.ArgumentValues.Masked;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.syscall.IoUringOperations;
import dev.portcullis.seccomp.syscall.MultiplexedCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls of one number by which a step is taken.
///
/// @param name of the call that the filter sees
/// @param arguments bits of each of the six
/// @param behind the call that it stands for; empty where it stands for itself
record CallPattern(
    Architecture architecture, String name, int number, List<Masked> arguments, String behind) {
  private static final long UPPER = 0xffffffffL << 32;
  private static final Masked ANY = new Masked(0, 0);
  private static final int ARGUMENTS = 6;

  /// What check_unshare_flags of kernel/fork.c (Linux 6.12) takes; with another bit the call fails.
  private static final long UNSHARE_FLAGS = 0x7e070f80L;

  CallPattern {
    arguments = List.copyOf(arguments);
  }

  /// The ways to make a call.
  ///
  /// @param numbers of the architecture
  /// @return nothing where there are too many conditions to look at
  static Optional<List<CallPattern>> of(
      Need.Calls step, Architecture architecture, Map<String, Integer> numbers) {
    List<CallPattern> all = new ArrayList<>();
    for (String name : step.denied().names()) {
      List<ArgumentCondition> conditions = step.denied().conditions();
      List<List<Masked>> blocks = ArgumentBlocks.of(name, conditions);
      if (blocks == null) {
        return Optional.empty();
      }
      for (List<Masked> block : blocks) {
        add(all, architecture, numbers, name, block, "");
      }
      for (MultiplexedCalls.Entry entry : MultiplexedCalls.of(name)) {
        add(
            all,
            architecture,
            numbers,
            entry.call(),
            first(new Masked(entry.taken(), entry.number())),
            name);
      }
      if (IoUringOperations.CALLS.contains(name)) {
        add(all, architecture, numbers, IoUringOperations.SETUP, first(ANY), name);
      }
    }
    return Optional.of(all);
  }

  /// The ways to make a namespace: by flags, and by clone3, whose flags lie behind a pointer.
  static List<CallPattern> of(
      Namespace namespace, Architecture architecture, Map<String, Integer> numbers) {
    List<CallPattern> all = new ArrayList<>();
    long flag = namespace.flag();
    add(all, architecture, numbers, "unshare", first(new Masked(~UNSHARE_FLAGS | flag, flag)), "");
    Masked flags = new Masked(flag, flag);
    // CONFIG_CLONE_BACKWARDS2: the stack comes first.
    boolean second = architecture == Architecture.S390 || architecture == Architecture.S390X;
    // clone takes lower_32_bits(clone_flags), of which the lowest eight are a signal: no flag.
    if (namespace != Namespace.TIME) {
      add(
          all,
          architecture,
          numbers,
          "clone",
          second ? List.of(ANY, flags, ANY, ANY, ANY, ANY) : first(flags),
          "");
    }
    add(all, architecture, numbers, "clone3", first(ANY), "flags");
    return all;
  }

  private static List<Masked> first(Masked argument) {
    List<Masked> arguments = new ArrayList<>(List.of(argument));
    while (arguments.size() < ARGUMENTS) {
      arguments.add(ANY);
    }
    return arguments;
  }

  private static void add(
      List<CallPattern> all,
      Architecture architecture,
      Map<String, Integer> numbers,
      String name,
      List<Masked> arguments,
      String behind) {
    Integer number = numbers.get(name);
    if (number == null) {
      return;
    }
    if (!architecture.hasNarrowRegisters()) {
      all.add(new CallPattern(architecture, name, number, arguments, behind));
      return;
    }
    List<Masked> narrow = new ArrayList<>();
    for (Masked each : arguments) {
      if ((each.bits() & UPPER) != 0) {
        // No register of that architecture can hold it.
        return;
      }
      narrow.add(new Masked(each.mask() | UPPER, each.bits()));
    }
    all.add(new CallPattern(architecture, name, number, narrow, behind));
  }
}

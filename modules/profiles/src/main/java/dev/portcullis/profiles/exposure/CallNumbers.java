package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Numbers of system calls by name, as filters see them, on a machine's architecture and on those
/// that its kernel may run beside it.
public final class CallNumbers {
  private final Architecture machine;
  private final List<Architecture> all;
  private final Map<Architecture, Map<String, Integer>> numbers = new EnumMap<>(Architecture.class);
  private final Set<String> names = new HashSet<>();

  public CallNumbers(Architecture machine, SyscallTable table) {
    this.machine = machine;
    List<Architecture> architectures = new ArrayList<>(List.of(machine));
    architectures.addAll(machine.companions());
    all = List.copyOf(architectures);
    for (Architecture architecture : all) {
      Map<String, Integer> byName = new HashMap<>();
      table.of(architecture).forEach((number, name) -> byName.putIfAbsent(name, number));
      numbers.put(architecture, byName);
      names.addAll(byName.keySet());
    }
  }

  /// The machine's own architecture.
  public Architecture machine() {
    return machine;
  }

  /// The machine's own, and those beside it.
  public List<Architecture> architectures() {
    return all;
  }

  /// All names that some of the architectures has.
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  /// The numbers of one architecture.
  Map<String, Integer> of(Architecture architecture) {
    return numbers.getOrDefault(architecture, Map.of());
  }
}

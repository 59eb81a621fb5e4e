package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which numbers calls have on some architectures.
final class CallPlaces {
  private final Map<Architecture, Map<String, Integer>> numbers = new LinkedHashMap<>();

  /// @param architectures the machine's own first
  CallPlaces(List<Architecture> architectures, SyscallTable table) {
    for (Architecture architecture : architectures) {
      Map<String, Integer> here = new HashMap<>();
      table.of(architecture).forEach((number, name) -> here.putIfAbsent(name, number));
      numbers.put(architecture, here);
    }
  }

  /// Where a call is.
  record Place(Architecture architecture, int number) {}

  /// On the first architecture that has it; nothing where none has.
  Optional<Place> of(String name) {
    for (Map.Entry<Architecture, Map<String, Integer>> each : numbers.entrySet()) {
      Integer number = each.getValue().get(name);
      if (number != null) {
        return Optional.of(new Place(each.getKey(), number));
      }
    }
    return Optional.empty();
  }

  /// The number of a call; negative where it has none.
  int number(String name, Architecture architecture) {
    return numbers.getOrDefault(architecture, Map.of()).getOrDefault(name, -1);
  }

  Set<Architecture> architectures() {
    return numbers.keySet();
  }

  /// The highest number that a name of some has on an architecture; nothing where none has one.
  Optional<Place> highest(Set<String> names, Architecture architecture) {
    Map<String, Integer> here = numbers.getOrDefault(architecture, Map.of());
    return names.stream()
        .map(here::get)
        .filter(number -> number != null)
        .max(Integer::compare)
        .map(number -> new Place(architecture, number));
  }

  /// The names that a profile's rules have, in their order.
  static Set<String> names(ResolvedProfile profile) {
    Set<String> names = new LinkedHashSet<>();
    for (ResolvedRule rule : profile.rules()) {
      rule.names().stream().map(SyscallName::name).forEach(names::add);
    }
    return names;
  }
}

package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.compile.EnosysPrologue;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where runc's prologue should begin to answer ENOSYS: behind the newest call that a profile
/// names. Of an intersection it is that of the profile that begins first, of a union that of the
/// last. A profile gets there by naming that call, if only to do what the default does.
final class NewestCalls {
  private final CallPlaces places;
  private final Map<Architecture, Integer> wanted = new LinkedHashMap<>();
  private final Map<Architecture, String> names = new LinkedHashMap<>();

  NewestCalls(Combination combination, List<NamedProfile> parts, CallPlaces places) {
    this.places = places;
    Comparator<CallPlaces.Place> order = Comparator.comparingInt(CallPlaces.Place::number);
    for (Architecture architecture : places.architectures()) {
      List<CallPlaces.Place> newest = new ArrayList<>();
      for (NamedProfile part : parts) {
        if (EnosysPrologue.precedes(part.profile().defaultOutcome().action())) {
          places.highest(CallPlaces.names(part.profile()), architecture).ifPresent(newest::add);
        }
      }
      newest.stream()
          .min(combination == Combination.INTERSECTION ? order : order.reversed())
          .ifPresent(place -> {
            wanted.put(architecture, place.number());
            for (NamedProfile part : parts) {
              for (String name : CallPlaces.names(part.profile())) {
                if (places.number(name, architecture) == place.number()) {
                  names.putIfAbsent(architecture, name);
                }
              }
            }
          });
    }
  }

  /// Whether a call is behind it.
  boolean isBeyond(CallPlaces.Place place) {
    Integer last = wanted.get(place.architecture());
    return last != null && place.number() > last;
  }

  /// Names that are missing for it.
  List<String> missing(Set<String> named) {
    List<String> missing = new ArrayList<>();
    wanted.forEach((architecture, number) -> {
      int highest = places.highest(named, architecture).map(CallPlaces.Place::number).orElse(-1);
      String name = names.get(architecture);
      if (highest < number && name != null && !missing.contains(name)) {
        missing.add(name);
      }
    });
    return missing;
  }
}

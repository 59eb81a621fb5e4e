package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A change of a profile that closes ways to vulnerabilities. It was made, and its filter is proven
/// to be stricter than the one before.
///
/// @param changes what `profile derive --deny` takes
/// @param without architectures that the profile covers no more (`profile derive --without-arch`):
///   their programs end with their first call
/// @param profile what comes of it
/// @param after what can be reached then
/// @param takesMultiplexed whether calls are denied that stand for many, so that programs of
///   another architecture lose what they make by these
public record ClosingChange(
    List<String> changes,
    List<Architecture> without,
    ResolvedProfile profile,
    Map<Vulnerability, Reach> after,
    boolean takesMultiplexed) {
  public ClosingChange {
    changes = List.copyOf(changes);
    without = List.copyOf(without);
    after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
  }

  /// Whether all of it is closed on every architecture.
  public boolean whole() {
    return after.values().stream().allMatch(each -> each.outcome() == Reach.Outcome.CLOSED);
  }
}

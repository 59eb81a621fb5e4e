package dev.portcullis.container.profiles;

import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The capabilities that a container can have at all, on which Docker's conditions in profiles
/// depend.
public final class BoundingSet {
  private static final String PREFIX = "CAP_";

  /// Kubernetes has `ALL`, in any case.
  private static final String ALL = PREFIX + "ALL";

  private BoundingSet() {}

  /// Every name that there is, in full: `CAP_NET_ADMIN`.
  public static Set<String> known() {
    return new TreeSet<>(Capabilities.all());
  }

  /// In the order of containerd (`customopts.WithCapabilities` and the drops after it) and CRI-O
  /// (`SpecSetupCapabilities`): `ALL` first, added then dropped.
  ///
  /// A name with `CAP_` counts as the runtime takes it. Where it is unknown how, it is dropped and
  /// not added: a condition is to open nothing for a capability that the container may not have.
  ///
  /// @param own what the runtime gives to a container that asks for nothing
  /// @param add names as CRI has them, `NET_ADMIN`, or `ALL`
  /// @return full names, `CAP_NET_ADMIN`
  public static Set<String> of(
      RuntimeCapabilities own, boolean privileged, List<String> add, List<String> drop) {
    CapabilityPrefix prefix = own.prefix();
    Set<String> added = full(add, prefix == CapabilityPrefix.WHERE_IT_LACKS);
    Set<String> dropped = full(drop, prefix != CapabilityPrefix.ALWAYS);
    Set<String> names = new TreeSet<>(own.names());
    if (privileged || added.contains(ALL)) {
      names.addAll(Capabilities.all());
    }
    if (dropped.contains(ALL) && !privileged) {
      names.clear();
    }
    names.addAll(added);
    names.removeAll(dropped);
    names.remove(ALL);
    return names;
  }

  /// Whether all are to be dropped before some are added, however it is written.
  public static boolean dropsAll(List<String> drop) {
    return full(drop, true).contains(ALL);
  }

  /// @param prefixed whether a name with `CAP_` is that capability, and not `CAP_CAP_...`
  private static Set<String> full(List<String> names, boolean prefixed) {
    Set<String> full = new TreeSet<>();
    for (String name : names) {
      full.add(prefixed ? Capabilities.fullName(name) : PREFIX + name.toUpperCase(Locale.ROOT));
    }
    return full;
  }
}

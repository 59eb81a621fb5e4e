package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.profile.Capabilities;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The capabilities that a container can have at all, on which Docker's conditions in profiles
/// depend.
public final class BoundingSet {
  /// Kubernetes has `ALL`, in any case.
  private static final String ALL = Capabilities.fullName("ALL");

  private BoundingSet() {}

  /// Every name that there is, in full: `CAP_NET_ADMIN`.
  public static Set<String> known() {
    return new TreeSet<>(Capabilities.all());
  }

  /// In the order of containerd (`customopts.WithCapabilities` and the drops after it) and CRI-O
  /// (`SpecSetupCapabilities`): `ALL` first, added then dropped.
  ///
  /// @param defaults what the runtime gives to a container that asks for nothing
  /// @param add names as CRI has them, `NET_ADMIN`, or `ALL`
  /// @return full names, `CAP_NET_ADMIN`
  public static Set<String> of(
      Set<String> defaults, boolean privileged, List<String> add, List<String> drop) {
    Set<String> added = full(add);
    Set<String> dropped = full(drop);
    Set<String> names = full(defaults);
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

  /// Whether all are to be dropped before some are added.
  public static boolean dropsAll(List<String> drop) {
    return full(drop).contains(ALL);
  }

  private static Set<String> full(Collection<String> names) {
    Set<String> full = new TreeSet<>();
    names.forEach(name -> full.add(Capabilities.fullName(name)));
    return full;
  }
}

package dev.portcullis.node.profiles;

import dev.portcullis.seccomp.profile.Capabilities;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The capabilities that a container can have at all, on which Docker's conditions in profiles
/// depend.
public final class BoundingSet {
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
    Set<String> added = plain(add);
    Set<String> dropped = plain(drop);
    Set<String> names = plain(List.copyOf(defaults));
    if (privileged || added.contains("ALL")) {
      names.addAll(plain(Capabilities.all()));
    }
    if (dropped.contains("ALL") && !privileged) {
      names.clear();
    }
    names.addAll(added);
    names.removeAll(dropped);
    names.remove("ALL");
    Set<String> full = new TreeSet<>();
    names.forEach(name -> full.add("CAP_" + name));
    return full;
  }

  /// Runtimes take a name with its prefix, and `all` in any case.
  private static Set<String> plain(List<String> names) {
    Set<String> plain = new TreeSet<>();
    for (String name : names) {
      String upper = name.toUpperCase(Locale.ROOT);
      plain.add(upper.startsWith("CAP_") ? upper.substring(4) : upper);
    }
    return plain;
  }
}

package dev.portcullis.seccomp.resolve;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import java.util.Set;

/// For what a profile is decided: a machine and a container on it.
///
/// @param capabilities the container's bounding set, in names as `CAP_SYS_ADMIN`
public record Target(Architecture architecture, KernelVersion kernel, Set<String> capabilities) {
  public Target {
    capabilities = Set.copyOf(capabilities);
  }
}

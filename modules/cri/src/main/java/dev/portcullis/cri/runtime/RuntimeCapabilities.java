package dev.portcullis.cri.runtime;

import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.util.Set;

/// What a runtime gives to a container that asks for nothing, and how it reads what one asks for.
///
/// @param names in full, as `CAP_CHOWN`
public record RuntimeCapabilities(Set<String> names, CapabilityPrefix prefix) {
  /// What may be given where no capability matters.
  public static final RuntimeCapabilities NONE =
      new RuntimeCapabilities(Set.of(), CapabilityPrefix.UNKNOWN);

  public RuntimeCapabilities {
    names = Set.copyOf(names);
  }
}

package dev.portcullis.seccomp.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Docker's `includes` or `excludes` of a rule.
///
/// @param capabilities names as `CAP_SYS_ADMIN`
/// @param architectures names as {@link Architecture#dockerName}
/// @param minKernel null where it is not given
public record Condition(
    List<String> capabilities, List<String> architectures, @Nullable KernelVersion minKernel) {

  /// No condition.
  public static final Condition NONE = new Condition(List.of(), List.of(), null);

  public Condition {
    capabilities = List.copyOf(capabilities);
    architectures = List.copyOf(architectures);
  }

  /// Whether it restricts nothing.
  public boolean isEmpty() {
    return equals(NONE);
  }
}

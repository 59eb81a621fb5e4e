package dev.portcullis.cli.input;

import dev.portcullis.seccomp.profile.KernelVersion;
import java.util.Set;

/// Where a container runs, as far as its filter and its capabilities depend on it.
sealed interface ContainerPlace {

  /// A machine that filters can be made for here.
  ///
  /// @param kernel by which Docker's conditions are decided
  /// @param capabilities that a container has which asks for nothing
  /// @param runtimeDefault what `runtime/default` stands for
  record Machine(KernelVersion kernel, Set<String> capabilities, RuntimeDefault runtimeDefault)
      implements ContainerPlace {
    public Machine {
      capabilities = Set.copyOf(capabilities);
    }
  }

  /// A machine of which nothing is known here.
  ///
  /// @param why in words
  record Foreign(String why) implements ContainerPlace {}

  /// The content of `runtime/default`.
  sealed interface RuntimeDefault {
    /// The profile of an operand.
    record Operand(String text) implements RuntimeDefault {}

    /// It is not known.
    ///
    /// @param why in words
    record Unknown(String why) implements RuntimeDefault {}
  }
}

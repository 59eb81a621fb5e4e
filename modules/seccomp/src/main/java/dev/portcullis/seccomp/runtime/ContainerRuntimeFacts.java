package dev.portcullis.seccomp.runtime;

import java.util.Set;

/// What a version of a container runtime, spoken to through CRI, does where others do something
/// else.
///
/// @param defaultCapabilities of a container that asks for nothing, in names as `CAP_CHOWN`, unless
///   the runtime's configuration says otherwise
/// @param prefix what it makes of names of capabilities
/// @param defaultProfile what its verbose status calls the default profile
/// @param processMadeBy the call of CRI that makes a container's first process
/// @param mayFilterPrivileged whether its configuration can name a profile for privileged
///   containers
/// @param mayDifferByHandler whether its configuration can name a default profile for each handler
/// @param restoresCheckpoints whether a container of a checkpoint image runs with the filters of
///   the checkpoint
public record ContainerRuntimeFacts(
    Set<String> defaultCapabilities,
    CapabilityPrefix prefix,
    Set<String> defaultProfile,
    ProcessMaker processMadeBy,
    boolean mayFilterPrivileged,
    boolean mayDifferByHandler,
    boolean restoresCheckpoints) {
  public ContainerRuntimeFacts {
    defaultCapabilities = Set.copyOf(defaultCapabilities);
    defaultProfile = Set.copyOf(defaultProfile);
  }

  /// A call of CRI after which a container has a process.
  public enum ProcessMaker {
    CREATE_CONTAINER("CreateContainer"),
    START_CONTAINER("StartContainer");

    private final String call;

    ProcessMaker(String call) {
      this.call = call;
    }

    /// The name of the call.
    public String call() {
      return call;
    }
  }
}

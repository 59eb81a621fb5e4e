package dev.portcullis.seccomp.runtime;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;
import java.util.Set;

/// How a version of an OCI runtime has filters made.
///
/// All versions that are known make a rule of its own of each condition where two of one rule are
/// on the same argument, so that any of them is enough.
///
/// @param prologue what it puts before the filter
/// @param treeAbove from how many names of calls on, exclusively, it asks libseccomp for a binary
///   tree; {@link Integer#MAX_VALUE} for never
/// @param conditions how many of a rule count, also for whether two are on the same argument;
///   {@link Integer#MAX_VALUE} for all
/// @param flags of seccomp(2) that it takes
/// @param refusedArchitectures that libseccomp has, and with which it makes no container
public record OciRuntimeFacts(
    Prologue prologue,
    int treeAbove,
    int conditions,
    List<String> flags,
    Set<Architecture> refusedArchitectures) {
  public OciRuntimeFacts {
    flags = List.copyOf(flags);
    refusedArchitectures = Set.copyOf(refusedArchitectures);
  }

  /// Instructions that answer ENOSYS to calls with numbers above all that a profile names.
  public enum Prologue {
    NONE,
    /// On the architectures that the profile lists.
    LISTED,
    /// On these and on the machine's own.
    LISTED_AND_OWN
  }
}

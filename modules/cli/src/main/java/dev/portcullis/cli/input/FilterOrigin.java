package dev.portcullis.cli.input;

import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.Set;

/// The profile that a filter was made of.
///
/// @param operand as `profile derive --from` takes it
/// @param source where the content of that file is to be taken from, for people; empty where the
///   operand is enough
/// @param profile for the machine and the container
/// @param capabilities of the container, for which Docker's conditions were decided; none where the
///   profile has no such conditions
public record FilterOrigin(
    String operand, String source, ResolvedProfile profile, Set<String> capabilities) {
  public FilterOrigin {
    capabilities = Set.copyOf(capabilities);
  }
}

package dev.portcullis.seccomp.resolve;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;
import java.util.Optional;

/// A profile for one machine and one container: what an OCI runtime understands of it, and nothing
/// else. Filters are made of it.
///
/// @param architectures none means the machine's own
public record ResolvedProfile(
    Outcome defaultOutcome,
    List<Architecture> architectures,
    List<Flag> flags,
    Listener listener,
    List<ResolvedRule> rules) {

  public ResolvedProfile {
    architectures = List.copyOf(architectures);
    flags = List.copyOf(flags);
    rules = List.copyOf(rules);
  }

  /// A profile that needs no machine and no container to be resolved for; nothing where it has
  /// something that only Docker understands.
  public static Optional<ResolvedProfile> of(Profile profile) {
    return profile.dockerOnly().isEmpty()
            && profile.architectures() instanceof Architectures.Listed(List<Architecture> listed)
        ? Optional.of(
            new ResolvedProfile(
                profile.defaultOutcome(),
                listed,
                profile.flags(),
                profile.listener(),
                profile.rules().stream().map(ResolvedRule::of).toList()))
        : Optional.empty();
  }

  /// The same for fewer architectures: what it does on the others does not change.
  public ResolvedProfile without(List<Architecture> others) {
    return others.isEmpty()
        ? this
        : new ResolvedProfile(
            defaultOutcome,
            architectures.stream().filter(each -> !others.contains(each)).toList(),
            flags,
            listener,
            rules);
  }

  /// The same in the form of a written profile.
  public Profile written() {
    return new Profile(
        defaultOutcome,
        new Architectures.Listed(architectures),
        flags,
        listener,
        rules.stream().map(ResolvedRule::written).toList());
  }
}

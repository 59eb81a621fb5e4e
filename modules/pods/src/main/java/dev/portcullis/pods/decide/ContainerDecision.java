package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Container;

/// What is decided about one container. Only {@link Admitted} lets it run.
public sealed interface ContainerDecision {
  Container container();

  /// Where the name of its profile came from.
  Origin origin();

  /// A decision about a container under a profile: each but {@link Unusable}.
  sealed interface WithProfile extends ContainerDecision {
    ContainerProfile asked();

    @Override
    default Container container() {
      return asked().container();
    }

    @Override
    default Origin origin() {
      return asked().origin();
    }

    /// The profile that it names, or gets where it names none.
    default ProfileName profile() {
      return asked().profile();
    }
  }

  /// It may run under its profile.
  record Admitted(ContainerProfile asked, Ground ground) implements WithProfile {
    /// Whether it runs without a filter: because it may, or because it is privileged.
    public boolean runsUnconfined() {
      return container().privileged() || profile().equals(ProfileName.UNCONFINED);
    }
  }

  /// The pod is not valid, and so none of its containers runs.
  ///
  /// @param ground what it would be admitted on if the pod were
  record InvalidPod(ContainerProfile asked, Ground ground) implements WithProfile {}

  /// It may not run under its profile.
  ///
  /// @param why the message of the reason, in its parts
  record Refused(ContainerProfile asked, FieldError reason, Refusal why) implements WithProfile {}

  /// Who may use what could not be determined, so it does not run; asked again, the answer may be
  /// another.
  record Undecided(ContainerProfile asked, FieldError reason) implements WithProfile {}

  /// What the pod names for it is no profile.
  record Unusable(Container container, Origin origin, FieldError reason)
      implements ContainerDecision {}
}

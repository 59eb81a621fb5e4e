package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import org.jspecify.annotations.Nullable;

/// Decides about the containers of one pod.
///
/// @param unnamed what containers get that name no profile
/// @param usablePolicies null if policies do not matter
record ContainerDecider(
    Pod pod,
    Default unnamed,
    @Nullable UsablePolicies usablePolicies,
    NoPolicyDefault withoutPolicies,
    Leniency leniency) {

  /// The profile of containers that name none.
  ///
  /// @param failure why it is not sure to be the right one; null where it is
  record Default(ProfileName profile, Origin origin, @Nullable String failure) {}

  ContainerDecision decide(Container container, RequestedProfile requested) {
    return switch (requested) {
      case RequestedProfile.Named(
              Origin origin,
              FieldPath path,
              ProfileText.Named(ProfileName name)) ->
          decide(new ContainerProfile(container, name, origin), path, null);
      case RequestedProfile.Named(
              Origin origin,
              FieldPath path,
              ProfileText.Unusable(var problems)) ->
          new Unusable(
              container,
              origin,
              FieldError.invalid(path, problems.getFirst().found(), problems.getFirst().detail()));
      case RequestedProfile.Unnamed _ ->
          decide(
              new ContainerProfile(container, unnamed.profile(), unnamed.origin()),
              container.field(),
              unnamed.failure());
    };
  }

  /// @param path of what names the profile, or of the container where nothing does
  /// @param failure why the profile is not sure to be the right one; null where it is
  private ContainerDecision decide(
      ContainerProfile asked, FieldPath path, @Nullable String failure) {
    if (usablePolicies == null) {
      return admitted(asked, new Ground.ValidityOnly());
    }
    Container container = asked.container();
    UnfilteredReason unfiltered = UnfilteredReason.of(pod, container, leniency);
    ProfileName judgedAs = unfiltered == null ? asked.profile() : ProfileName.UNCONFINED;
    FieldPath source = unfiltered == null ? path : unfiltered.source(pod, container);
    // Without a filter, it does not matter which default it would have been.
    if (failure != null && unfiltered == null) {
      return undecided(asked, source, judgedAs, failure);
    }
    UsablePolicies.Question question = UsablePolicies.Question.of(judgedAs, container);
    return switch (usablePolicies.allowing(question)) {
      case UsablePolicies.Search.Found(Policy policy, _) ->
          admitted(asked, ground(policy, usablePolicies.proven(question)));
      case UsablePolicies.Search.Unknown(String why) -> undecided(asked, source, judgedAs, why);
      case UsablePolicies.Search.None _
          when usablePolicies.withoutPolicies() && withoutPolicies.allows(judgedAs) ->
          admitted(asked, new Ground.NoPolicies());
      case UsablePolicies.Search.None _ -> {
        Refusal why =
            usablePolicies
                .refusal(withoutPolicies)
                .explain(pod, asked, usablePolicies.unproven(question), unfiltered);
        yield new Refused(asked, FieldError.forbidden(source, why.text()), why);
      }
    };
  }

  private ContainerDecision admitted(ContainerProfile asked, Ground ground) {
    return pod.errors().isEmpty() ? new Admitted(asked, ground) : new InvalidPod(asked, ground);
  }

  private static Ground ground(Policy policy, @Nullable StrictnessEvidence proven) {
    return proven == null
        ? new Ground.ByPolicy(policy.name())
        : new Ground.ByProof(policy.name(), proven);
  }

  private static ContainerDecision undecided(
      ContainerProfile asked, FieldPath source, ProfileName judgedAs, String failure) {
    return new Undecided(
        asked,
        FieldError.internal(source, RefusalText.undecided(asked.container(), judgedAs, failure)));
  }
}

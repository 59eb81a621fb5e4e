package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether a pod is admitted, and under which profile each container runs.
///
/// Grants add up: a container's profile is allowed if any policy allows it that the pod's service
/// account or the requesting user may use. No policy takes away what another gives, and their order
/// decides nothing but which default applies.
public final class Judge {
  private final PolicyScope rules;
  private final ProfileName clusterDefault;
  private final NoPolicyDefault withoutPolicies;
  private final String defaultNamespace;
  private final Place place;
  private final Leniency leniency;

  /// Where pods are judged.
  public enum Place {
    /// On somebody's table: the cluster they are meant for may not have Portcullis.
    FILE,
    /// In a cluster with Portcullis, where annotations become fields.
    CLUSTER,
    /// In a request of an API server to a webhook. Fields that Kubernetes does not know are gone by
    /// then: the server encodes the object that it decoded (apiserver's
    /// `pkg/admission/plugin/webhook/generic`, `NewVersionedAttributes`).
    REQUEST
  }

  /// @param clusterDefault for pods that name no profile where no policy has a default
  /// @param defaultNamespace of objects that name none
  public Judge(PolicyScope rules, ProfileName clusterDefault, String defaultNamespace) {
    this(rules, clusterDefault, defaultNamespace, Place.FILE, Leniency.NONE);
  }

  /// @param place where pods are judged, on which depends what their authors should know
  public Judge(
      PolicyScope rules,
      ProfileName clusterDefault,
      String defaultNamespace,
      Place place,
      Leniency leniency) {
    this.place = place;
    this.leniency = leniency;
    this.rules = rules;
    this.clusterDefault = clusterDefault;
    this.withoutPolicies = new NoPolicyDefault(clusterDefault);
    this.defaultNamespace = defaultNamespace;
  }

  public Judgement judge(Pod pod) {
    String named = pod.identity().namespace();
    String namespace = named == null ? defaultNamespace : named;
    List<Warning> warnings = Warnings.of(pod, place, leniency);
    if (pod.spec().windows() && leniency.windows()) {
      return new Judgement(pod, namespace, List.of(), pod.errors(), List.of(), warnings);
    }
    UsablePolicies usablePolicies = usablePolicies(pod, namespace);
    List<RequestedProfile> requests = new ArrayList<>();
    for (Container container : pod.spec().containers()) {
      requests.add(ProfileResolver.requested(pod, container));
    }
    ContainerDecider decider =
        new ContainerDecider(
            pod, prepare(pod, requests, usablePolicies), usablePolicies, withoutPolicies, leniency);
    Reasons reasons = new Reasons(pod.errors());
    List<FieldError> annotations =
        usablePolicies == null
            ? List.of()
            : new AnnotationDecider(pod, usablePolicies, withoutPolicies).reasons();
    annotations.forEach(reasons::add);
    List<ContainerDecision> decisions = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      decisions.add(decider.decide(pod.spec().containers().get(i), requests.get(i)));
    }
    addReasons(decisions, reasons);
    List<Remedy> remedies =
        usablePolicies == null || !annotations.isEmpty()
            ? List.of()
            : Remedies.of(pod, decisions, usablePolicies, withoutPolicies, leniency);
    return new Judgement(pod, namespace, decisions, reasons.all(), remedies, warnings);
  }

  private static void addReasons(List<ContainerDecision> decisions, Reasons reasons) {
    for (ContainerDecision decision : decisions) {
      switch (decision) {
        case ContainerDecision.Refused(_, FieldError reason, _) -> reasons.add(reason);
        case ContainerDecision.Undecided(_, FieldError reason) -> reasons.add(reason);
        case ContainerDecision.Unusable(_, _, FieldError reason) -> {
          // Validation, or another container that inherits the value, may have said it already.
          if (!reasons.areAbout(reason.path())) {
            reasons.add(reason);
          }
        }
        case ContainerDecision.Admitted _, ContainerDecision.InvalidPod _ -> {}
      }
    }
  }

  private ContainerDecider.Default prepare(
      Pod pod, List<RequestedProfile> requests, @Nullable UsablePolicies usablePolicies) {
    ContainerDecider.Default ofCluster =
        new ContainerDecider.Default(clusterDefault, Origin.CLUSTER_DEFAULT, null);
    if (usablePolicies == null) {
      return ofCluster;
    }
    Set<ProfileName> named = new LinkedHashSet<>();
    boolean needsDefault = false;
    for (RequestedProfile requested : requests) {
      switch (requested) {
        case RequestedProfile.Named(_, _, ProfileText.Named(ProfileName name)) -> named.add(name);
        case RequestedProfile.Named _ -> {}
        case RequestedProfile.Unnamed _ -> needsDefault = true;
      }
    }
    if (!pod.runtimeAnnotations().isEmpty()
        || pod.spec().containers().stream()
            .anyMatch(container -> UnfilteredReason.of(pod, container, leniency) != null)) {
      named.add(ProfileName.UNCONFINED);
    }
    usablePolicies.prepare(named, needsDefault);
    if (!needsDefault) {
      return ofCluster;
    }
    return switch (usablePolicies.withDefault()) {
      case UsablePolicies.Search.Found(Policy policy, boolean certain)
          when policy.defaultProfile() != null ->
          new ContainerDecider.Default(
              policy.defaultProfile(),
              Origin.POLICY_DEFAULT,
              certain ? null : "it is unknown which policies may be used");
      case UsablePolicies.Search.Unknown(String failure) ->
          new ContainerDecider.Default(clusterDefault, Origin.CLUSTER_DEFAULT, failure);
      case UsablePolicies.Search.Found _, UsablePolicies.Search.None _ -> ofCluster;
    };
  }

  /// Null where no policy matters.
  private @Nullable UsablePolicies usablePolicies(Pod pod, String namespace) {
    return switch (rules) {
      case PolicyScope.ValidityOnly _ -> null;
      case PolicyScope.PoliciesForAll(Policies policies, Strictness strictness) ->
          UsablePolicies.ofAll(policies, namespace, strictness);
      case PolicyScope.PoliciesForUser(
              Policies policies,
              Grants grants,
              Strictness strictness,
              User user) ->
          UsablePolicies.of(
              policies, namespace, strictness, Requesters.of(pod, namespace, user), grants);
    };
  }
}

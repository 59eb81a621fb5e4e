package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.resolve.Resolver;
import dev.portcullis.pods.resolve.Wish;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides whether a pod is admitted, and under which profile each container runs.
///
/// Grants add up: a container's profile is allowed if any policy allows it that the pod's service
/// account or the requesting user may use. No policy takes away what another gives, and their order
/// decides nothing but which default applies.
public final class Judge {
  private final Rules rules;
  private final ProfileName clusterDefault;
  private final String defaultNamespace;

  /// @param clusterDefault for pods that name no profile where no policy has a default
  /// @param defaultNamespace of objects that name none
  public Judge(Rules rules, ProfileName clusterDefault, String defaultNamespace) {
    this.rules = rules;
    this.clusterDefault = clusterDefault;
    this.defaultNamespace = defaultNamespace;
  }

  public Judgement judge(Pod pod) {
    String named = pod.identity().namespace();
    String namespace = named == null ? defaultNamespace : named;
    List<String> warnings = Warnings.of(pod);
    if (pod.spec().windows()) {
      return new Judgement(pod, namespace, List.of(), pod.errors(), warnings);
    }
    Bench bench = bench(pod, namespace);
    List<FieldError> reasons = new ArrayList<>(pod.errors());
    List<ContainerJudgement> containers = new ArrayList<>();
    for (Container container : pod.spec().containers()) {
      containers.add(judge(pod, container, bench, reasons));
    }
    return new Judgement(pod, namespace, containers, reasons, warnings);
  }

  /// What one pod is judged by.
  ///
  /// @param usable the policies that count for it, by name; null where policies do not matter
  /// @param refusal explains why a profile is refused
  private record Bench(@Nullable List<Policy> usable, @Nullable Refusal refusal) {

    private @Nullable ProfileName defaultProfile() {
      if (usable != null) {
        for (Policy policy : usable) {
          if (policy.defaultProfile() != null) {
            return policy.defaultProfile();
          }
        }
      }
      return null;
    }
  }

  private Bench bench(Pod pod, String namespace) {
    return switch (rules) {
      case Rules.ValidityOnly _ -> new Bench(null, null);
      case Rules.PoliciesForAll(List<Policy> policies) ->
          new Bench(policies, new Refusal(namespace, null, policies, policies));
      case Rules.PoliciesForUser(List<Policy> policies, Grants grants, var user) -> {
        Askers askers = Askers.of(pod, namespace, user);
        List<Policy> usable = new ArrayList<>();
        for (Policy policy : policies) {
          if (askers.users().stream().anyMatch(asker -> grants.mayUse(asker, policy, namespace))) {
            usable.add(policy);
          }
        }
        yield new Bench(usable, new Refusal(namespace, askers, usable, policies));
      }
    };
  }

  private ContainerJudgement judge(
      Pod pod, Container container, Bench bench, List<FieldError> reasons) {
    ProfileName profile;
    Origin origin;
    FieldError source;
    switch (Resolver.wish(pod, container)) {
      case Wish.Named(var from, var field, var at, ProfileText.Named(ProfileName name)) -> {
        profile = name;
        origin = from;
        source = new FieldError(field, "", at);
      }
      case Wish.Named(
              var from,
              var field,
              var at,
              ProfileText.Unusable(List<ProfileText.Problem> problems)) -> {
        for (ProfileText.Problem problem : problems) {
          FieldError error = FieldError.invalid(field, at, problem.found(), problem.detail());
          if (!reported(reasons, field)) {
            reasons.add(error);
          }
        }
        return new ContainerJudgement(container, null, from, false, null);
      }
      case Wish.Unnamed _ -> {
        ProfileName policyDefault = bench.defaultProfile();
        profile = policyDefault == null ? clusterDefault : policyDefault;
        origin = policyDefault == null ? Origin.CLUSTER_DEFAULT : Origin.POLICY_DEFAULT;
        source = new FieldError(container.path(), "", container.manifest().at());
      }
    }
    if (bench.usable() == null || bench.refusal() == null) {
      return new ContainerJudgement(container, profile, origin, pod.errors().isEmpty(), null);
    }
    for (Policy policy : bench.usable()) {
      if (policy.allows(profile)) {
        return new ContainerJudgement(
            container, profile, origin, pod.errors().isEmpty(), policy.name());
      }
    }
    if (bench.refusal().all().isEmpty() && allowedWithoutPolicies(profile, origin)) {
      return new ContainerJudgement(container, profile, origin, pod.errors().isEmpty(), null);
    }
    reasons.add(
        FieldError.forbidden(
            source.field(), source.at(), bench.refusal().explain(container, profile, origin)));
    return new ContainerJudgement(container, profile, origin, false, null);
  }

  /// In a cluster without any policy everybody may use the runtime's default and what the
  /// administrator set as the default of the cluster, and nothing else.
  private static boolean allowedWithoutPolicies(ProfileName profile, Origin origin) {
    return profile.equals(ProfileName.RUNTIME_DEFAULT) || origin == Origin.CLUSTER_DEFAULT;
  }

  /// Whether validation has said already what is wrong with a field, or with a part of it.
  private static boolean reported(List<FieldError> reasons, String field) {
    return reasons.stream()
        .anyMatch(reason -> reason.field().equals(field) || reason.field().startsWith(field + "."));
  }
}

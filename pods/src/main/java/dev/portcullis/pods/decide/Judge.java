package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.resolve.Resolver;
import dev.portcullis.pods.resolve.Wish;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.RuntimeAnnotation;
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
  private final Rules rules;
  private final ProfileName clusterDefault;
  private final WithoutPolicies withoutPolicies;
  private final String defaultNamespace;
  private final Place place;
  private final Leniency leniency;

  /// Where pods are judged.
  public enum Place {
    /// On somebody's table: the cluster they are meant for may not have Portcullis.
    FILE,
    /// In a cluster with Portcullis, where annotations become fields.
    CLUSTER
  }

  /// @param clusterDefault for pods that name no profile where no policy has a default
  /// @param defaultNamespace of objects that name none
  public Judge(Rules rules, ProfileName clusterDefault, String defaultNamespace) {
    this(rules, clusterDefault, defaultNamespace, Place.FILE, Leniency.NONE);
  }

  /// @param place where pods are judged, on which depends what their authors should know
  public Judge(
      Rules rules,
      ProfileName clusterDefault,
      String defaultNamespace,
      Place place,
      Leniency leniency) {
    this.place = place;
    this.leniency = leniency;
    this.rules = rules;
    this.clusterDefault = clusterDefault;
    this.withoutPolicies = new WithoutPolicies(clusterDefault);
    this.defaultNamespace = defaultNamespace;
  }

  public Judgement judge(Pod pod) {
    String named = pod.identity().namespace();
    String namespace = named == null ? defaultNamespace : named;
    List<String> warnings = Warnings.of(pod, place, leniency);
    if (pod.spec().windows() && leniency.windows()) {
      return new Judgement(pod, namespace, List.of(), pod.errors(), warnings, false);
    }
    Bench bench = bench(pod, namespace);
    List<FieldError> reasons = new ArrayList<>(pod.errors());
    List<Wish> wishes = new ArrayList<>();
    for (Container container : pod.spec().containers()) {
      wishes.add(Resolver.wish(pod, container));
    }
    Default otherwise = prepare(pod, wishes, bench);
    boolean undecided = bench != null && judgeAnnotations(pod, bench, reasons);
    List<ContainerJudgement> containers = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      Container container = pod.spec().containers().get(i);
      Verdict verdict = judge(pod, container, wishes.get(i), otherwise, bench, reasons);
      containers.add(verdict.container());
      undecided |= verdict.undecided();
    }
    return new Judgement(pod, namespace, containers, reasons, warnings, undecided);
  }

  /// The profile of containers that name none.
  ///
  /// @param failure why it is not sure to be the right one; null where it is
  private record Default(ProfileName profile, Origin origin, @Nullable String failure) {}

  /// @param undecided whether it was refused only because nobody could say who may use what
  private record Verdict(ContainerJudgement container, boolean undecided) {}

  private Default prepare(Pod pod, List<Wish> wishes, @Nullable Bench bench) {
    Default ofCluster = new Default(clusterDefault, Origin.CLUSTER_DEFAULT, null);
    if (bench == null) {
      return ofCluster;
    }
    Set<ProfileName> named = new LinkedHashSet<>();
    boolean needsDefault = false;
    for (Wish wish : wishes) {
      switch (wish) {
        case Wish.Named(_, _, ProfileText.Named(ProfileName name)) -> named.add(name);
        case Wish.Named _ -> {}
        case Wish.Unnamed _ -> needsDefault = true;
      }
    }
    if (!pod.runtimeAnnotations().isEmpty()
        || pod.spec().containers().stream()
            .anyMatch(container -> Unfiltered.of(pod, container, leniency) != null)) {
      named.add(ProfileName.UNCONFINED);
    }
    bench.prepare(named, needsDefault);
    if (!needsDefault) {
      return ofCluster;
    }
    return switch (bench.withDefault()) {
      case Bench.Search.Found(Policy policy, boolean certain)
          when policy.defaultProfile() != null ->
          new Default(
              policy.defaultProfile(),
              Origin.POLICY_DEFAULT,
              certain ? null : "it is not known which policies may be used");
      case Bench.Search.Unknown(String failure) ->
          new Default(clusterDefault, Origin.CLUSTER_DEFAULT, failure);
      case Bench.Search.Found _, Bench.Search.None _ -> ofCluster;
    };
  }

  /// Null where no policy matters.
  private @Nullable Bench bench(Pod pod, String namespace) {
    return switch (rules) {
      case Rules.ValidityOnly _ -> null;
      case Rules.PoliciesForAll(Policies policies, Strictness strictness) ->
          Bench.ofAll(policies, namespace, strictness);
      case Rules.PoliciesForUser(
              Policies policies,
              Grants grants,
              Strictness strictness,
              User user) ->
          Bench.of(policies, namespace, strictness, Askers.of(pod, namespace, user), grants);
    };
  }

  /// A pod for which a runtime would take another filter than those it names is for whoever may run
  /// without any.
  ///
  /// @return whether nobody could say
  private boolean judgeAnnotations(Pod pod, Bench bench, List<FieldError> reasons) {
    if (pod.runtimeAnnotations().isEmpty()) {
      return false;
    }
    if (bench.withoutPolicies() && withoutPolicies.allows(ProfileName.UNCONFINED)) {
      deceivingAnnotations(pod, reasons);
      return false;
    }
    return switch (bench.allowing(new Bench.Question(ProfileName.UNCONFINED, ""))) {
      case Bench.Search.Found _ -> {
        deceivingAnnotations(pod, reasons);
        yield false;
      }
      case Bench.Search.None _ -> {
        for (Annotation annotation : pod.runtimeAnnotations()) {
          reasons.add(
              FieldError.forbidden(
                  annotation.path(), bench.refusal(withoutPolicies).explain(annotation)));
        }
        yield false;
      }
      case Bench.Search.Unknown(String why) -> {
        for (Annotation annotation : pod.runtimeAnnotations()) {
          reasons.add(FieldError.internal(annotation.path(), Refusal.undecided(annotation, why)));
        }
        yield true;
      }
    };
  }

  /// Who chooses a filter that is loaded before a container gives rights up chooses its rights, and
  /// `unconfined` is a grant of no filter, not of rights.
  private static void deceivingAnnotations(Pod pod, List<FieldError> reasons) {
    for (Annotation annotation : pod.runtimeAnnotations()) {
      if (Refusal.known(annotation).kind() == RuntimeAnnotation.Kind.FILTER) {
        pod.spec().containers().stream()
            .filter(each -> !each.privileged() && !each.rights().noNewPrivileges())
            .findFirst()
            .ifPresent(each ->
                reasons.add(
                    FieldError.forbidden(annotation.path(), Refusal.deceiving(annotation, each))));
      }
    }
  }

  private Verdict judge(
      Pod pod,
      Container container,
      Wish wish,
      Default otherwise,
      @Nullable Bench bench,
      List<FieldError> reasons) {
    ProfileName profile;
    Origin origin;
    FieldPath source;
    String failure = null;
    switch (wish) {
      case Wish.Named(var from, var path, ProfileText.Named(ProfileName name)) -> {
        profile = name;
        origin = from;
        source = path;
      }
      case Wish.Named(
              var from,
              var path,
              ProfileText.Unusable(List<ProfileText.Problem> problems)) -> {
        for (ProfileText.Problem problem : problems) {
          FieldError error = FieldError.invalid(path, problem.found(), problem.detail());
          if (!reported(reasons, path)) {
            reasons.add(error);
          }
        }
        return new Verdict(new ContainerJudgement(container, null, from, false, null, null), false);
      }
      case Wish.Unnamed _ -> {
        profile = otherwise.profile();
        origin = otherwise.origin();
        source = container.field();
        failure = otherwise.failure();
      }
    }
    boolean valid = pod.errors().isEmpty();
    if (bench == null) {
      return new Verdict(
          new ContainerJudgement(container, profile, origin, valid, null, null), false);
    }
    Unfiltered unfiltered = Unfiltered.of(pod, container, leniency);
    ProfileName judgedAs = unfiltered == null ? profile : ProfileName.UNCONFINED;
    Bench.Question question = Bench.Question.of(judgedAs, container);
    if (unfiltered != null) {
      source = unfiltered.source(pod, container);
      failure = null;
    }
    if (failure == null) {
      switch (bench.allowing(question)) {
        case Bench.Search.Found(Policy policy, _) -> {
          return new Verdict(
              new ContainerJudgement(
                  container, profile, origin, valid, policy.name(), bench.proven(question)),
              false);
        }
        case Bench.Search.Unknown(String why) -> failure = why;
        case Bench.Search.None _ -> {
          if (bench.withoutPolicies() && withoutPolicies.allows(judgedAs)) {
            return new Verdict(
                new ContainerJudgement(container, profile, origin, valid, null, null), false);
          }
        }
      }
    }
    reasons.add(
        failure == null
            ? FieldError.forbidden(
                source,
                bench
                    .refusal(withoutPolicies)
                    .explain(pod, container, profile, origin, bench.unproven(question), unfiltered))
            : FieldError.internal(source, Refusal.undecided(container, judgedAs, failure)));
    return new Verdict(
        new ContainerJudgement(container, profile, origin, false, null, null), failure != null);
  }

  /// Whether validation has said already what is wrong with a field, or with a part of it.
  private static boolean reported(List<FieldError> reasons, FieldPath path) {
    return reasons.stream().anyMatch(reason -> path.contains(reason.path()));
  }
}

package dev.portcullis.pods.decide;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.decide.Explanation.Considered;
import dev.portcullis.pods.decide.Explanation.Level;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompField;
import dev.portcullis.pods.spec.SeccompType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Explains the decisions of a {@link Judge}. It decides nothing: what it shows is read again from
/// the pod, the policies and the grants.
///
/// @param policies none where pods are only checked for their validity
/// @param user who asks; null where every policy counts for all users
public record Explainer(List<Policy> policies, Rbac rbac, @Nullable User user, Leniency leniency) {
  public Explainer {
    policies = policies.stream().sorted(Policy.BY_NAME).toList();
  }

  /// Of one container of a pod.
  public Explanation explain(Judgement judgement, ContainerDecision decision) {
    Pod pod = judgement.pod();
    Container container = decision.container();
    UnfilteredReason unfiltered = UnfilteredReason.of(pod, container, leniency);
    Requesters askers = user == null ? null : Requesters.of(pod, judgement.namespace(), user);
    List<Considered> considered = new ArrayList<>();
    for (Policy policy : policies) {
      considered.add(
          new Considered(
              policy,
              allows(policy, unfiltered != null, decision),
              askers == null ? List.of() : grants(policy, judgement.namespace(), askers)));
    }
    return new Explanation(
        levels(pod, container, decision),
        unfiltered == null ? "" : unfiltered.words(),
        askers == null ? "" : askers.text() + " in namespace \"" + judgement.namespace() + "\"",
        considered);
  }

  private static boolean allows(Policy policy, boolean unfiltered, ContainerDecision decision) {
    boolean proven =
        decision instanceof ContainerDecision.Admitted(_, Ground.ByProof(String name, _))
            && name.equals(policy.name());
    return switch (decision) {
      case ContainerDecision.WithProfile named ->
          proven || policy.allows(unfiltered ? ProfileName.UNCONFINED : named.profile());
      case ContainerDecision.Unusable _ -> false;
    };
  }

  private List<Grant> grants(Policy policy, String namespace, Requesters askers) {
    return rbac.grants(policy, namespace).stream()
        .filter(grant -> askers.users().stream().anyMatch(user -> isFor(user, grant.subject())))
        .toList();
  }

  private static boolean isFor(User user, Grant.Named subject) {
    return switch (subject.kind()) {
      case "Group" -> user.groups().contains(subject.name());
      case "User" -> user.name().equals(subject.name());
      default ->
          subject.namespace() != null
              && user.name()
                  .equals(User.serviceAccount(subject.namespace(), subject.name()).name());
    };
  }

  private static List<Level> levels(Pod pod, Container container, ContainerDecision decision) {
    Origin origin = decision.origin();
    List<Level> levels = new ArrayList<>();
    levels.add(field(Origin.CONTAINER_FIELD, container.seccomp(), origin));
    levels.add(annotation(Origin.CONTAINER_ANNOTATION, pod.annotation(container.name()), origin));
    levels.add(field(Origin.POD_FIELD, pod.spec().seccomp(), origin));
    levels.add(annotation(Origin.POD_ANNOTATION, pod.annotation(), origin));
    if (decision instanceof ContainerDecision.WithProfile named) {
      switch (origin) {
        case POLICY_DEFAULT ->
            levels.add(new Level(origin, named.profile().text(), Position.NONE, true));
        case CLUSTER_DEFAULT -> {
          levels.add(new Level(Origin.POLICY_DEFAULT, "", Position.NONE, false));
          levels.add(new Level(origin, named.profile().text(), Position.NONE, true));
        }
        case CONTAINER_FIELD, CONTAINER_ANNOTATION, POD_FIELD, POD_ANNOTATION -> {}
      }
    }
    return levels;
  }

  private static Level field(Origin level, @Nullable SeccompField field, Origin origin) {
    return field == null
        ? new Level(level, "", Position.NONE, false)
        : new Level(level, text(field), field.path().at(), level == origin);
  }

  private static String text(SeccompField field) {
    String path = field.localhostProfile();
    return switch (field.type()) {
      case SeccompType.Known.RUNTIME_DEFAULT -> ProfileName.RUNTIME_DEFAULT.text();
      case SeccompType.Known.UNCONFINED -> ProfileName.UNCONFINED.text();
      case SeccompType.Known.LOCALHOST -> ProfileText.LOCALHOST_PREFIX + (path == null ? "" : path);
      case SeccompType.Unknown(String type) -> type;
    };
  }

  private static Level annotation(Origin level, @Nullable Annotation annotation, Origin origin) {
    return annotation == null
        ? new Level(level, "", Position.NONE, false)
        : new Level(level, annotation.value(), annotation.path().at(), level == origin);
  }
}

package dev.portcullis.pods.decide;

import dev.portcullis.pods.rbac.Subject;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In whose name a pod asks for its profiles.
///
/// @param users the pod's service account, and the creator of the pod
/// @param text all of them in words
/// @param grantee the one whom a grant would serve that gives least: the user, but for pods that
///   others create in the user's name, and users that are parts of the cluster
record Requesters(List<User> users, String text, Subject grantee) {
  /// Before the names of users that are not people.
  private static final String SYSTEM = "system:";

  static Requesters of(Pod pod, String namespace, User requester) {
    String account = pod.spec().serviceAccount();
    User serviceAccount = User.serviceAccount(namespace, account);
    String controller = controller(pod.identity().kind());
    User creator =
        controller == null
            ? requester
            // As a requesting user it is authenticated, which a pod's own service account is not.
            : User.requesting("system:serviceaccount:kube-system:" + controller, List.of());
    String text =
        controller == null
            ? "user \"" + requester.name() + "\" or service account \"" + account + "\""
            : "service account \""
                + account
                + "\" (the pods of a "
                + pod.identity().kind()
                + " are created by the "
                + controller
                + ", not by user \""
                + requester.name()
                + "\")";
    Subject grantee =
        controller == null && !requester.name().startsWith(SYSTEM)
            ? Subject.user(requester.name())
            : Subject.serviceAccount(namespace, account);
    return new Requesters(List.of(serviceAccount, creator), text, grantee);
  }

  /// The service account in `kube-system` that creates the pods of a workload; null if the sender
  /// of the object creates the pod.
  private static @Nullable String controller(String kind) {
    return switch (kind) {
      case "Deployment", "ReplicaSet" -> "replicaset-controller";
      case "StatefulSet" -> "statefulset-controller";
      case "DaemonSet" -> "daemon-set-controller";
      case "Job", "CronJob" -> "job-controller";
      case "ReplicationController" -> "replication-controller";
      default -> null;
    };
  }
}

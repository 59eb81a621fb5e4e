package dev.portcullis.admission.ruling;

import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.util.List;

/// Who may have pods recorded: the verb `record` on `pods`. A recording tells what the containers
/// of a pod do, as reading its log does, and not which policy it is under: so it is a right on
/// pods, in their namespace, and none on a policy.
@FunctionalInterface
public interface RecordingGrants {
  /// Nobody.
  RecordingGrants NONE = (_, _, _) -> false;

  /// Whether one of some users may.
  ///
  /// @param pod its name; empty where it has none yet
  /// @throws IOException where nobody could say
  boolean mayRecord(List<User> users, String namespace, String pod) throws IOException;
}

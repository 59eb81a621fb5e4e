package dev.portcullis.admission.ruling;

import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.util.List;

/// Who may have pods recorded: the verb `record` on `pods`. A recording shows what the containers
/// of a pod do, as reading its log does, and not which policy it is under: so it is a right on
/// pods, in their namespace, and none on a policy.
@FunctionalInterface
public interface RecordingGrants {
  /// No user may.
  RecordingGrants NONE = (_, _, _) -> () -> false;

  /// Asks whether one of some users may, and does not wait: other questions about the same pod take
  /// their time, too, and an API server waits for all of them together.
  ///
  /// @param pod its name; empty where it has none yet
  PendingAnswer ask(List<User> users, String namespace, String pod);

  /// An answer that may be on its way.
  @FunctionalInterface
  interface PendingAnswer {
    /// Whether one of them may. Waits for it.
    ///
    /// @throws IOException where that could not be decided
    boolean isGranted() throws IOException;
  }
}

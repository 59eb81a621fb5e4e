package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.Optional;

/// What stands where a profile belongs and is none: a rule or a list of rules, which documents show
/// as examples, and a recording, which lies beside the profile that was made of it.
final class LookAlikes {
  private LookAlikes() {}

  /// The one thing to say of such a document; nothing of others.
  static Optional<Finding> found(Value document) {
    return switch (document) {
      case Mapping object when isRecording(object) ->
          Optional.of(
              new Finding(
                  Problem.NO_DEFAULT_ACTION,
                  object.at(),
                  "this is a recording, not a profile. The profile was written beside it, with a"
                      + " name that ends with .json instead of .recording.json; portcullis profile"
                      + " merge makes one from the recording"));
      case Mapping object when isRule(object) ->
          Optional.of(
              new Finding(
                  Problem.NO_DEFAULT_ACTION,
                  object.at(),
                  "this is a rule, not a profile; put it into `syscalls` of a profile. Runtimes"
                      + " find no `defaultAction` here, and runc and containerd then run the"
                      + " container unconfined"));
      case Sequence list
          when !list.items().isEmpty()
              && list.items().getFirst() instanceof Mapping first
              && isRule(first) ->
          Optional.of(
              new Finding(
                  Problem.WRONG_TYPE,
                  list.at(),
                  "this is a list of rules, not a profile; put it into `syscalls` of a profile:"
                      + " {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [...]}"));
      case Value _ -> Optional.empty();
    };
  }

  private static boolean isRecording(Mapping object) {
    return object.present("kind") instanceof Value.Text(_, String kind)
        && kind.equals("Recording")
        && object.present("runs") != null
        && object.present("defaultAction") == null;
  }

  private static boolean isRule(Mapping object) {
    return object.present("action") != null
        && (object.present("names") != null || object.present("name") != null)
        && object.present("defaultAction") == null
        && object.present("syscalls") == null;
  }
}

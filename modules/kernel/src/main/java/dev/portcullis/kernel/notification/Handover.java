package dev.portcullis.kernel.notification;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.util.List;
import java.util.Optional;

/// What an OCI runtime sends when it hands over the listener of a container: the container process
/// state of the OCI runtime specification (config-linux.md, seccomp).
///
/// @param metadata what the profile has as `listenerMetadata`
/// @param container the runtime's id of the container
/// @param pid the process whose filter it is: the container's first one, or one that was executed
///   in it
public record Handover(String metadata, String container, long pid) {

  /// Reads it; empty where it is something else.
  static Optional<Handover> parse(byte[] json) {
    if (Documents.readJson(json, Limits.MANIFEST) instanceof ParseResult.Documents(List<Value> all)
        && !all.isEmpty()
        && all.getFirst() instanceof Mapping object
        && object.present("state") instanceof Mapping state
        && state.present("id") instanceof Value.Text(_, String id)
        && object.present("pid") instanceof Value.Numeral(_, String pid)
        && pid.matches("[0-9]{1,9}")) {
      String metadata =
          object.present("metadata") instanceof Value.Text(_, String text) ? text : "";
      return Optional.of(new Handover(metadata, id, Long.parseLong(pid)));
    }
    return Optional.empty();
  }

  /// Whether so much of it has come that it is whole: runc 1.1 keeps the connection open, and waits
  /// for a call that only we can let go on, so there is no end of file to wait for.
  static boolean isWhole(byte[] json) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length; i++) {
      byte one = json[i];
      if (quoted) {
        if (one == '\\') {
          i++;
        } else if (one == '"') {
          quoted = false;
        }
      } else if (one == '"') {
        quoted = true;
      } else if (one == '{') {
        depth++;
      } else if (one == '}') {
        depth--;
        if (depth == 0) {
          return true;
        }
      }
    }
    return false;
  }
}

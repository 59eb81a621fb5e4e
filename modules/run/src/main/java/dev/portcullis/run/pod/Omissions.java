package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The fields of a pod that `run` does not support, and without which the pod can run: left out, or
/// errors, as the user wants it.
final class Omissions {
  /// Starts the message about a field.
  static final String UNSUPPORTED = "portcullis run does not support this field";

  private final boolean allowed;
  private final Map<String, List<FieldPath>> fields = new LinkedHashMap<>();

  /// @param allowed whether they are left out
  Omissions(boolean allowed) {
    this.allowed = allowed;
  }

  /// Notes one.
  ///
  /// @param object that has it
  /// @param effect what the pod is like without it
  void add(FieldReader object, FieldPath field, String effect) {
    if (allowed) {
      fields.computeIfAbsent(effect, _ -> new ArrayList<>()).add(field);
    } else {
      object.error(
          FieldError.notImplemented(
              field,
              UNSUPPORTED
                  + ". Remove it, or add --lenient to run the pod without it ("
                  + effect
                  + ")"));
    }
  }

  /// What was left out, once for all fields that have the same effect.
  List<Omission> all() {
    return fields.entrySet().stream()
        .map(entry -> new Omission(entry.getValue(), entry.getKey()))
        .toList();
  }
}

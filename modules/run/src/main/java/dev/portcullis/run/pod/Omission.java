package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldPath;
import java.util.List;

/// Fields of a pod that it is run without.
///
/// @param fields at least one
/// @param effect what the pod is like without them
public record Omission(List<FieldPath> fields, String effect) {
  public Omission {
    fields = List.copyOf(fields);
  }

  /// For a warning: the first field, and how many there are.
  public String text() {
    return fields.getFirst().text()
        + (fields.size() == 1 ? "" : " and " + (fields.size() - 1) + " more")
        + ": left out ("
        + effect
        + ")";
  }
}

package dev.portcullis.pods.decide;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What is wrong with a pod, as far as it has been found. A pod can have tens of thousands of
/// containers, and something wrong in each.
final class Reasons {
  private final List<FieldError> all = new ArrayList<>();

  /// The fields of all, in the order of their characters: the parts of a field stand together.
  private final TreeSet<String> fields = new TreeSet<>();

  /// @param errors that were found by validation
  Reasons(List<FieldError> errors) {
    errors.forEach(this::add);
  }

  void add(FieldError reason) {
    all.add(reason);
    fields.add(reason.field());
  }

  /// Whether a field, or a part of it, has an error already.
  boolean areAbout(FieldPath path) {
    String parts = path.text() + ".";
    String first = fields.ceiling(parts);
    return fields.contains(path.text()) || (first != null && first.startsWith(parts));
  }

  List<FieldError> all() {
    return List.copyOf(all);
  }
}

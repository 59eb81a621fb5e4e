package dev.portcullis.pods.object;

import dev.portcullis.documents.Position;
import java.util.List;

/// What is wrong with one field of an object, in the form of the Kubernetes API server.
///
/// @param field the path of the field, `spec.containers[0].name`
/// @param message kind of error, value and detail: `Invalid value: "foo": must be ...`
/// @param at where it stands in the file
public record FieldError(String field, String message, Position at) {

  /// A value that is not acceptable.
  public static FieldError invalid(String field, Position at, String value, String detail) {
    return new FieldError(field, "Invalid value: " + GoQuote.quote(value) + ": " + detail, at);
  }

  /// A value that is missing.
  public static FieldError required(String field, Position at, String detail) {
    return new FieldError(field, "Required value" + (detail.isEmpty() ? "" : ": " + detail), at);
  }

  /// A value that is not one of a few.
  public static FieldError unsupported(
      String field, Position at, String value, List<String> supported) {
    String listed = String.join(", ", supported.stream().map(GoQuote::quote).toList());
    return new FieldError(
        field, "Unsupported value: " + GoQuote.quote(value) + ": supported values: " + listed, at);
  }

  /// A value that may not be set, or not together with another.
  public static FieldError forbidden(String field, Position at, String detail) {
    return new FieldError(field, "Forbidden: " + detail, at);
  }

  /// A value that stands twice in a list of unique ones.
  public static FieldError duplicate(String field, Position at, String value) {
    return new FieldError(field, "Duplicate value: " + GoQuote.quote(value), at);
  }
}

package dev.portcullis.pods.object;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong with one field of an object, in the form of the Kubernetes API server
/// (`field.Error` in `k8s.io/apimachinery/pkg/util/validation/field`).
///
/// @param path which field, and where it stands
/// @param value the value as it is shown; empty where the kind shows none
/// @param detail what is wrong with it and what would be right; may be empty
public record FieldError(Kind kind, FieldPath path, String value, String detail) {

  /// What kind of error it is.
  public enum Kind {
    /// A value that is missing.
    REQUIRED("Required value"),
    /// A value that is not acceptable.
    INVALID("Invalid value"),
    /// A value that is not one of a few.
    NOT_SUPPORTED("Unsupported value"),
    /// A value that may not be set here, or not together with another.
    FORBIDDEN("Forbidden"),
    /// A value that stands twice in a list of unique ones.
    DUPLICATE("Duplicate value"),
    /// A value of another type. Kubernetes refuses it when it decodes the object, before it
    /// validates it, so no words stand before the detail.
    TYPE_INVALID(""),
    /// It could not be learnt whether the value may be set.
    INTERNAL("Internal error"),
    /// Nothing is wrong with the field; `portcullis run` does not honour it. Kubernetes has no such
    /// kind, so no words stand before the detail.
    NOT_IMPLEMENTED("");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /// A value that is missing.
  public static FieldError required(FieldPath path, String detail) {
    return new FieldError(Kind.REQUIRED, path, "", detail);
  }

  /// A value that is not acceptable.
  public static FieldError invalid(FieldPath path, String value, String detail) {
    return new FieldError(Kind.INVALID, path, GoQuote.quote(value), detail);
  }

  /// A whole object that is not acceptable, shown as JSON.
  public static FieldError invalid(FieldPath path, Mapping object, String detail) {
    return new FieldError(Kind.INVALID, path, JsonWriter.compact(object), detail);
  }

  /// A value that is not acceptable: it is not shown.
  public static FieldError invalid(FieldPath path, String detail) {
    return new FieldError(Kind.INVALID, path, "", detail);
  }

  /// A value that is not one of a few. Which one was probably meant stands after Kubernetes' words.
  public static FieldError notSupported(FieldPath path, String value, List<String> supported) {
    String listed = supported.stream().map(GoQuote::quote).collect(Collectors.joining(", "));
    String nearest = NearestName.of(value, supported);
    return new FieldError(
        Kind.NOT_SUPPORTED,
        path,
        GoQuote.quote(value),
        "supported values: "
            + listed
            + (nearest == null ? "" : "; did you mean " + GoQuote.quote(nearest) + "?"));
  }

  /// A value that may not be set, or not together with another.
  public static FieldError forbidden(FieldPath path, String detail) {
    return new FieldError(Kind.FORBIDDEN, path, "", detail);
  }

  /// A value that stands twice in a list of unique ones.
  public static FieldError duplicate(FieldPath path, String value) {
    return new FieldError(Kind.DUPLICATE, path, GoQuote.quote(value), "");
  }

  /// A value of another type than the field has.
  public static FieldError typeInvalid(FieldPath path, String detail) {
    return new FieldError(Kind.TYPE_INVALID, path, "", detail);
  }

  /// A value about which nothing could be decided.
  public static FieldError internal(FieldPath path, String detail) {
    return new FieldError(Kind.INTERNAL, path, "", detail);
  }

  /// A value that a cluster honours, and `portcullis run` does not.
  public static FieldError notImplemented(FieldPath path, String detail) {
    return new FieldError(Kind.NOT_IMPLEMENTED, path, "", detail);
  }

  /// The path of the field, `spec.containers[0].name`.
  public String field() {
    return path.text();
  }

  /// Where the field stands in the file.
  public Position at() {
    return path.at();
  }

  /// Kind, value and detail: `Invalid value: "foo": must be ...`.
  public String message() {
    return Stream.of(kind.words, value, detail)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(": "));
  }
}

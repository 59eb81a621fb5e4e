package dev.portcullis.documents;

/// How much a reader takes before it refuses.
///
/// @param bytes the size of a file
/// @param depth how deep objects and lists may stand in each other
/// @param values how many values a file may have once its aliases are followed
public record Limits(int bytes, int depth, int values) {

  /// Manifests. The Kubernetes API server takes a request of 3 MiB; a file may hold several
  /// objects.
  public static final Limits MANIFEST = new Limits(8 * 1024 * 1024, 200, 2_000_000);
}

package dev.portcullis.cluster;

/// How an API server reads a patch.
public enum PatchKind {
  /// Steps, each of which is done or none (RFC 6902).
  JSON("application/json-patch+json"),

  /// What is to be other, in the place where it stands (RFC 7396).
  MERGE("application/merge-patch+json");

  private final String contentType;

  PatchKind(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }
}

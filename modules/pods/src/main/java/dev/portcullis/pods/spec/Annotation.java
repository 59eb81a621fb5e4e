package dev.portcullis.pods.spec;

import dev.portcullis.pods.object.FieldPath;

/// A seccomp annotation of a pod, as written.
///
/// @param path as Kubernetes names it in an error: joined by a dot, `metadata.annotations.<key>`
/// @param value the empty string is present
public record Annotation(FieldPath path, String key, String value) {}

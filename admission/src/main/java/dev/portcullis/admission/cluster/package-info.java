/// The Kubernetes API, as far as admission needs it: policies and namespaces watched, grants asked
/// for, pods fetched. The only package that sees the Kubernetes client's types.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.cluster;

/// The Kubernetes API, as far as admission needs it: policies and namespaces watched, grants asked
/// for, pods fetched. The only package here that sees objects of that API.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.cluster;

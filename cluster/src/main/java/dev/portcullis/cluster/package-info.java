/// An API server of Kubernetes as both programs see it: a connection, and objects followed for as
/// long as a process lives.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cluster;

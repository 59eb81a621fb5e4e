/// An API server of Kubernetes as both programs see it: a connection, and objects followed for as
/// long as a process lives. What a client of Kubernetes has to know is here, and nowhere else.
@org.jspecify.annotations.NullMarked
package dev.portcullis.cluster;

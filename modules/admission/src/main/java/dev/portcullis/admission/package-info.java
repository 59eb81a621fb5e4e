/// The webhook that a Kubernetes API server asks about pods. Each package below has one subject;
/// this one puts them together.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission;

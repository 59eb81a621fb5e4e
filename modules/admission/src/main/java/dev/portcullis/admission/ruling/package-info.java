/// What becomes of a request: the pod judged, the patch that makes its profiles take effect, the
/// words for anyone who is refused. Values in, values out; who counts, logs and serves is
/// elsewhere.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.ruling;

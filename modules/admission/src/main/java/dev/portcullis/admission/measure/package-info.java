/// Counts and durations, as Prometheus reads them. The only package that sees its types.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.measure;

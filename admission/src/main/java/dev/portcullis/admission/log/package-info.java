/// Lines for the log: one JSON object each.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.log;

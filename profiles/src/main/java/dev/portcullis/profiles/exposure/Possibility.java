package dev.portcullis.profiles.exposure;

/// Whether something can be done.
enum Possibility {
  NO,
  /// A listener or a tracer decides, or it is not known here.
  UNKNOWN,
  YES
}

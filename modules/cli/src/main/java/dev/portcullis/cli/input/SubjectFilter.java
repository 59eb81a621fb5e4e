package dev.portcullis.cli.input;

import dev.portcullis.seccomp.bpf.Filters;
import org.jspecify.annotations.Nullable;

/// The filter of what is asked about.
public sealed interface SubjectFilter {

  /// It is known.
  ///
  /// @param filters none where there is no filter
  /// @param origin null where they were made of no profile that is known: those of a process
  record Known(Filters filters, @Nullable FilterOrigin origin) implements SubjectFilter {}

  /// It is not.
  ///
  /// @param why in words
  record Unknown(String why) implements SubjectFilter {}
}

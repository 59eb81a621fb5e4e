package dev.portcullis.seccomp.libseccomp;

/// `struct scmp_arg_cmp`: a condition on an argument.
///
/// @param operator a number of `enum scmp_compare`
public record ArgumentComparison(int argument, int operator, long first, long second) {
  /// `sizeof(struct scmp_arg_cmp)`.
  static final int BYTES = 24;
}

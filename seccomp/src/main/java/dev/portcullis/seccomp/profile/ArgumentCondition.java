package dev.portcullis.seccomp.profile;

/// A condition on one argument of a system call.
///
/// @param index which argument, from 0 to 5
/// @param value what it is compared with, or the mask of {@link Operator#MASKED_EQ}; unsigned
/// @param valueTwo what is left under the mask; unsigned
public record ArgumentCondition(int index, long value, long valueTwo, Operator operator) {
  public ArgumentCondition {
    if (index < 0 || index > 5) {
      throw new IllegalArgumentException("a system call has no argument " + index);
    }
  }
}

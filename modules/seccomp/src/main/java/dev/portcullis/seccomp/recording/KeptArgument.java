package dev.portcullis.seccomp.recording;

/// An argument of which a recording keeps the values.
///
/// @param index from 0 to 5
/// @param mask of the bits that are kept
public record KeptArgument(int index, long mask) {
  public KeptArgument {
    if (index < 0 || index > 5) {
      throw new IllegalArgumentException("a system call has no argument " + index);
    }
  }
}

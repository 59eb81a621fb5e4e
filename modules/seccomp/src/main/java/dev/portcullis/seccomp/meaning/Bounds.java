package dev.portcullis.seccomp.meaning;

/// How much is done to understand filters before it is given up, and that "cannot be decided" is
/// the answer.
///
/// @param nodes of decision diagrams: 28 bytes each, and 24 more while two filters are put together
/// @param states of registers in which instructions are reached: some 400 bytes each
/// @param steps of work; a million take less than a second
public record Bounds(int nodes, int states, int steps) {
  /// For a command: some 80 MB at most. The default profiles of Docker and Podman take 90,000 nodes
  /// and 66,000 steps to be compared.
  public static final Bounds USUAL = new Bounds(1 << 20, 1 << 16, 1 << 22);

  /// For a service in little memory, which anybody's filter must leave alive: some 16 MB at most.
  public static final Bounds SMALL = new Bounds(1 << 18, 1 << 13, 1 << 20);

  /// Looking at nodes that are there costs less than making them.
  private static final int LOOKS_TO_A_STEP = 8;

  int looks() {
    return steps * LOOKS_TO_A_STEP;
  }

  /// What two filters may do differently, or one in all, each worth a line.
  int ways() {
    return states / 2;
  }
}

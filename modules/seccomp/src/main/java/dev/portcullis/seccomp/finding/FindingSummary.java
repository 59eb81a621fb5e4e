package dev.portcullis.seccomp.finding;

import java.util.List;

/// The first of several in one line, and how many there are beside it.
public final class FindingSummary {
  private FindingSummary() {}

  /// The first finding, `(and 2 more)`.
  ///
  /// @param findings not empty
  public static String of(List<Finding> findings) {
    return findings.getFirst() + more(findings.size());
  }

  /// What is said behind the first of several; empty where it is the only one.
  ///
  /// @param size of all
  public static String more(int size) {
    return size > 1 ? " (and " + (size - 1) + " more)" : "";
  }
}

package dev.portcullis.site;

import java.util.Comparator;

/// What is wrong in a document, and where. Any one keeps the site from being made.
///
/// @param file from the top of the checkout
/// @param line from 1 on
/// @param message what is wrong, and what to do
public record SiteProblem(String file, int line, String message)
    implements Comparable<SiteProblem> {
  private static final Comparator<SiteProblem> ORDER =
      Comparator.comparing(SiteProblem::file)
          .thenComparingInt(SiteProblem::line)
          .thenComparing(SiteProblem::message);

  @Override
  public int compareTo(SiteProblem other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}

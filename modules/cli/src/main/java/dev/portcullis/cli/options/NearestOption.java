package dev.portcullis.cli.options;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds the known word that a mistyped one was meant to be.
public final class NearestOption {
  /// Longer words are cut: the time is bounded whatever stands on the command line.
  private static final int LONGEST = 64;

  private NearestOption() {}

  /// The candidate that is most like the word; null where none is like it.
  public static @Nullable String of(String word, Collection<String> candidates) {
    String wanted = word.length() > LONGEST ? word.substring(0, LONGEST) : word;
    String nearest = null;
    int best = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(wanted, candidate);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest != null && best <= Math.max(1, nearest.length() / 3) ? nearest : null;
  }

  /// `; did you mean X?` with the prefix before X, or nothing.
  public static String hint(String word, String prefix, Collection<String> candidates) {
    String nearest = of(word, candidates);
    return nearest == null ? "" : "; did you mean " + prefix + nearest + "?";
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}

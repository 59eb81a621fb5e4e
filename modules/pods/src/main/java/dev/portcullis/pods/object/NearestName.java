package dev.portcullis.pods.object;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds what a person may have meant.
public final class NearestName {
  /// Longer texts are no typing mistakes of known names.
  private static final int LONGEST = 200;

  private NearestName() {}

  /// The candidate that differs from a text by the fewest insertions, removals, replacements and
  /// swaps of characters, case aside; null where none is near.
  public static @Nullable String of(String text, Collection<String> candidates) {
    String nearest = null;
    int fewest = Math.max(1, text.length() / 3) + 1;
    for (String candidate : candidates) {
      if (text.length() > LONGEST
          || candidate.length() > LONGEST
          || isOpposite(text, candidate)
          || isOpposite(candidate, text)) {
        continue;
      }
      if (Math.abs(text.length() - candidate.length()) >= fewest
          || atLeast(text, candidate) >= fewest) {
        continue;
      }
      int edits = edits(text, candidate);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /// Whether one negates the other: `Unconfined` is not to be suggested for `confined`.
  private static boolean isOpposite(String text, String other) {
    return other.regionMatches(true, 0, "un", 0, 2) && !text.regionMatches(true, 0, "u", 0, 1);
  }

  /// How many edits it takes at the least, by the characters alone: mostly that settles it, without
  /// a table of every pair.
  private static int atLeast(String a, String b) {
    int[] more = new int[128];
    for (int i = 0; i < a.length(); i++) {
      more[Character.toLowerCase(a.charAt(i)) & 127]++;
    }
    for (int i = 0; i < b.length(); i++) {
      more[Character.toLowerCase(b.charAt(i)) & 127]--;
    }
    int onlyInA = 0;
    int onlyInB = 0;
    for (int difference : more) {
      onlyInA += Math.max(0, difference);
      onlyInB += Math.max(0, -difference);
    }
    // A replacement takes one from each side, a swap none.
    return Math.max(onlyInA, onlyInB);
  }

  private static int edits(String a, String b) {
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      distance[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      distance[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replaced = distance[i - 1][j - 1] + (same(a, i - 1, b, j - 1) ? 0 : 1);
        int shifted = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
        distance[i][j] = Math.min(replaced, shifted);
        if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1)) {
          distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
      }
    }
    return distance[a.length()][b.length()];
  }

  private static boolean same(String a, int i, String b, int j) {
    return Character.toLowerCase(a.charAt(i)) == Character.toLowerCase(b.charAt(j));
  }
}

package dev.portcullis.seccomp.finding;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Suggests a name for a misspelled one.
public final class SpellingHint {
  /// Longer than any name there is; keeps the cost of a hostile file small.
  private static final int LONGEST = 80;

  private SpellingHint() {}

  /// The known names close to what was written, the closest first.
  public static List<String> to(String written, Collection<String> known, int most) {
    if (written.isEmpty() || written.length() > LONGEST) {
      return List.of();
    }
    String folded = fold(written);
    return known.stream()
        .map(name -> new Candidate(name, distance(folded, fold(name))))
        .filter(candidate -> candidate.distance() <= allowed(folded, fold(candidate.name())))
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(most)
        .map(Candidate::name)
        .toList();
  }

  /// A slip in a short name and some in a long one; the start that both share says nothing, as in
  /// `SCMP_ARCH_`. A name that goes on after what was written is close in any case.
  private static int allowed(String written, String name) {
    if (written.length() >= 3 && name.startsWith(written)) {
      return name.length();
    }
    int shared = 0;
    int shorter = Math.min(written.length(), name.length());
    while (shared < shorter && written.charAt(shared) == name.charAt(shared)) {
      shared++;
    }
    return 1 + (written.length() - shared) / 4;
  }

  /// The one known name that differs from what was written in a single letter, or in two letters
  /// that changed places; nothing where names are short, or where several are as close.
  public static Optional<String> single(String written, Collection<String> known) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    String folded = fold(written);
    List<String> close =
        known.stream()
            .filter(name -> name.length() >= 4 && distance(folded, fold(name)) <= 1)
            .toList();
    return close.size() == 1 ? Optional.of(close.getFirst()) : Optional.empty();
  }

  /// `; did you mean X?`, or nothing where no known name is close.
  public static String hint(String written, Collection<String> known) {
    List<String> names = to(written, known, 1);
    return names.isEmpty() ? "" : "; did you mean " + names.getFirst() + "?";
  }

  private record Candidate(String name, int distance) {}

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// How many letters to insert, remove, replace, or swap with their neighbour.
  private static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], 1 + beforePrevious[j - 2]);
        }
      }
      beforePrevious = previous;
      previous = current;
    }
    return previous[b.length()];
  }
}

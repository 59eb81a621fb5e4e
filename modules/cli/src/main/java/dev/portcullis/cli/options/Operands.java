package dev.portcullis.cli.options;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands after a verb beside its options.
///
/// @param places what may stand in each place
/// @param more whether the last of them may be repeated
/// @param wordsWith the option with which what stands after `--` is passed on as it is; null where
///   there is none
public record Operands(List<Values> places, boolean more, @Nullable Option wordsWith) {
  /// For verbs that take none.
  public static final Operands NONE = new Operands(List.of(), false, null);

  public Operands {
    places = List.copyOf(places);
  }

  /// One in each place.
  public static Operands of(Values... places) {
    return new Operands(List.of(places), false, null);
  }

  /// Any number of the same kind.
  public static Operands many(Values each) {
    return new Operands(List.of(each), true, null);
  }

  /// The same, but with an option, what stands after `--` is words for a program: also empty ones.
  public Operands wordsWith(Option option) {
    return new Operands(places, more, option);
  }

  /// Whether the path of a file may be one of them.
  boolean areFiles() {
    return places.stream().anyMatch(place -> place.others() == Values.Others.FILES);
  }

  /// What may stand after so many others; null where nothing may.
  public @Nullable Values at(int index) {
    if (index < places.size()) {
      return places.get(index);
    }
    return more ? places.getLast() : null;
  }
}

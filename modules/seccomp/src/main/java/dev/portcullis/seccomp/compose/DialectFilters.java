package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Dialect;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The filters that runtimes make of one profile.
public final class DialectFilters {
  private final Map<Dialect, Filters> filters;

  private DialectFilters(Map<Dialect, Filters> filters) {
    this.filters = filters;
  }

  /// What came of making them.
  public sealed interface Reading {
    record Made(DialectFilters filters) implements Reading {}

    record Failed(Composition why) implements Reading {}
  }

  /// The filters of one profile, or why one of them cannot be had.
  ///
  /// @param name of the profile, in reasons
  /// @param wanted those that are needed
  public static Reading of(
      String name, Map<Dialect, Compilation> compilations, Collection<Dialect> wanted) {
    Map<Dialect, Filters> filters = new EnumMap<>(Dialect.class);
    for (Dialect dialect : wanted) {
      switch (compilations.get(dialect)) {
        case Compilation.Compiled compiled -> filters.put(dialect, Filters.of(compiled.program()));
        case Compilation.Refused(String reason) -> {
          return new Reading.Failed(new Composition.Refused(name + ": " + reason, List.of()));
        }
        case Compilation.Undecided undecided -> {
          return new Reading.Failed(
              new Composition.Undecided(name + ": " + undecided.text(), false));
        }
        case Compilation.Unavailable(String reason) -> {
          return new Reading.Failed(new Composition.Undecided(name + ": " + reason, true));
        }
        case null -> throw new IllegalArgumentException("not made in " + dialect);
      }
    }
    return new Reading.Made(new DialectFilters(filters));
  }

  /// The filter of one dialect.
  ///
  /// @throws IllegalArgumentException where it was not asked for
  public Filters in(Dialect dialect) {
    Filters found = filters.get(dialect);
    if (found == null) {
      throw new IllegalArgumentException("not made in " + dialect);
    }
    return found;
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.profiles.exposure.CallNumbers;
import dev.portcullis.profiles.exposure.ClosingSearch;
import dev.portcullis.profiles.exposure.Privileges;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.ReachAnalysis;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.seccomp.bpf.Filters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which vulnerabilities containers reach, and what would close them.
///
/// @param asked the vulnerabilities
/// @param answered every subject, in its order
/// @param closed the profiles with which something is reached
public record ExposureAnswers(
    List<Vulnerability> asked, List<Answered> answered, List<ClosedProfile> closed) {
  public ExposureAnswers {
    asked = List.copyOf(asked);
    answered = List.copyOf(answered);
    closed = List.copyOf(closed);
  }

  /// What one subject reaches.
  public record Answered(ExposureSubject subject, Map<Vulnerability, Reach> reach) {
    public Answered {
      reach = Collections.unmodifiableMap(new LinkedHashMap<>(reach));
    }

    /// One of those that were asked for.
    public Reach of(Vulnerability vulnerability) {
      Reach one = reach.get(vulnerability);
      if (one == null) {
        throw new IllegalArgumentException(vulnerability.id() + " was not asked for");
      }
      return one;
    }
  }

  /// What closes a profile.
  ///
  /// @param origin the profile
  /// @param profile its name, as containers have it
  public record ClosedProfile(FilterOrigin origin, String profile, ClosingSearch.Found found) {}

  /// Finds the answers.
  public static ExposureAnswers of(
      List<ExposureSubject> subjects,
      List<Vulnerability> asked,
      CallNumbers numbers,
      ClosingSearch search) {
    List<Answered> answered = reached(subjects, asked, numbers);
    return new ExposureAnswers(asked, answered, closed(answered, search));
  }

  /// What each of the subjects reaches, in their order. Every filter is understood once.
  public static List<Answered> reached(
      List<ExposureSubject> subjects, List<Vulnerability> asked, CallNumbers numbers) {
    IdentityHashMap<Filters, Set<Privileges>> byFilters = new IdentityHashMap<>();
    for (ExposureSubject subject : subjects) {
      if (subject.filter() instanceof SubjectFilter.Known known) {
        byFilters
            .computeIfAbsent(known.filters(), _ -> new LinkedHashSet<>())
            .add(subject.privileges());
      }
    }
    IdentityHashMap<Filters, Map<Privileges, Map<Vulnerability, Reach>>> understood =
        new IdentityHashMap<>();
    byFilters.forEach((filters, privileges) ->
        understood.put(filters, ReachAnalysis.of(filters, privileges, asked, numbers)));
    List<Answered> answered = new ArrayList<>();
    for (ExposureSubject subject : subjects) {
      answered.add(
          new Answered(
              subject,
              switch (subject.filter()) {
                case SubjectFilter.Known known ->
                    understood
                        .getOrDefault(known.filters(), Map.of())
                        .getOrDefault(subject.privileges(), Map.of());
                case SubjectFilter.Unknown(String why) -> ReachAnalysis.undecided(asked, why);
              }));
    }
    return answered;
  }

  /// A profile, and what is reached with it: one that differs by its container's privileges alone
  /// may have other changes.
  private record Open(FilterOrigin origin, Set<Vulnerability> reached) {}

  private static List<ClosedProfile> closed(List<Answered> answered, ClosingSearch search) {
    Map<Open, ClosedProfile> closed = new LinkedHashMap<>();
    for (Answered each : answered) {
      if (!(each.subject().filter() instanceof SubjectFilter.Known(Filters filters, var origin))
          || origin == null) {
        continue;
      }
      Map<Vulnerability, Reach> reached = new LinkedHashMap<>();
      each.reach()
          .forEach((vulnerability, reach) -> {
            if (isOpen(reach)) {
              reached.put(vulnerability, reach);
            }
          });
      if (!reached.isEmpty()) {
        closed.computeIfAbsent(
            new Open(origin, reached.keySet()),
            _ ->
                new ClosedProfile(
                    origin,
                    each.subject().profileLabel(),
                    search.of(origin.profile(), filters, each.subject().privileges(), reached)));
      }
    }
    return List.copyOf(closed.values());
  }

  private static boolean isOpen(Reach reach) {
    return switch (reach.outcome()) {
      case REACHABLE, CLOSED_IN_PART -> true;
      case UNDECIDED, CLOSED -> false;
    };
  }
}

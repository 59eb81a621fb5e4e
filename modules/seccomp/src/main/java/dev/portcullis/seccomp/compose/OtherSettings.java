package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What profiles have beside their rules, and where it keeps them from being put together.
final class OtherSettings {
  private OtherSettings() {}

  /// Why they cannot be put together; nothing where they can.
  static Optional<String> apart(Combination combination, List<NamedProfile> parts) {
    for (NamedProfile part : parts) {
      if (!part.beside().unknown().isEmpty()) {
        return Optional.of(
            part.name()
                + " has a part that only some runtimes know, and that no other profile can have ("
                + part.beside().unknown().getFirst()
                + "); remove it");
      }
    }
    NamedProfile first = parts.getFirst();
    for (NamedProfile part : parts) {
      if (!part.beside().flags().equals(first.beside().flags())) {
        return Optional.of(
            "`flags` must be the same in all profiles: "
                + first.name()
                + " has "
                + flags(first.beside())
                + ", and "
                + part.name()
                + " "
                + flags(part.beside()));
      }
    }
    return listeners(parts).or(() -> architecturesApart(combination, parts));
  }

  private static String flags(Beside beside) {
    return beside.flags().isEmpty()
        ? "none"
        : beside.flags().stream().map(QuotedText::of).collect(Collectors.joining(", "));
  }

  private static Optional<String> listeners(List<NamedProfile> parts) {
    List<NamedProfile> asking = parts.stream().filter(part -> asks(part.profile())).toList();
    for (NamedProfile part : asking) {
      Listener listener = part.profile().listener();
      Listener other = asking.getFirst().profile().listener();
      if (!listener.equals(other)) {
        return Optional.of(
            asking.getFirst().name()
                + " asks the listener "
                + QuotedText.of(other.path())
                + " with SCMP_ACT_NOTIFY, and "
                + part.name()
                + " "
                + (listener.path().equals(other.path())
                    ? "the same with another `listenerMetadata`"
                    : QuotedText.of(listener.path()))
                + "; a profile has one listener");
      }
    }
    return Optional.empty();
  }

  private static boolean asks(ResolvedProfile profile) {
    return profile.defaultOutcome().action() == Action.NOTIFY
        || profile.rules().stream().anyMatch(rule -> rule.outcome().action() == Action.NOTIFY);
  }

  /// Each lists some, and none of them is listed by all.
  private static Optional<String> architecturesApart(
      Combination combination, List<NamedProfile> parts) {
    if (combination == Combination.UNION
        || parts.stream().anyMatch(part -> part.profile().architectures().isEmpty())) {
      return Optional.empty();
    }
    Set<Architecture> common = new LinkedHashSet<>(parts.getFirst().profile().architectures());
    parts.forEach(part -> common.retainAll(part.profile().architectures()));
    return common.isEmpty()
        ? Optional.of(
            "the profiles have no architecture in common: "
                + parts.stream()
                    .map(part ->
                        part.name()
                            + " lists "
                            + part.profile().architectures().stream()
                                .map(Architecture::spelling)
                                .collect(Collectors.joining(", ")))
                    .collect(Collectors.joining("; ")))
        : Optional.empty();
  }

  /// The architectures of the composition. libseccomp adds the machine's own to those of each.
  ///
  /// @return empty where no profile lists any
  static List<Architecture> architectures(
      Combination combination, List<NamedProfile> parts, Architecture machine) {
    if (parts.stream().allMatch(part -> part.profile().architectures().isEmpty())) {
      return List.of();
    }
    Set<Architecture> together = new LinkedHashSet<>();
    for (int i = 0; i < parts.size(); i++) {
      Set<Architecture> its = new LinkedHashSet<>(parts.get(i).profile().architectures());
      its.add(machine);
      if (i == 0 || combination == Combination.UNION) {
        together.addAll(its);
      } else {
        together.retainAll(its);
      }
    }
    return new ArrayList<>(together);
  }
}

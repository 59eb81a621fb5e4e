package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What decides about calls beside the filter of a profile, and what is not known about it here.
/// Two profiles are compared only where all of it is the same: a runtime connects to a listener as
/// root, and a flag such as `SECCOMP_FILTER_FLAG_SPEC_ALLOW` takes a protection away that no filter
/// shows. Without flags runc and crun set that one by themselves, so that fewer are not less
/// either.
///
/// @param flags in alphabetical order, each once
/// @param unknown fields that some runtime may know, as CRI-O knows `errno` where it is not the
///   errno of the filter: those that make both filters do not
public record Beside(Listener listener, List<String> flags, List<Finding> unknown) {
  /// Of no profile.
  public static final Beside NONE = new Beside(Listener.NONE, List.of(), List.of());

  public Beside {
    flags = List.copyOf(flags);
    unknown = List.copyOf(unknown);
  }

  /// Of a profile.
  ///
  /// @param warnings what was found when it was read
  public static Beside of(Profile profile, List<Finding> warnings) {
    return new Beside(
        profile.listener(),
        profile.flags().stream().map(Flag::name).distinct().sorted().toList(),
        warnings.stream()
            .filter(each ->
                each.problem() == Problem.UNKNOWN_FIELD || each.problem() == Problem.ERRNO_BY_NAME)
            .toList());
  }

  /// Something that is not the same.
  ///
  /// @param field `listenerPath`, `listenerMetadata`, `flags` or `unknown fields`
  /// @param first what the first has, in words
  public record Unlike(String field, String first, String second) {
    /// As `flags: "SECCOMP_FILTER_FLAG_LOG" against none`.
    @Override
    public String toString() {
      return field + ": " + first + " against " + second;
    }
  }

  /// What is not the same as in another one; unknown fields always.
  List<Unlike> unlike(Beside other) {
    List<Unlike> found = new ArrayList<>();
    Listener theirs = other.listener;
    if (!listener.path().equals(theirs.path())) {
      found.add(new Unlike("listenerPath", words(listener.path()), words(theirs.path())));
    }
    if (!listener.metadata().equals(theirs.metadata())) {
      found.add(
          new Unlike("listenerMetadata", words(listener.metadata()), words(theirs.metadata())));
    }
    if (!flags.equals(other.flags)) {
      found.add(new Unlike("flags", words(flags), words(other.flags)));
    }
    if (!unknown.isEmpty() || !other.unknown.isEmpty()) {
      found.add(new Unlike("unknown fields", fields(unknown), fields(other.unknown)));
    }
    return found;
  }

  private static String words(String text) {
    return text.isEmpty() ? "none" : QuotedText.of(text);
  }

  private static String words(List<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(QuotedText::of).collect(Collectors.joining(", "));
  }

  private static String fields(List<Finding> unknown) {
    return unknown.isEmpty()
        ? "none"
        : unknown.stream()
            .map(each -> "line " + each.at().line() + ": " + each.message())
            .collect(Collectors.joining("; "));
  }
}

package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import java.util.Comparator;
import java.util.List;

/// Which of the answers of several profiles to one call counts, in the kernel's order of severity.
public enum Combination {
  /// The most severe: no call gets more than each profile gives it.
  INTERSECTION,
  /// The least severe: each call gets what some profile gives it.
  UNION;

  /// EPERM
  private static final Verdict DENIED = new Verdict(Kind.ERRNO, 1);

  /// The answers that may be given: those of the kind that counts. Of several errnos any will do,
  /// the first before others; but success is not faked where a profile has a real errno.
  ///
  /// @param verdicts of all profiles, at least one
  public List<Verdict> accepted(List<Verdict> verdicts) {
    Kind kind = kind(verdicts);
    List<Verdict> ofKind =
        verdicts.stream().filter(each -> each.kind() == kind).distinct().toList();
    List<Verdict> honest = ofKind.stream().filter(each -> !each.fakesSuccess()).toList();
    return honest.isEmpty() ? ofKind : honest;
  }

  /// The first of them.
  public Verdict choose(List<Verdict> verdicts) {
    return accepted(verdicts).getFirst();
  }

  private Kind kind(List<Verdict> verdicts) {
    Comparator<Kind> severity = Comparator.naturalOrder();
    return verdicts.stream()
        .map(Verdict::kind)
        .min(this == INTERSECTION ? severity : severity.reversed())
        .orElseThrow();
  }

  /// Whether severity says nothing about the answer that counts: it fakes success or has another
  /// process decide, and not all profiles say so.
  public boolean isUnordered(List<Verdict> verdicts) {
    Verdict chosen = choose(verdicts);
    return (chosen.fakesSuccess() || chosen.kind().asks())
        && !verdicts.stream().allMatch(chosen::equals);
  }

  /// What is given in place of an answer about which severity says nothing, where more severity is
  /// asked for. There is nothing that is less severe than another process may be.
  Verdict approximated(List<Verdict> verdicts) {
    return this == INTERSECTION && isUnordered(verdicts) ? DENIED : choose(verdicts);
  }

  /// Whether one is on the side to which may be approximated.
  boolean allows(Verdict is, Verdict wanted) {
    return this == INTERSECTION
        ? is.kind().compareTo(wanted.kind()) <= 0
        : is.kind().compareTo(wanted.kind()) >= 0;
  }

  /// As `the intersection`.
  public String words() {
    return switch (this) {
      case INTERSECTION -> "the intersection";
      case UNION -> "the union";
    };
  }
}

package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// Judges what is legal and probably not meant.
///
/// Arguments and Docker's conditions are not evaluated: a rule with one counts as a rule that may
/// hold. What a filter does exactly is the question of {@link FilterLint}.
public final class Lint {
  private static final List<Check> CHECKS =
      List.of(
          new ForbidsNothing(),
          new DeniesEssentials(),
          new RuncRefusals(),
          new Notifications(),
          new Conditions(),
          new WithoutEffect(),
          new FakesSuccess(),
          new RightsKept());

  /// The findings about excess rights.
  private static final List<Check> DANGERS = List.of(new FakesSuccess(), new RightsKept());

  private Lint() {}

  /// Every finding of every check, in the order of the checks.
  public static List<Finding> check(Profile profile) {
    return CHECKS.stream().flatMap(check -> check.judge(profile).stream()).toList();
  }

  /// Only what is found of answers that make somebody believe what is not so, and by which a
  /// container may keep rights that it should lose.
  public static List<Finding> dangers(Profile profile) {
    return DANGERS.stream().flatMap(check -> check.judge(profile).stream()).toList();
  }
}

package dev.portcullis.pods.expectation;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Ground;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.expectation.PolicyCase.ContainerExpected;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A case, and what became of its pod.
///
/// @param mismatches where that is not what was expected; none where the case passes
public record CaseResult(PolicyCase policyCase, Judgement judgement, List<Mismatch> mismatches) {
  public CaseResult {
    mismatches = List.copyOf(mismatches);
  }

  /// Something that was expected and is not so.
  ///
  /// @param field of the case
  /// @param text what was expected, and what is
  public record Mismatch(FieldPath field, String text) {}

  /// Compares.
  public static CaseResult of(PolicyCase policyCase, Judgement judgement) {
    List<Mismatch> mismatches = new ArrayList<>();
    PolicyCase.Expected expected = policyCase.expected();
    if (judgement.admitted() != expected.allowed()) {
      mismatches.add(
          new Mismatch(
              expected.field(),
              "expected "
                  + expected.text()
                  + ", but the pod is "
                  + PolicyCase.word(judgement.admitted())
                  + reasons(judgement)));
    }
    for (ContainerExpected each : expected.containers()) {
      compare(each, judgement, mismatches);
    }
    return new CaseResult(policyCase, judgement, mismatches);
  }

  public boolean passed() {
    return mismatches.isEmpty();
  }

  private static String reasons(Judgement judgement) {
    return judgement.admitted()
        ? ""
        : ": "
            + judgement.reasons().getFirst().field()
            + ": "
            + judgement.reasons().getFirst().message();
  }

  private static void compare(
      ContainerExpected expected, Judgement judgement, List<Mismatch> mismatches) {
    for (ContainerDecision decision : judgement.containers()) {
      if (decision.container().name().equals(expected.name())) {
        compare(expected, decision, mismatches);
        return;
      }
    }
    mismatches.add(
        new Mismatch(
            expected.field(), "the pod has no container " + GoQuote.quote(expected.name())));
  }

  private static void compare(
      ContainerExpected expected, ContainerDecision decision, List<Mismatch> mismatches) {
    String profile =
        switch (decision) {
          case ContainerDecision.WithProfile named -> named.profile().text();
          case Unusable _ -> "none that can be used";
        };
    if (expected.profile() != null && !expected.profile().equals(profile)) {
      mismatch(expected, "the profile " + expected.profile(), "it is " + profile, mismatches);
    }
    Optional<String> policy =
        switch (decision) {
          case Admitted(_, Ground ground) -> ground.policyName();
          case InvalidPod _, Refused _, Undecided _, Unusable _ -> Optional.empty();
        };
    if (expected.policy() != null && !expected.policy().equals(policy.orElse(""))) {
      mismatch(
          expected,
          "the policy " + expected.policy(),
          policy.map(name -> "it is allowed by " + name).orElse("no policy allows it"),
          mismatches);
    }
  }

  private static void mismatch(
      ContainerExpected expected, String wanted, String is, List<Mismatch> mismatches) {
    mismatches.add(
        new Mismatch(
            expected.field(),
            "container "
                + GoQuote.quote(expected.name())
                + ": expected "
                + wanted
                + ", but "
                + is));
  }
}

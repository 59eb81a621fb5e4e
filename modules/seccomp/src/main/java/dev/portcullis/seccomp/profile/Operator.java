package dev.portcullis.seccomp.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How an argument is compared with a value; both are unsigned.
public enum Operator {
  NE,
  LT,
  LE,
  EQ,
  GE,
  GT,
  /// `(argument & value) == (valueTwo & value)`.
  MASKED_EQ;

  private static final List<String> SPELLINGS =
      Arrays.stream(values()).map(Operator::spelling).toList();

  /// The name in a profile: `SCMP_CMP_EQ`.
  public String spelling() {
    return "SCMP_CMP_" + name();
  }

  /// Every name that a profile may use.
  public static List<String> spellings() {
    return SPELLINGS;
  }

  /// The operator of a name, exactly as written.
  public static Optional<Operator> spelled(String spelling) {
    int index = SPELLINGS.indexOf(spelling);
    return index < 0 ? Optional.empty() : Optional.of(values()[index]);
  }
}

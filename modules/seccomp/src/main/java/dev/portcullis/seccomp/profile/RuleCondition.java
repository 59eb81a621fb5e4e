package dev.portcullis.seccomp.profile;

/// When Docker takes a rule into the filter at all.
public record RuleCondition(Condition includes, Condition excludes) {

  /// Always.
  public static final RuleCondition NONE = new RuleCondition(Condition.NONE, Condition.NONE);

  /// Whether the rule is always taken.
  public boolean isEmpty() {
    return includes.isEmpty() && excludes.isEmpty();
  }
}

package dev.portcullis.seccomp.compile;

import java.util.HashMap;
import java.util.Map;

/// How much work a ruleset is for libseccomp.
///
/// libseccomp keeps a tree of comparisons for each call, sorted by argument, and puts a rule's
/// chain of comparisons into it. With several chains that look at several arguments, of which one
/// says "not equal", it can link the tree to itself and never leave it (2.5.4 to 2.6.1); and the
/// time for the rules of one call grows with the fourth power of their number.
///
/// Neither can be where the rules of a call look at one argument each, or where there is but one
/// rule for it: there is nothing to link the wrong way. That is so for the default profiles of
/// runtimes. It is not proven from libseccomp's source, so what is said to be small has a limit of
/// time all the same; a test tries thousands.
public enum Effort {
  /// Less than a tenth of a second, and less than a megabyte.
  SMALL,
  /// Any, up to never ending.
  UNKNOWN;

  /// Rules with conditions, of all calls together: on some architectures several calls are one.
  private static final int MOST_CONDITIONAL = 32;

  /// It takes the square of the time for more rules; the default profiles have 400.
  private static final int MOST_ENTRIES = 1_024;

  /// It makes the filter once for each architecture.
  private static final int MOST_IN_ALL = 8_192;

  /// What a ruleset is.
  public static Effort of(Ruleset ruleset) {
    int entries = ruleset.entries().size();
    if (entries > MOST_ENTRIES || entries * (ruleset.architectures().size() + 1) > MOST_IN_ALL) {
      return UNKNOWN;
    }
    Map<Integer, Integer> rules = new HashMap<>();
    Map<Integer, Integer> conditions = new HashMap<>();
    int conditional = 0;
    for (Ruleset.Entry entry : ruleset.entries()) {
      int size = entry.conditions().size();
      if (size > 0) {
        conditional++;
        rules.merge(entry.number(), 1, Integer::sum);
        conditions.merge(entry.number(), size, Math::max);
      }
    }
    if (conditional > MOST_CONDITIONAL) {
      return UNKNOWN;
    }
    for (Map.Entry<Integer, Integer> call : rules.entrySet()) {
      if (call.getValue() > 1 && conditions.getOrDefault(call.getKey(), 0) > 1) {
        return UNKNOWN;
      }
    }
    return SMALL;
  }
}

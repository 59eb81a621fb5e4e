package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.RulesetCompiler.Undecided;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rulesets that took too long, by their digests: anyone who asks for one again is answered at
/// once. For a while only, as it may have been the machine that had no time.
final class SlowRulesets {
  private static final int MOST = 4_096;

  private final long nanoseconds;
  private final Map<String, Known> known = new LinkedHashMap<>();

  private record Known(Undecided answer, long until) {}

  SlowRulesets(Duration time) {
    nanoseconds = time.toNanos();
  }

  static String digest(byte[] ruleset) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ruleset));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  synchronized @Nullable Undecided get(String digest) {
    Known found = known.get(digest);
    if (found == null) {
      return null;
    }
    if (found.until() - System.nanoTime() < 0) {
      known.remove(digest);
      return null;
    }
    return found.answer();
  }

  synchronized void put(String digest, Undecided answer) {
    known.remove(digest);
    if (known.size() >= MOST) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(digest, new Known(answer, System.nanoTime() + nanoseconds));
  }
}

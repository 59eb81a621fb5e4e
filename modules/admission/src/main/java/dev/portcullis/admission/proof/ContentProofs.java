package dev.portcullis.admission.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portcullis.pods.decide.Strictness.Answer;
import dev.portcullis.pods.decide.Strictness.Unprovable;
import dev.portcullis.profiles.compare.ContentComparer;
import dev.portcullis.profiles.compare.ProofComparer;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Compares contents, one pair at a time: a comparison takes a processor for milliseconds and
/// memory, and thousands of pods that come at once mostly ask about the same pair. What came of it
/// is kept.
///
/// Pairs that may be much work for libseccomp have a turn of their own: anyone who writes such
/// profiles delays only others who do.
public final class ContentProofs implements ContentComparer {
  private static final int KEPT = 2_000;

  /// The default profiles of runtimes have less than 32 KiB. What a profile costs grows with it,
  /// and anyone who writes one must not be able to stop admission for all.
  private static final int LARGEST = 64 * 1024;

  private final Cache<Pair, Answer> known = Caffeine.newBuilder().maximumSize(KEPT).build();
  private final Semaphore turn = new Semaphore(1);
  private final Semaphore turnOfHardOnes = new Semaphore(1);
  private final Supplier<ProfileProof> maker;
  private final Duration patience;

  /// Made when something is to be proven: it loads libseccomp.
  private @Nullable ProfileProof proof;

  /// @param than null for no filter at all
  private record Pair(String profile, @Nullable String than) {}

  /// By what this machine knows of system calls.
  ///
  /// @param patience how long a caller waits for earlier proofs
  public ContentProofs(Compiler compiler, Duration patience) {
    this(() -> ProfileProof.by(compiler, Bounds.SMALL), patience);
  }

  ContentProofs(Supplier<ProfileProof> maker, Duration patience) {
    this.maker = maker;
    this.patience = patience;
  }

  @Override
  public Answer compare(ProfileContent profile, @Nullable ProfileContent than) {
    if (profile.length() > LARGEST || (than != null && than.length() > LARGEST)) {
      return new Unprovable(
          "the webhook compares profiles of up to " + LARGEST / 1024 + " KiB, and one is larger");
    }
    Pair pair = new Pair(profile.sha256(), than == null ? null : than.sha256());
    Answer before = known.getIfPresent(pair);
    if (before != null) {
      return before;
    }
    ProfileProof prover = proof();
    boolean hard =
        prover.effort(profile.bytes()) == Effort.UNKNOWN
            || (than != null && prover.effort(than.bytes()) == Effort.UNKNOWN);
    try {
      return hard
          ? inTurn(turnOfHardOnes, pair, () -> proveHard(prover, pair, profile, than))
          : inTurn(turn, pair, () -> proven(pair, profile, than, outcome(prover, profile, than)));
    } catch (InterruptedException late) {
      Thread.currentThread().interrupt();
      return new Unprovable("no time was left; try again");
    }
  }

  private interface Work {
    Answer answer() throws InterruptedException;
  }

  private Answer inTurn(Semaphore turns, Pair pair, Work work) throws InterruptedException {
    if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return new Unprovable("too many proofs are in progress; try again");
    }
    try {
      // Another thread may have compared it meanwhile.
      Answer meanwhile = known.getIfPresent(pair);
      return meanwhile != null ? meanwhile : work.answer();
    } finally {
      turns.release();
    }
  }

  /// Has filters made that may take their time, and only then asks for the turn of all: whatever is
  /// compared, it is one pair at a time, for the memory of it.
  private Answer proveHard(
      ProfileProof prover, Pair pair, ProfileContent profile, @Nullable ProfileContent than)
      throws InterruptedException {
    ProfileProof.Made mine = prover.make(profile.bytes());
    if (mine.unknown() != null) {
      return proven(pair, profile, than, mine.unknown());
    }
    ProfileProof.Made theirs =
        than == null ? ProfileProof.unconfined() : prover.makeOther(than.bytes());
    return inTurn(turn, pair, () -> proven(pair, profile, than, prover.compare(mine, theirs)));
  }

  private static ProfileProof.Outcome outcome(
      ProfileProof prover, ProfileContent profile, @Nullable ProfileContent than) {
    return than == null
        ? prover.compareToUnconfined(profile.bytes())
        : prover.compare(profile.bytes(), than.bytes());
  }

  private synchronized ProfileProof proof() {
    if (proof == null) {
      proof = maker.get();
    }
    return proof;
  }

  private Answer proven(
      Pair pair,
      ProfileContent profile,
      @Nullable ProfileContent than,
      ProfileProof.Outcome outcome) {
    Answer answer = ProofComparer.answer(outcome, profile, than);
    // What was not finished is not kept: the compiler knows for how long this is so.
    if (!(outcome instanceof ProfileProof.Unfinished)) {
      known.put(pair, answer);
    }
    return answer;
  }

  /// A request whose time is over has its thread interrupted (`admission.http`).
  @Override
  public boolean hasTime() {
    return !Thread.currentThread().isInterrupted();
  }
}

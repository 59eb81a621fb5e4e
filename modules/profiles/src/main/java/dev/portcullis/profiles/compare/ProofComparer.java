package dev.portcullis.profiles.compare;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.Strictness.Answer;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Compares contents by a proof about their filters, one pair at a time: a comparison takes memory.
public final class ProofComparer implements ContentComparer {
  private final Supplier<ProfileProof> maker;
  private @Nullable ProfileProof proof;

  /// @param maker asked when something is to be proven: a proof loads libseccomp
  public ProofComparer(Supplier<ProfileProof> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized Answer compare(ProfileContent profile, @Nullable ProfileContent than) {
    if (proof == null) {
      proof = maker.get();
    }
    return answer(
        than == null
            ? proof.compareToUnconfined(profile.bytes())
            : proof.compare(profile.bytes(), than.bytes()),
        profile,
        than);
  }

  /// What the outcome of a proof says of two contents.
  ///
  /// @param than null where `profile` was compared with no filter at all
  public static Answer answer(
      ProfileProof.Outcome outcome, ProfileContent profile, @Nullable ProfileContent than) {
    return switch (outcome) {
      case ProfileProof.NoWeaker _ ->
          new Strictness.NoWeaker(profile.sha256(), than == null ? null : than.sha256());
      case ProfileProof.Weaker weaker -> new Strictness.Weaker(weaker.text());
      case ProfileProof.Incomparable differing -> new Strictness.Unprovable(differing.text());
      case ProfileProof.Unprovable(String why) -> new Strictness.Unprovable(why);
      case ProfileProof.Unfinished(String why) -> new Strictness.Unprovable(why);
    };
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.container.profiles.CheckedProfile;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.UnusableProfile;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What profiles are to each other, by the files below a profile root.
final class StrictnessOfFiles implements Strictness {
  private final ProfileRoot root;

  /// Made when something is to be proven: it loads libseccomp.
  private @Nullable ProfileProof proof;

  private final Map<Pair, Answer> known = new HashMap<>();

  private record Pair(ProfileName.Localhost profile, ProfileName than) {}

  StrictnessOfFiles(ProfileRoot root) {
    this.root = root;
  }

  @Override
  public Answer compare(ProfileName.Localhost profile, ProfileName than) {
    return known.computeIfAbsent(
        new Pair(profile, than), pair -> proven(pair.profile(), pair.than()));
  }

  private Answer proven(ProfileName.Localhost profile, ProfileName than) {
    return switch (root.check(profile.path())) {
      case UnusableProfile unusable -> new Unprovable(unusable.message());
      case CheckedProfile mine -> proven(mine.content(), than);
    };
  }

  private Answer proven(ProfileContent profile, ProfileName than) {
    return switch (than) {
      case ProfileName.Unconfined _ ->
          answer(proof().compareToUnconfined(profile.bytes()), profile, null);
      case ProfileName.RuntimeDefault _ ->
          new Unprovable(
              "the runtime's default is not a file below the profile root; keep a copy of it there,"
                  + " and name that");
      case ProfileName.Localhost other ->
          switch (root.check(other.path())) {
            case UnusableProfile unusable -> new Unprovable(unusable.message());
            case CheckedProfile theirs ->
                answer(
                    proof().compare(profile.bytes(), theirs.content().bytes()),
                    profile,
                    theirs.content().sha256());
          };
    };
  }

  private ProfileProof proof() {
    if (proof == null) {
      proof = ProfileProof.by(CommandCompiler.get(), Bounds.USUAL);
    }
    return proof;
  }

  private static Answer answer(
      ProfileProof.Outcome outcome, ProfileContent of, @Nullable String base) {
    return switch (outcome) {
      case ProfileProof.NoWeaker _ -> new NoWeaker(of.sha256(), base);
      case ProfileProof.Unprovable(String why) -> new Unprovable(why);
      case ProfileProof.Incomparable differing -> new Unprovable(differing.text());
      case ProfileProof.Unfinished(String why) -> new Unprovable(why);
      case ProfileProof.Weaker weaker -> new Weaker(weaker.text());
    };
  }
}

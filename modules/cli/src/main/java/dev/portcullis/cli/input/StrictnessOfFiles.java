package dev.portcullis.cli.input;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.compare.ProofComparer;
import dev.portcullis.profiles.compare.StoredComparer;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.meaning.Bounds;
import java.util.HashMap;
import java.util.Map;

/// What profiles are to each other, by the files below a profile root: each pair is read and
/// compared once in a command, however many pods name it.
final class StrictnessOfFiles implements Strictness {
  private final StoredComparer comparer;
  private final Map<Pair, Answer> known = new HashMap<>();

  private record Pair(ProfileName.Localhost profile, ProfileName than) {}

  StrictnessOfFiles(ProfileStore files) {
    comparer =
        new StoredComparer(
            files, new ProofComparer(() -> ProfileProof.by(CommandCompiler.get(), Bounds.USUAL)));
  }

  @Override
  public Answer compare(ProfileName.Localhost profile, ProfileName than) {
    return known.computeIfAbsent(
        new Pair(profile, than), pair -> comparer.compare(pair.profile(), pair.than()));
  }
}

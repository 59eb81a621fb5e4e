package dev.portcullis.profiles.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.ContainerProfile;
import dev.portcullis.pods.decide.Ground;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.profiles.key.ProfileKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The contents that a pod was admitted for, where no list names its profiles, as its annotation
/// has them: `[{"profile": ..., "sha256": ..., "noWeakerThan": ..., "baseSha256": ...}]`. Admission
/// writes it, nodes hold the pod to it. A record without `baseSha256` is one of an older
/// Portcullis: of it the content of the other profile is not known.
///
/// @param byProfile what was proven, by profile
public record ProofRecord(Map<ProfileKey, StrictnessEvidence> byProfile) {
  /// Of a pod all of whose profiles are named by a list.
  public static final ProofRecord NONE = new ProofRecord(Map.of());

  private static final String BASE = "baseSha256";

  private static final Limits BOUNDS = new Limits(256 * 1024, 5, 20_000);

  public ProofRecord {
    byProfile = Collections.unmodifiableMap(new TreeMap<>(byProfile));
  }

  /// What a pod is admitted for.
  public static ProofRecord of(Judgement judgement) {
    Map<ProfileKey, StrictnessEvidence> byProfile = new TreeMap<>();
    for (ContainerDecision decision : judgement.containers()) {
      switch (decision) {
        case Admitted(ContainerProfile asked, Ground ground) -> add(asked, ground, byProfile);
        case InvalidPod(ContainerProfile asked, Ground ground) -> add(asked, ground, byProfile);
        case Refused _, Undecided _, Unusable _ -> {}
      }
    }
    return new ProofRecord(byProfile);
  }

  private static void add(
      ContainerProfile asked, Ground ground, Map<ProfileKey, StrictnessEvidence> byProfile) {
    if (ground instanceof Ground.ByProof(_, StrictnessEvidence proven)
        && asked.profile() instanceof ProfileName.Localhost localhost) {
      byProfile.put(ProfileKey.of(localhost), proven);
    }
  }

  public boolean isEmpty() {
    return byProfile.isEmpty();
  }

  /// As the annotation has it.
  public String text() {
    List<Mapping> entries = new ArrayList<>();
    byProfile.forEach((profile, proven) -> {
      MappingBuilder entry =
          new MappingBuilder()
              .put("profile", profile.text())
              .put("sha256", proven.sha256())
              .put("noWeakerThan", proven.than().text());
      if (proven.baseSha256() != null) {
        entry.put(BASE, proven.baseSha256());
      }
      entries.add(entry.build());
    });
    return JsonWriter.compact(new Sequence(Position.NONE, List.copyOf(entries)));
  }

  /// What an annotation says; null where Portcullis would not write it so.
  public static @Nullable ProofRecord read(String text) {
    if (!(Documents.readJson(text.getBytes(UTF_8), BOUNDS)
            instanceof ParseResult.Documents(var values))
        || values.size() != 1
        || !(values.getFirst() instanceof Sequence entries)) {
      return null;
    }
    Map<ProfileKey, StrictnessEvidence> byProfile = new TreeMap<>();
    for (Value entry : entries.items()) {
      if (!(entry instanceof Mapping proof)
          || !(proof.present("profile") instanceof Value.Text(_, String profile))
          || !(proof.present("sha256") instanceof Value.Text(_, String sha256))
          || !(proof.present("noWeakerThan") instanceof Value.Text(_, String than))
          || !(ProfileText.read(than) instanceof ProfileText.Named(ProfileName name))) {
        return null;
      }
      ProfileKey key = ProfileKey.read(profile).orElse(null);
      Value present = proof.present(BASE);
      String base = present instanceof Value.Text(_, String digest) ? digest : null;
      if (key == null || (present != null && base == null)) {
        return null;
      }
      byProfile.put(key, new StrictnessEvidence(name, sha256, base));
    }
    return new ProofRecord(byProfile);
  }
}

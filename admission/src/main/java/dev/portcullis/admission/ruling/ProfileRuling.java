package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.AdmissionResponse.Refusal;
import dev.portcullis.distribution.Wish;
import dev.portcullis.distribution.Wishes;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Proven;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of a change of the profiles that nodes get. A pod that was admitted for the content
/// of a profile is judged again by the new one, before any node has it.
///
/// @param strictness what contents are to the profiles that policies name
record ProfileRuling(ProfileChange change, DistributedStrictness strictness, ProvenPods pods) {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /// A profile under which pods run, because it was no weaker than another one.
  private record Use(String profile, ProfileName than) {}

  /// Refused whatever the mode may be: only where it is enforced does a pod carry such a record.
  Ruling ruling() throws IOException {
    List<String> warnings = new ArrayList<>();
    change.problems().forEach(problem -> warnings.add(problem.toString()));
    List<String> reasons =
        change.contents().isEmpty() && !change.tooLarge() ? List.of() : reasons();
    if (reasons.isEmpty()) {
      return new Ruling(
          AdmissionResponse.allowed().warning(warnings),
          Ruling.Outcome.ALLOWED,
          Mode.ENFORCE,
          List.of());
    }
    String shown = Ruling.shown(reasons);
    return new Ruling(
        AdmissionResponse.refused(Refusal.forbidden(shown))
            .warning(warnings)
            .audited(Map.of("refused", shown)),
        Ruling.Outcome.REFUSED,
        Mode.ENFORCE,
        reasons);
  }

  private List<String> reasons() throws IOException {
    if (change.tooLarge()) {
      return List.of(
          "all ConfigMaps with profiles together would have more than "
              + Wishes.LARGEST / (1024 * 1024)
              + " MiB, which is the most that nodes take; take some out first");
    }
    Map<Use, List<String>> uses = new LinkedHashMap<>();
    for (Mapping pod : pods.all()) {
      if (!hasEnded(pod)) {
        PolicyRecord.proofs(pod)
            .byProfile()
            .forEach((profile, proven) -> add(uses, pod, profile, proven));
      }
    }
    List<String> reasons = new ArrayList<>();
    uses.forEach((use, names) -> {
      String path = use.profile().substring("localhost/".length());
      Wish.Sound sound = change.contents().get(path);
      if (sound != null) {
        String why = why(strictness.compare(sound.content(), use.than(), change.after()));
        if (!why.isEmpty()) {
          reasons.add(
              sound.source()
                  + ": "
                  + PodNames.of(names)
                  + " admitted because "
                  + use.profile()
                  + " was no weaker than "
                  + use.than().text()
                  + ", and "
                  + why
                  + "; give the new content another name, or delete these pods first");
        }
      }
    });
    return reasons;
  }

  private static void add(Map<Use, List<String>> uses, Mapping pod, String profile, Proven proven) {
    if (profile.startsWith("localhost/")) {
      uses.computeIfAbsent(new Use(profile, proven.than()), _ -> new ArrayList<>())
          .add(PodNames.name(pod));
    }
  }

  private static String why(Strictness.Answer answer) {
    return switch (answer) {
      case Strictness.NoWeaker _ -> "";
      case Strictness.Weaker(String where) -> "the new content is weaker: " + where;
      case Strictness.Unprovable(String why) -> "nothing proves it of the new content: " + why;
    };
  }

  private static boolean hasEnded(Mapping pod) {
    return pod.present("status") instanceof Mapping status
        && status.present("phase") instanceof Value.Text(_, String phase)
        && ENDED.contains(phase);
  }
}

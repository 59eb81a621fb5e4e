package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.AdmissionResponse.Refusal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.profiles.compare.ContentComparer;
import dev.portcullis.profiles.compare.StoredComparer;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of a change of the profiles that nodes get. A pod that was admitted for the content
/// of a profile is judged again by the new one, before any node has it.
///
/// @param contents what contents are to each other
record ProfileChangeReview(
    ProfileChange change,
    ContentComparer contents,
    ProvenPods pods,
    ReportingNodes nodes,
    Policies policies) {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /// A profile under which pods run, because it was no weaker than another one.
  record Use(ProfileKey profile, ProfileName than) {}

  /// Refused whatever the mode may be: it may have changed since. Where Portcullis does not
  /// enforce, a pod's author can write such a record himself; by it he can hold a content, and
  /// weaken none.
  AdmissionVerdict ruling() throws IOException {
    List<String> warnings = new ArrayList<>();
    change.problems().forEach(problem -> warnings.add(problem.toString()));
    List<String> reasons = List.of();
    if (change.tooLarge()) {
      reasons = List.of(tooLarge());
    } else if (tooMany()) {
      reasons =
          List.of(
              "all ConfigMaps with profiles would together have "
                  + change.after().byPath().size()
                  + " profiles, and nodes accept "
                  + DesiredProfiles.MOST
                  + "; remove some first");
    } else if (!change.taken().isEmpty()) {
      reasons = change.taken();
    } else if (!change.contents().isEmpty()) {
      Map<Use, List<Mapping>> uses = uses();
      reasons = reasons(uses);
      warnings.addAll(new BaseChanges(change, contents, policies).warnings(uses));
    }
    if (reasons.isEmpty()) {
      return new AdmissionVerdict(
          AdmissionResponse.allowed().warning(warnings),
          AdmissionVerdict.Outcome.ALLOWED,
          Mode.ENFORCE,
          List.of());
    }
    String shown = AdmissionVerdict.shown(reasons);
    return new AdmissionVerdict(
        AdmissionResponse.refused(Refusal.forbidden(shown))
            .warning(warnings)
            .audited(Map.of("refused", shown)),
        AdmissionVerdict.Outcome.REFUSED,
        Mode.ENFORCE,
        reasons);
  }

  /// A user who made as many would leave no place for others, or for one that is made anew.
  private boolean tooMany() {
    int now = change.after().byPath().size();
    return now > DesiredProfiles.MOST && now > change.before().byPath().size();
  }

  private static String tooLarge() {
    return "all ConfigMaps with profiles would together have more than "
        + DesiredProfiles.LARGEST / (1024 * 1024)
        + " MiB, the most that nodes accept; remove some first";
  }

  /// The pods of each use.
  private Map<Use, List<Mapping>> uses() throws IOException {
    Map<Use, List<Mapping>> uses = new LinkedHashMap<>();
    for (Mapping pod : pods.all()) {
      if (!hasEnded(pod)) {
        ManifestRecord.proofs(pod)
            .byProfile()
            .forEach((profile, proven) ->
                uses.computeIfAbsent(new Use(profile, proven.than()), _ -> new ArrayList<>())
                    .add(pod));
      }
    }
    return uses;
  }

  private List<String> reasons(Map<Use, List<Mapping>> uses) {
    List<String> reasons = new ArrayList<>();
    uses.forEach((use, users) -> {
      DesiredProfile.Sound sound = change.contents().get(use.profile().path());
      if (sound != null) {
        String why = why(answer(sound.content(), use.than(), users));
        if (!why.isEmpty()) {
          reasons.add(
              sound.source()
                  + ": "
                  + PodNames.of(users)
                  + " admitted because "
                  + use.profile().text()
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

  /// What a new content is to a profile that a policy names, where these pods run or may run.
  private Strictness.Answer answer(ProfileContent content, ProfileName than, List<Mapping> users) {
    Set<Placement> placements = new HashSet<>();
    for (Mapping user : users) {
      Pod pod = PodReader.read(Manifest.ofPod(user));
      if (pod != null) {
        placements.add(Placement.of(pod));
      }
    }
    List<ReportingNode> eligible =
        nodes.all().stream()
            .filter(node -> placements.stream().anyMatch(placement -> placement.allows(node)))
            .toList();
    // A pod may run on a node that reports nothing. Its node proves again, if it has the proxy.
    ProfileStore store =
        eligible.isEmpty()
            ? change.storeAfter()
            : new NodeProfileStore(change.storeAfter(), ArchitectureLabel.OWN, () -> eligible);
    return new StoredComparer(store, contents).compare(content, than);
  }

  private static String why(Strictness.Answer answer) {
    return switch (answer) {
      case Strictness.NoWeaker _ -> "";
      case Strictness.Weaker(String where) -> "the new content is weaker: " + where;
      case Strictness.Unprovable(String why) ->
          "the new content is not proven to be no weaker: " + why;
    };
  }

  private static boolean hasEnded(Mapping pod) {
    return pod.present("status") instanceof Mapping status
        && status.present("phase") instanceof Value.Text(_, String phase)
        && ENDED.contains(phase);
  }
}

package dev.portcullis.admission.ruling;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.profiles.key.ProfileKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Warns of profiles that are not where the pod may run. Nothing is refused for it: a profile may
/// still arrive, and a node that reports no profiles may have it.
final class Availability {
  private static final int NAMED = 3;

  /// Profiles of one pod that are looked for: each on all nodes.
  private static final int MOST = 32;

  private Availability() {}

  /// The judgement with what is to be reported about its profiles.
  static Judgement warned(Judgement judgement, ReportingNodes telling) {
    if (!judgement.admitted()) {
      return judgement;
    }
    Map<ProfileKey, Container> wanted = new LinkedHashMap<>();
    for (ContainerDecision decision : judgement.containers()) {
      switch (decision) {
        case Admitted admitted -> {
          if (wanted.size() < MOST
              && admitted.profile() instanceof ProfileName.Localhost localhost
              && !admitted.container().privileged()) {
            wanted.putIfAbsent(ProfileKey.of(localhost), admitted.container());
          }
        }
        case InvalidPod _, Refused _, Undecided _, Unusable _ -> {}
      }
    }
    if (wanted.isEmpty()) {
      return judgement;
    }
    List<Warning> warnings = new ArrayList<>(judgement.warnings());
    Placement placement = Placement.of(judgement.pod());
    List<ReportingNode> eligible = telling.all().stream().filter(placement::allows).toList();
    if (!eligible.isEmpty()) {
      wanted.forEach((profile, container) -> {
        String where = where(profile.text(), eligible, placement);
        if (!where.isEmpty()) {
          warnings.add(
              new Warning(
                  Warning.Kind.PROFILE_NOT_THERE,
                  container.field().at(),
                  "container "
                      + GoQuote.quote(container.name())
                      + ": "
                      + profile.text()
                      + " "
                      + where));
        }
      });
    }
    return judgement.withWarnings(warnings);
  }

  /// Empty where there is nothing to report.
  private static String where(
      String profile, Collection<ReportingNode> nodes, Placement placement) {
    List<String> without = new ArrayList<>();
    Map<String, Integer> digests = new TreeMap<>();
    for (ReportingNode node : nodes) {
      String digest = node.profiles().digests().get(profile);
      if (digest != null) {
        digests.merge(digest, 1, Integer::sum);
      } else if (node.profiles().complete()) {
        without.add(node.name());
      }
    }
    if (without.size() == nodes.size()) {
      return "is on none of the "
          + nodes.size()
          + " nodes where the pod may run and that report their profiles; the container is created"
          + " only once the profile is there (kubectl get nodeprofiles)";
    }
    if (!without.isEmpty() && !placement.narrower()) {
      return "is not on "
          + without.size()
          + " of the "
          + nodes.size()
          + " nodes where the pod may run and that report their profiles ("
          + String.join(", ", without.stream().sorted().limit(NAMED).toList())
          + (without.size() > NAMED ? ", ..." : "")
          + "); there the container is created only once the profile is there";
    }
    if (digests.size() > 1) {
      List<String> shares = new ArrayList<>();
      digests.forEach((digest, count) ->
          shares.add(digest.substring(0, Math.min(12, digest.length())) + " on " + count));
      return "differs between the nodes where the pod may run: sha256 "
          + String.join(", ", shares.subList(0, Math.min(NAMED, shares.size())));
    }
    return "";
  }
}

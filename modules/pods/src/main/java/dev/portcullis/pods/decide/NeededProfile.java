package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;

/// A profile that a pod has to be allowed, and what for.
///
/// @param container the first one that is judged by it; for an annotation by which a runtime takes
///   another filter, its key
/// @param unfiltered whether it runs without a filter, whatever it names
public record NeededProfile(ProfileName profile, String container, boolean unfiltered) {

  /// All that a pod needs, by what its containers are judged by. Of a pod that no policy could
  /// help, what was decided about it so far.
  ///
  /// @param leniency of the judge
  public static List<NeededProfile> of(Judgement judgement, Leniency leniency) {
    Pod pod = judgement.pod();
    List<NeededProfile> needed = new ArrayList<>();
    for (ContainerDecision decision : judgement.containers()) {
      if (decision instanceof ContainerDecision.WithProfile named) {
        Container container = decision.container();
        boolean unfiltered = UnfilteredReason.of(pod, container, leniency) != null;
        needed.add(
            new NeededProfile(
                unfiltered ? ProfileName.UNCONFINED : named.profile(),
                container.name(),
                unfiltered));
      }
    }
    pod.runtimeAnnotations()
        .forEach(annotation ->
            needed.add(new NeededProfile(ProfileName.UNCONFINED, annotation.key(), true)));
    return needed;
  }
}

package dev.portcullis.profiles.record;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How a pod was admitted, as its annotations and a label have it. Admission alone writes them:
/// what they say of a pod must be true, and nodes believe it.
///
/// @param policies the names of those that admitted it; none where it was admitted without any
/// @param unconfined the names of the containers that were judged to run without a filter, or that
///   are privileged and run without one whatever they name
/// @param proofs what it was admitted for beside names
public record PodRecord(Set<String> policies, Set<String> unconfined, ProofRecord proofs) {
  /// The annotation for the policies: a pod that was admitted has it.
  public static final String POLICY = "portcullis.dev/policy";

  /// The annotation for the containers without a filter; there where there are some. Nodes need it:
  /// a kubelet sends Unconfined for a container that names nothing, too.
  public static final String UNCONFINED = "portcullis.dev/unconfined";

  /// The annotation for the proofs, there where there are some; and beside it the label, by which
  /// such pods can be found among many. The label's value is `true`.
  public static final String PROVEN = "portcullis.dev/proven";

  /// All annotations of the record.
  public static final Set<String> KEYS = Set.of(POLICY, UNCONFINED, PROVEN);

  /// All annotations below it are ours, also those of other versions, but for {@link
  /// SeccompKeys#PROVE} and {@link SeccompKeys#RECORD}, which are the user's.
  private static final String PREFIX = "portcullis.dev/";

  public PodRecord {
    policies = Collections.unmodifiableSet(new TreeSet<>(policies));
    unconfined = Collections.unmodifiableSet(new TreeSet<>(unconfined));
  }

  /// Of a pod that is admitted.
  public static PodRecord of(Judgement judgement) {
    Set<String> policies = new TreeSet<>();
    Set<String> unconfined = new TreeSet<>();
    for (ContainerDecision decision : judgement.containers()) {
      switch (decision) {
        case Admitted admitted -> {
          admitted.ground().policyName().ifPresent(policies::add);
          if (admitted.runsUnconfined()) {
            unconfined.add(admitted.container().name());
          }
        }
        case InvalidPod _, Refused _, Undecided _, Unusable _ -> {}
      }
    }
    return new PodRecord(policies, unconfined, ProofRecord.of(judgement));
  }

  /// Whether an annotation is part of a record.
  public static boolean isAnnotation(String key) {
    return key.startsWith(PREFIX)
        && !key.equals(SeccompKeys.PROVE)
        && !key.equals(SeccompKeys.RECORD);
  }

  /// Whether a label is.
  public static boolean isLabel(String key) {
    return key.equals(PROVEN);
  }

  /// The annotations of the record.
  public Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(POLICY, String.join(",", policies));
    if (!unconfined.isEmpty()) {
      annotations.put(UNCONFINED, String.join(",", unconfined));
    }
    if (!proofs.isEmpty()) {
      annotations.put(PROVEN, proofs.text());
    }
    return annotations;
  }

  /// Its labels.
  public Map<String, String> labels() {
    return proofs.isEmpty() ? Map.of() : Map.of(PROVEN, "true");
  }

  /// Whether annotations say that the pod was judged.
  public static boolean isIn(Map<String, String> annotations) {
    return annotations.containsKey(POLICY);
  }

  /// Whether they say that a container was judged to run without a filter. They cannot change once
  /// the pod exists, so they do not name what was added later.
  public static boolean isUnconfined(Map<String, String> annotations, String container) {
    return names(annotations.getOrDefault(UNCONFINED, "")).contains(container);
  }

  /// The proofs that they have; empty where they have none, null where they have what Portcullis
  /// does not write.
  public static @Nullable ProofRecord proofs(Map<String, String> annotations) {
    String text = annotations.get(PROVEN);
    return text == null ? ProofRecord.NONE : ProofRecord.read(text);
  }

  /// Whether a text of {@link #UNCONFINED} names other containers than this record.
  public boolean isExceededBy(String text) {
    return !unconfined.containsAll(names(text));
  }

  private static List<String> names(String text) {
    return List.of(text.split(",", -1));
  }
}

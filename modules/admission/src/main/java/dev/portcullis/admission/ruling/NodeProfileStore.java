package dev.portcullis.admission.ruling;

import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The profiles that ConfigMaps give to nodes, as far as the nodes have them where a pod may run.
/// What one of them has under the same name and another content is undecided, and so is everything
/// where a runtime may make another filter of it ({@link Coverage}). This is so of what a policy
/// names, too: a ConfigMap beside the administrator's own file must not take its place.
///
/// @param wanted what ConfigMaps want on nodes
/// @param architecture for which proofs are made, by the name in the nodes' label
/// @param eligible the nodes where the pod may run, and that report what they have
record NodeProfileStore(
    ProfileStore wanted, String architecture, Supplier<List<ReportingNode>> eligible)
    implements ProfileStore {
  private static final String ARCHITECTURE = "kubernetes.io/arch";

  @Override
  public ProfileLookup lookup(ProfileKey key) {
    ProfileLookup lookup = wanted.lookup(key);
    String elsewhere =
        lookup instanceof UsableProfile profile ? elsewhere(key, profile.content()) : null;
    return elsewhere == null ? lookup : new ProfileLookup.Undecided(elsewhere);
  }

  /// Why the content is not that of all nodes; null where it is.
  private @Nullable String elsewhere(ProfileKey key, ProfileContent content) {
    List<ReportingNode> nodes = eligible.get();
    if (nodes.isEmpty()) {
      return "no node where the pod may run reports its profiles (kubectl get nodeprofiles)";
    }
    String name = key.text();
    List<String> other = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    SortedMap<String, List<String>> uncovered = new TreeMap<>();
    for (ReportingNode node : nodes) {
      String digest = node.profiles().digests().get(name);
      if (!architecture.equals(node.labels().get(ARCHITECTURE))) {
        foreign.add(node.name());
      } else if (digest == null) {
        if (!node.profiles().complete()) {
          silent.add(node.name());
        }
      } else if (!digest.equals(content.sha256())) {
        other.add(node.name());
      }
      String problem = Coverage.problem(node.runtime());
      if (!problem.isEmpty()) {
        uncovered.computeIfAbsent(problem, _ -> new ArrayList<>()).add(node.name());
      }
    }
    if (!other.isEmpty()) {
      Collections.sort(other);
      return NodeNames.of(other)
          + " (still) another content of "
          + name
          + " than the ConfigMap (kubectl get nodeprofiles "
          + other.getFirst()
          + " -o yaml)";
    }
    if (!silent.isEmpty()) {
      return NodeNames.of(silent) + " more profiles than its list can hold";
    }
    if (!foreign.isEmpty()) {
      return NodeNames.of(foreign)
          + " another architecture than "
          + architecture
          + ", for which proofs are made here";
    }
    return uncovered.isEmpty()
        ? null
        : NodeNames.of(uncovered.firstEntry().getValue())
            + " "
            + uncovered.firstKey()
            + ", or keep the pod off by a nodeSelector";
  }
}

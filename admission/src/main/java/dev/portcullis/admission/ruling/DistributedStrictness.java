package dev.portcullis.admission.ruling;

import dev.portcullis.admission.proof.ContentProofs;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What profiles are to each other by the contents that ConfigMaps give to nodes, where a pod may
/// run. What a node has under the same name and another content is not proven of, and nothing is
/// for nodes whose runtime may make another filter of it ({@link Coverage}).
///
/// @param architecture for which proofs are made, by the name in the nodes' label
/// @param eligible the nodes where the pod may run, and that tell what they have
record DistributedStrictness(
    DistributedProfiles profiles,
    ContentProofs proofs,
    String architecture,
    Supplier<List<ReportingNode>> eligible)
    implements Strictness {
  private static final String ARCHITECTURE = "kubernetes.io/arch";

  /// A content, or why it is not known.
  private record Known(@Nullable ProfileContent content, String why) {}

  @Override
  public Answer compare(ProfileName.Localhost profile, ProfileName than) {
    DesiredProfiles wishes = profiles.wishes();
    if (wishes == null) {
      return new Unprovable(
          profiles.namespace() == null
              ? "this webhook follows no ConfigMaps with profiles (--profiles-namespace)"
              : "the ConfigMaps with profiles in namespace \""
                  + profiles.namespace()
                  + "\" are not known yet, or may not be read (see the webhook's log)");
    }
    Known mine = content(wishes, profile);
    if (mine.content() == null) {
      return new Unprovable(mine.why());
    }
    String elsewhere = elsewhere(profile, mine.content());
    if (elsewhere != null) {
      return new Unprovable(elsewhere);
    }
    String base = elsewhere(than, wishes);
    return base == null ? compare(mine.content(), than, wishes) : new Unprovable(base);
  }

  /// A request whose time is over has its thread interrupted (`admission.http`).
  @Override
  public boolean hasTime() {
    return !Thread.currentThread().isInterrupted();
  }

  /// The same for other nodes.
  DistributedStrictness on(List<ReportingNode> nodes) {
    return new DistributedStrictness(profiles, proofs, architecture, () -> nodes);
  }

  /// Why the nodes do not have the content of a profile that ConfigMaps have; null where they do,
  /// or there is none to have. What a policy names is as good as the files by that name: a
  /// ConfigMap beside the administrator's own file must not take its place.
  @Nullable String elsewhere(ProfileName than, DesiredProfiles wishes) {
    return than instanceof ProfileName.Localhost other
            && wishes.byPath().get(other.cleaned())
                instanceof DesiredProfile.Sound(_, ProfileContent content)
        ? elsewhere(other, content)
        : null;
  }

  /// What a content is to a profile that a policy names, by the ConfigMaps, whatever nodes have.
  Answer compare(ProfileContent content, ProfileName than, DesiredProfiles wishes) {
    return switch (than) {
      case ProfileName.Unconfined _ -> proofs.compareToUnconfined(content);
      case ProfileName.RuntimeDefault _ ->
          new Unprovable(
              "the runtime's default is in no ConfigMap; keep a copy of it in one, and name that");
      case ProfileName.Localhost other -> {
        Known theirs = content(wishes, other);
        yield theirs.content() == null
            ? new Unprovable(theirs.why())
            : proofs.compare(content, theirs.content());
      }
    };
  }

  private Known content(DesiredProfiles wishes, ProfileName.Localhost profile) {
    return switch (wishes.byPath().get(profile.cleaned())) {
      case DesiredProfile.Sound(_, ProfileContent content) -> new Known(content, "");
      case DesiredProfile.Broken(String source) ->
          new Known(
              null, source + " is not a usable profile, or not the only one that wants this path");
      case null ->
          new Known(
              null,
              "no ConfigMap in namespace \""
                  + profiles.namespace()
                  + "\" has "
                  + ProfileKey.of(profile).text());
    };
  }

  /// Why the content is not that of all nodes; null where it is.
  private @Nullable String elsewhere(ProfileName.Localhost profile, ProfileContent content) {
    List<ReportingNode> nodes = eligible.get();
    if (nodes.isEmpty()) {
      return "no node where the pod may run tells which profiles it has (kubectl get nodeprofiles)";
    }
    String name = ProfileKey.of(profile).text();
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

package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.Judge;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pods that run in a cluster, and what their filters depend on.
///
/// @param here what counts where a node reports nothing
/// @param node whose pods alone they are; null for all
record ClusterScene(
    SubjectFilters filters,
    ContainerPlace.Machine here,
    NodePlaces nodes,
    List<JudgedPod> pods,
    @Nullable String node) {

  /// Asks the API server.
  ///
  /// @param node whose pods alone are meant; null for all
  static ClusterScene of(
      ClusterConnection connection,
      Arguments arguments,
      @Nullable String node,
      Judge judge,
      FilterSource source)
      throws UsageException, IOException {
    String profiles =
        ClusterProfileOptions.namespace(arguments, ExposureOptions.PROFILES_NAMESPACE);
    String namespace = PolicyOptions.namespace(arguments);
    boolean copied =
        arguments.has(ProfileRootOptions.SECCOMP_PROFILE_ROOT)
            || arguments.has(ProfileRootOptions.ROOT_DIR);
    ContainerPlace.Machine here = ExposureSubjects.here(arguments, source, null);
    SubjectFilters filters =
        new SubjectFilters(
            source,
            SubjectProfiles.of(
                connection,
                profiles == null ? "" : profiles,
                copied ? ExposureSubjects.root(arguments) : null));
    NodePlaces nodes =
        NodePlaces.of(
            connection,
            node,
            here,
            source.target().architecture(),
            !arguments.has(FilterOptions.CAPABILITIES));
    return new ClusterScene(
        filters,
        here,
        nodes,
        JudgedPods.ofCluster(connection, namespace, node, judge).pods(),
        node);
  }

  /// Where a pod runs.
  ContainerPlace place(JudgedPod pod) {
    return nodes.of(pod.judgement().pod());
  }

  List<String> notes() {
    return nodes.failure().isEmpty()
        ? List.of()
        : List.of("what runtimes the nodes have is not known: " + nodes.failure());
  }

  /// That there is no pod, where there is none.
  List<Diagnostic> complaints() {
    return pods.isEmpty()
        ? List.of(
            JudgedPods.none(
                List.of(node == null ? "the cluster" : "the cluster on node \"" + node + "\"")))
        : List.of();
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterObjects;
import dev.portcullis.cli.input.ContainerPlace.RuntimeDefault;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the nodes of a cluster report about themselves in `status.nodeInfo`, by which the built-in
/// defaults for `runtime/default` are chosen.
final class NodePlaces {
  /// As kubelets name runtimes in `containerRuntimeVersion`, and what a built-in default is called.
  private static final Map<String, String> RUNTIMES =
      Map.of("containerd", "containerd", "cri-o", "crio", "docker", "docker");

  private static final String HINT = "; --runtime-default names its content";

  private static final Mapping NOTHING = new MappingBuilder().build();

  private final Map<String, Mapping> nodes = new HashMap<>();
  private final ContainerPlace.Machine here;
  private final Architecture architecture;
  private final boolean ownCapabilities;

  /// Why nodes are not known; empty where they are.
  private String failure = "";

  /// @param here what counts where a node reports nothing; its default is one that was named, or
  ///   none
  /// @param architecture that calls are looked at for
  /// @param ownCapabilities whether a runtime's own are to count, and not those of `here`
  private NodePlaces(
      ContainerPlace.Machine here, Architecture architecture, boolean ownCapabilities) {
    this.here = here;
    this.architecture = architecture;
    this.ownCapabilities = ownCapabilities;
  }

  /// Asks the API server. A user who may not list nodes does without.
  ///
  /// @param only the node that counts; null for all
  static NodePlaces of(
      ClusterConnection connection,
      @Nullable String only,
      ContainerPlace.Machine here,
      Architecture architecture,
      boolean ownCapabilities) {
    NodePlaces all = new NodePlaces(here, architecture, ownCapabilities);
    try {
      for (KubernetesObject node : ClusterObjects.nodes(connection)) {
        String name = text(mapping(node.manifest(), "metadata"), "name");
        if (only == null || only.equals(name)) {
          all.nodes.put(name, mapping(mapping(node.manifest(), "status"), "nodeInfo"));
        }
      }
    } catch (IOException failed) {
      all.failure = String.valueOf(failed.getMessage());
    }
    return all;
  }

  /// Why nodes are not known; empty where they are.
  String failure() {
    return failure;
  }

  /// What `runtime/default` stands for on most nodes, where that is known of any.
  RuntimeDefault usualDefault() {
    if (here.runtimeDefault() instanceof RuntimeDefault.Operand named) {
      return named;
    }
    Map<String, Integer> counts = new TreeMap<>();
    nodes.forEach((name, info) -> {
      if (runtimeDefault(name, text(info, "containerRuntimeVersion"))
          instanceof RuntimeDefault.Operand(String operand)) {
        counts.merge(operand, 1, Integer::sum);
      }
    });
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .<RuntimeDefault>map(most -> new RuntimeDefault.Operand(most.getKey()))
        .orElseGet(() -> new RuntimeDefault.Unknown("of no node the default is known" + HINT));
  }

  /// Where a pod of the cluster runs.
  ContainerPlace of(Pod pod) {
    String name = text(mapping(pod.object().manifest(), "spec"), "nodeName");
    if (name.isEmpty()) {
      return unknown("the pod is on no node yet");
    }
    Mapping info = nodes.get(name);
    if (info == null) {
      return unknown(
          failure.isEmpty()
              ? "there is no node " + name
              : "node " + name + " cannot be asked about");
    }
    String machine = text(info, "architecture");
    if (!machine.isEmpty() && !machine.equals(architecture.dockerName())) {
      return new ContainerPlace.Foreign(
          "node " + name + " is " + machine + ", and this machine is not; ask on one that is");
    }
    String version = text(info, "containerRuntimeVersion");
    return new ContainerPlace.Machine(
        KernelVersion.ofRelease(text(info, "kernelVersion")).orElse(here.kernel()),
        ownCapabilities ? capabilities(version) : here.capabilities(),
        here.runtimeDefault() instanceof RuntimeDefault.Operand named
            ? named
            : runtimeDefault(name, version));
  }

  private ContainerPlace unknown(String why) {
    return new ContainerPlace.Machine(
        here.kernel(),
        here.capabilities(),
        here.runtimeDefault() instanceof RuntimeDefault.Operand named
            ? named
            : new RuntimeDefault.Unknown("runtime/default: " + why + HINT));
  }

  private static RuntimeDefault runtimeDefault(String node, String version) {
    String runtime = builtIn(version);
    String why =
        "runtime/default: node " + node + " runs " + (version.isEmpty() ? "nothing" : version);
    if (runtime == null) {
      return new RuntimeDefault.Unknown(why + ", whose default is not known here" + HINT);
    }
    return switch (BuiltInDefaults.find(runtime)) {
      case BuiltInDefaults.Found found -> new RuntimeDefault.Operand(found.found().name());
      case BuiltInDefaults.NotKnown(String reason) ->
          new RuntimeDefault.Unknown(why + ", and of its default, " + reason + HINT);
    };
  }

  /// `containerd/default@1.7.24` of `containerd://1.7.24`; null where the runtime is not known.
  private static @Nullable String builtIn(String version) {
    int end = version.indexOf("://");
    String runtime = end < 0 ? null : RUNTIMES.get(version.substring(0, end));
    return runtime == null ? null : runtime + "/default@" + version.substring(end + 3);
  }

  /// What the runtime gives to a container that asks for nothing.
  private Set<String> capabilities(String version) {
    int end = version.indexOf("://");
    return end < 0
        ? here.capabilities()
        : Runtimes.known()
            .container(version.substring(0, end), version.substring(end + 3))
            .map(known -> known.facts().defaultCapabilities())
            .orElse(here.capabilities());
  }

  private static Mapping mapping(Mapping object, String key) {
    return object.present(key) instanceof Mapping mapping ? mapping : NOTHING;
  }

  private static String text(Mapping object, String key) {
    return object.present(key) instanceof Value.Text(_, String text) ? text : "";
  }
}

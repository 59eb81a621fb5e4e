package dev.portcullis.run.pod;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Expresses a container of a plan in the terms of CRI.
///
/// @param volumes where the pod's volumes lie, by name
/// @param address of the pod
record ContainerMaker(
    PodPlan plan, SandboxSpec sandbox, Map<String, Path> volumes, String address, String runId) {

  ContainerMaker {
    volumes = Map.copyOf(volumes);
  }

  /// The labels of everything that a run makes for a pod. Those of kubelet are what tools for CRI
  /// look for (`pkg/kubelet/types/labels.go`).
  static Map<String, String> labels(PodPlan plan, String runId) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("io.kubernetes.pod.name", plan.identity().name());
    labels.put("io.kubernetes.pod.namespace", plan.identity().namespace());
    labels.put("io.kubernetes.pod.uid", plan.identity().uid());
    labels.put(PodRun.RUN_LABEL, runId);
    return labels;
  }

  /// Where the container's log will be.
  Path logFile(ContainerPlan container) {
    return sandbox.placement().logDirectory().resolve(logPath(container));
  }

  private static String logPath(ContainerPlan container) {
    return container.name() + "/0.log";
  }

  ContainerSpec spec(ContainerPlan container, SeccompSetting seccomp) throws IOException {
    Files.createDirectories(logFile(container).getParent());
    Map<String, String> labels = labels(plan, runId);
    labels.put("io.kubernetes.container.name", container.name());
    SequencedMap<String, String> environment = container.program().environment().resolve(address);
    return new ContainerSpec(
        new ContainerSpec.Identity(
            container.name(), container.image().reference(), logPath(container), labels, Map.of()),
        new ContainerSpec.Program(
            expand(container.program().command(), environment),
            expand(container.program().args(), environment),
            environment,
            container.program().workingDirectory()),
        mounts(container),
        new ContainerSpec.Security(
            container.privileged(),
            seccomp,
            container.rights().user(),
            container.rights().capabilities(),
            container.rights().readOnlyRoot(),
            container.rights().noNewPrivileges()),
        container.limits());
  }

  private static List<String> expand(List<String> texts, Map<String, String> environment)
      throws IOException {
    List<String> expanded = new ArrayList<>();
    for (String text : texts) {
      expanded.add(Environment.expand(text, environment));
    }
    return expanded;
  }

  private List<ContainerSpec.Mount> mounts(ContainerPlan container) throws IOException {
    List<ContainerSpec.Mount> mounts = new ArrayList<>();
    for (ContainerPlan.VolumeMount mount : container.mounts()) {
      Path volume = volumes.get(mount.volume());
      if (volume == null) {
        throw new IllegalStateException("no volume was made for " + mount.volume());
      }
      mounts.add(VolumeMaker.mount(mount, volume));
    }
    return mounts;
  }
}

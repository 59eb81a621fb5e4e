package dev.portcullis.cri;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runtime.v1.Api;

/// Our records as the messages that a kubelet would send.
final class Requests {

  // What Kubernetes hides of /proc and /sys from every container that is not privileged:
  // `procMount: Default`, pkg/securitycontext/util.go. A runtime hides nothing when it is told
  // nothing.
  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private Requests() {}

  @SuppressWarnings("deprecation") // seccomp_profile_path is what runtimes before 1.19 read
  static Api.PodSandboxConfig sandbox(SandboxSpec spec) {
    SandboxSpec.Isolation isolation = spec.isolation();
    var security =
        Api.LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(spec))
            .setPrivileged(isolation.privileged())
            .setSeccomp(profile(new SeccompSetting.RuntimeDefault()))
            .setSeccompProfilePath(profilePath(new SeccompSetting.RuntimeDefault()));
    if (isolation.runAsUser() != null) {
      security.setRunAsUser(number(isolation.runAsUser()));
    }
    if (isolation.runAsGroup() != null) {
      security.setRunAsGroup(number(isolation.runAsGroup()));
    }
    var config =
        Api.PodSandboxConfig.newBuilder()
            .setMetadata(
                Api.PodSandboxMetadata.newBuilder()
                    .setName(spec.pod().name())
                    .setNamespace(spec.pod().namespace())
                    .setUid(spec.pod().uid()))
            .setHostname(spec.network().hostname())
            .setLogDirectory(spec.placement().logDirectory().toString())
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLinux(
                Api.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(spec.placement().cgroupParent())
                    .setSecurityContext(security));
    for (SandboxSpec.PortMapping port : spec.network().ports()) {
      config.addPortMappings(
          Api.PortMapping.newBuilder()
              .setProtocol(
                  switch (port.protocol()) {
                    case TCP -> Api.Protocol.TCP;
                    case UDP -> Api.Protocol.UDP;
                    case SCTP -> Api.Protocol.SCTP;
                  })
              .setContainerPort(port.containerPort())
              .setHostPort(port.hostPort())
              .setHostIp(port.hostIp()));
    }
    return config.build();
  }

  static Api.ContainerConfig container(ContainerSpec spec, SandboxSpec sandbox) {
    ContainerSpec.Identity identity = spec.identity();
    ContainerSpec.Program program = spec.program();
    var config =
        Api.ContainerConfig.newBuilder()
            .setMetadata(Api.ContainerMetadata.newBuilder().setName(identity.name()))
            .setImage(imageOfUser(identity.image()))
            .addAllCommand(program.command())
            .addAllArgs(program.args())
            .setWorkingDir(program.workingDirectory())
            .putAllLabels(identity.labels())
            .putAllAnnotations(identity.annotations())
            .setLogPath(identity.logPath())
            .setLinux(
                Api.LinuxContainerConfig.newBuilder()
                    .setResources(resources(spec.limits()))
                    .setSecurityContext(security(spec.security(), sandbox)));
    program
        .environment()
        .forEach((key, value) ->
            config.addEnvs(
                Api.KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value))));
    for (ContainerSpec.Mount mount : spec.mounts()) {
      config.addMounts(
          Api.Mount.newBuilder()
              .setContainerPath(mount.containerPath())
              .setHostPath(mount.hostPath().toString())
              .setReadonly(mount.readOnly()));
    }
    return config.build();
  }

  /// As a kubelet names a container's image (`pkg/kubelet/kuberuntime/kuberuntime_container.go`,
  /// generateContainerConfig): CRI-O asks its signature policy about what the user has written.
  private static Api.ImageSpec imageOfUser(String reference) {
    return image(reference).toBuilder().setUserSpecifiedImage(reference).build();
  }

  static Api.ImageSpec image(String reference) {
    return Api.ImageSpec.newBuilder().setImage(reference).build();
  }

  @SuppressWarnings("deprecation") // as above
  private static Api.LinuxContainerSecurityContext security(
      ContainerSpec.Security security, SandboxSpec sandbox) {
    ContainerSpec.User user = security.user();
    var context =
        Api.LinuxContainerSecurityContext.newBuilder()
            .setPrivileged(security.privileged())
            .setNamespaceOptions(namespaces(sandbox))
            .setCapabilities(
                Api.Capability.newBuilder()
                    .addAllAddCapabilities(security.capabilities().add())
                    .addAllDropCapabilities(security.capabilities().drop()))
            .addAllSupplementalGroups(user.supplementalGroups())
            .setReadonlyRootfs(security.readOnlyRoot())
            .setNoNewPrivs(security.noNewPrivileges())
            .setSeccomp(profile(security.seccomp()))
            .setSeccompProfilePath(profilePath(security.seccomp()));
    if (user.uid() != null) {
      context.setRunAsUser(number(user.uid()));
    }
    if (user.gid() != null) {
      context.setRunAsGroup(number(user.gid()));
    }
    if (!security.privileged()) {
      context.addAllMaskedPaths(MASKED_PATHS).addAllReadonlyPaths(READ_ONLY_PATHS);
    }
    return context.build();
  }

  // The message and the string say the same, so it does not matter which of them a runtime reads.
  static Api.SecurityProfile profile(SeccompSetting setting) {
    return switch (setting) {
      case SeccompSetting.RuntimeDefault() ->
          profile(Api.SecurityProfile.ProfileType.RuntimeDefault, null);
      case SeccompSetting.Unconfined() -> profile(Api.SecurityProfile.ProfileType.Unconfined, null);
      case SeccompSetting.Localhost(var file) ->
          profile(Api.SecurityProfile.ProfileType.Localhost, file.toString());
    };
  }

  private static Api.SecurityProfile profile(
      Api.SecurityProfile.ProfileType type, @Nullable String localhostRef) {
    var profile = Api.SecurityProfile.newBuilder().setProfileType(type);
    return localhostRef == null ? profile.build() : profile.setLocalhostRef(localhostRef).build();
  }

  static String profilePath(SeccompSetting setting) {
    return switch (setting) {
      case SeccompSetting.RuntimeDefault() -> "runtime/default";
      case SeccompSetting.Unconfined() -> "unconfined";
      // Two slashes: one of the prefix, one of the absolute path.
      case SeccompSetting.Localhost(var file) -> "localhost/" + file;
    };
  }

  private static Api.NamespaceOption namespaces(SandboxSpec sandbox) {
    return Api.NamespaceOption.newBuilder()
        .setNetwork(sandbox.network().host() ? Api.NamespaceMode.NODE : Api.NamespaceMode.POD)
        .setIpc(sandbox.isolation().hostIpc() ? Api.NamespaceMode.NODE : Api.NamespaceMode.POD)
        .setPid(
            switch (sandbox.isolation().processes()) {
              case OWN -> Api.NamespaceMode.CONTAINER;
              case POD -> Api.NamespaceMode.POD;
              case HOST -> Api.NamespaceMode.NODE;
            })
        .build();
  }

  private static Api.LinuxContainerResources resources(ContainerSpec.Limits limits) {
    return Api.LinuxContainerResources.newBuilder()
        .setMemoryLimitInBytes(limits.memoryBytes())
        .setCpuQuota(limits.cpuQuota())
        .setCpuPeriod(limits.cpuPeriod())
        .setCpuShares(limits.cpuShares())
        .setOomScoreAdj(limits.oomScoreAdj())
        .build();
  }

  private static Api.Int64Value number(long value) {
    return Api.Int64Value.newBuilder().setValue(value).build();
  }
}

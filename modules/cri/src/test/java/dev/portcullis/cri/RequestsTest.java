package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runtime.v1.Api;

class RequestsTest {
  private static final SandboxSpec SANDBOX =
      new SandboxSpec(
          new SandboxSpec.Pod("web", "default", "u-1"),
          Map.of("app", "web"),
          Map.of(),
          new SandboxSpec.Network(true, "web", List.of()),
          SandboxSpec.Isolation.DEFAULT,
          new SandboxSpec.Placement(Path.of("/var/log/pods/web"), "/p"));

  private static Api.LinuxContainerSecurityContext security(
      SeccompSetting seccomp, boolean privileged) {
    return Requests.container(
            new ContainerSpec(
                new ContainerSpec.Identity("c", "i:1", "c.log", Map.of(), Map.of()),
                new ContainerSpec.Program(List.of(), List.of(), new LinkedHashMap<>(), ""),
                List.of(),
                new ContainerSpec.Security(
                    privileged,
                    seccomp,
                    ContainerSpec.User.OF_IMAGE,
                    ContainerSpec.Capabilities.DEFAULT,
                    false,
                    true),
                ContainerSpec.Limits.NONE),
            SANDBOX)
        .getLinux()
        .getSecurityContext();
  }

  @Test
  @SuppressWarnings("deprecation") // the string that older runtimes read
  void messageAndStringSayTheSame() {
    var byDefault = security(new SeccompSetting.RuntimeDefault(), false);
    assertThat(byDefault.getSeccomp().getProfileType())
        .isEqualTo(Api.SecurityProfile.ProfileType.RuntimeDefault);
    assertThat(byDefault.getSeccompProfilePath()).isEqualTo("runtime/default");

    var unconfined = security(new SeccompSetting.Unconfined(), false);
    assertThat(unconfined.getSeccomp().getProfileType())
        .isEqualTo(Api.SecurityProfile.ProfileType.Unconfined);
    assertThat(unconfined.getSeccompProfilePath()).isEqualTo("unconfined");

    var localhost = security(new SeccompSetting.Localhost(Path.of("/root/a.json")), false);
    assertThat(localhost.getSeccomp().getProfileType())
        .isEqualTo(Api.SecurityProfile.ProfileType.Localhost);
    assertThat(localhost.getSeccomp().getLocalhostRef()).isEqualTo("/root/a.json");
    assertThat(localhost.getSeccompProfilePath()).isEqualTo("localhost//root/a.json");
  }

  @Test
  void theRuntimeDefaultIsSentAndNotLeftOut() {
    // RuntimeDefault is the enum's zero, so an empty message means it; no message is unconfined.
    assertThat(security(new SeccompSetting.RuntimeDefault(), false).hasSeccomp()).isTrue();
    var sandbox = Requests.sandbox(SANDBOX).getLinux().getSecurityContext();
    assertThat(sandbox.hasSeccomp()).isTrue();
    assertThat(sandbox.getSeccomp().getProfileType())
        .isEqualTo(Api.SecurityProfile.ProfileType.RuntimeDefault);
  }

  @Test
  void theUserIsTheImagesUnlessNamed() {
    assertThat(security(new SeccompSetting.Unconfined(), false).hasRunAsUser()).isFalse();
  }

  @Test
  void procIsMaskedUnlessPrivileged() {
    assertThat(security(new SeccompSetting.Unconfined(), false).getMaskedPathsList())
        .contains("/proc/kcore");
    assertThat(security(new SeccompSetting.Unconfined(), true).getMaskedPathsList()).isEmpty();
  }

  @Test
  void containersShareTheSandboxesNamespaces() {
    var namespaces = security(new SeccompSetting.Unconfined(), false).getNamespaceOptions();
    assertThat(namespaces.getNetwork()).isEqualTo(Api.NamespaceMode.NODE);
    assertThat(namespaces.getPid()).isEqualTo(Api.NamespaceMode.CONTAINER);
  }
}

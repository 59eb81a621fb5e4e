package dev.portcullis.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runtime.v1.Api;

@SuppressWarnings("deprecation") // the old string is a part of what is tested
class MessagesTest {
  /// A field of a future version, in every message on the way.
  private static final UnknownFieldSet FUTURE =
      UnknownFieldSet.newBuilder()
          .addField(
              4711,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFromUtf8("tomorrow"))
                  .build())
          .build();

  private static Api.CreateContainerRequest.Builder request() {
    return Api.CreateContainerRequest.newBuilder()
        .setUnknownFields(FUTURE)
        .setPodSandboxId("s")
        .setConfig(
            Api.ContainerConfig.newBuilder()
                .setUnknownFields(FUTURE)
                .setMetadata(Api.ContainerMetadata.newBuilder().setName("app").setAttempt(3))
                .putAnnotations("a", "b")
                .addEnvs(
                    Api.KeyValue.newBuilder()
                        .setKey("k")
                        .setValue(ByteString.copyFrom(new byte[] {-1, 0})))
                .setLinux(
                    Api.LinuxContainerConfig.newBuilder()
                        .setUnknownFields(FUTURE)
                        .setSecurityContext(
                            Api.LinuxContainerSecurityContext.newBuilder()
                                .setUnknownFields(FUTURE)
                                .setSeccomp(
                                    Api.SecurityProfile.newBuilder()
                                        .setProfileType(
                                            Api.SecurityProfile.ProfileType.Unconfined)))))
        .setSandboxConfig(
            Api.PodSandboxConfig.newBuilder()
                .setUnknownFields(FUTURE)
                .setMetadata(
                    Api.PodSandboxMetadata.newBuilder()
                        .setName("pod")
                        .setNamespace("ns")
                        .setUid("u"))
                .putAnnotations("x", "y"));
  }

  @Test
  void onlyTheProfileAndOurAnnotationsChange() throws Exception {
    ContainerCreation read = ContainerCreation.read(request().build().toByteArray());
    assertThat(read.pod()).isEqualTo(new SandboxSpec.Pod("pod", "ns", "u"));
    assertThat(read.container()).isEqualTo("app");
    assertThat(read.podAnnotations()).isEqualTo(Map.of("x", "y"));
    assertThat(read.tellsOfPod()).isTrue();
    assertThat(read.seccomp().message())
        .isEqualTo(new SeccompRequest.Message(SeccompRequest.Type.UNCONFINED, ""));
    byte[] changed =
        read.under(new SeccompSetting.Localhost(Path.of("/run/p.json")), Map.of("c", "d"));

    Api.CreateContainerRequest.Builder expected = request();
    expected.getConfigBuilder().putAnnotations("c", "d");
    expected
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setSeccompProfilePath("localhost//run/p.json")
        .setSeccomp(
            Api.SecurityProfile.newBuilder()
                .setProfileType(Api.SecurityProfile.ProfileType.Localhost)
                .setLocalhostRef("/run/p.json"));
    assertThat(Api.CreateContainerRequest.parseFrom(changed)).isEqualTo(expected.build());
  }

  @Test
  void aMessageThatIsAbsentIsNotTheRuntimesDefault() throws Exception {
    Api.CreateContainerRequest.Builder without = request();
    without.getConfigBuilder().getLinuxBuilder().getSecurityContextBuilder().clearSeccomp();
    assertThat(ContainerCreation.read(without.build().toByteArray()).seccomp().message()).isNull();
    without
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setSeccomp(Api.SecurityProfile.getDefaultInstance());
    assertThat(ContainerCreation.read(without.build().toByteArray()).seccomp().message())
        .isEqualTo(new SeccompRequest.Message(SeccompRequest.Type.RUNTIME_DEFAULT, ""));
    without
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getSeccompBuilder()
        .setProfileTypeValue(9);
    assertThat(ContainerCreation.read(without.build().toByteArray()).seccomp().message())
        .isEqualTo(new SeccompRequest.Message(SeccompRequest.Type.UNKNOWN, ""));
  }

  @Test
  void garbageIsNoRequest() {
    assertThatThrownBy(() -> ContainerCreation.read(new byte[] {10, 100, 1}))
        .hasMessageContaining("no CreateContainerRequest");
    assertThatThrownBy(() -> SandboxCreation.read(new byte[] {10, 100, 1}))
        .hasMessageContaining("no RunPodSandboxRequest");
  }

  @Test
  void theSandboxRunsUnderTheRuntimesDefault() throws Exception {
    Api.RunPodSandboxRequest.Builder old =
        Api.RunPodSandboxRequest.newBuilder()
            .setUnknownFields(FUTURE)
            .setConfig(
                Api.PodSandboxConfig.newBuilder()
                    .setUnknownFields(FUTURE)
                    .setLinux(
                        Api.LinuxPodSandboxConfig.newBuilder()
                            .setSecurityContext(
                                Api.LinuxSandboxSecurityContext.newBuilder()
                                    .setUnknownFields(FUTURE)
                                    .setSeccompProfilePath("localhost//x"))));
    byte[] changed = SandboxCreation.read(old.build().toByteArray()).underRuntimeDefault();
    old.getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setSeccompProfilePath("runtime/default")
        .setSeccomp(Api.SecurityProfile.getDefaultInstance());
    assertThat(Api.RunPodSandboxRequest.parseFrom(changed)).isEqualTo(old.build());
    assertThat(SandboxCreation.read(changed).underRuntimeDefault()).isSameAs(changed);

    old.getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setPrivileged(true)
        .clearSeccomp();
    byte[] privileged = old.build().toByteArray();
    assertThat(SandboxCreation.read(privileged).underRuntimeDefault()).isSameAs(privileged);
  }
}

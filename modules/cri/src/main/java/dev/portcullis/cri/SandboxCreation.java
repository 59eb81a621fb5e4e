package dev.portcullis.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import runtime.v1.Api;

/// A request to make and start a sandbox, as a kubelet made it.
public final class SandboxCreation {
  private final byte[] message;
  private final Api.RunPodSandboxRequest request;

  private SandboxCreation(byte[] message, Api.RunPodSandboxRequest request) {
    this.message = message;
    this.request = request;
  }

  /// Reads one.
  ///
  /// @param message not copied, so not to be changed
  /// @throws IOException where this is not such a message
  public static SandboxCreation read(byte[] message) throws IOException {
    try {
      return new SandboxCreation(message, Api.RunPodSandboxRequest.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("no RunPodSandboxRequest: " + e.getMessage(), e);
    }
  }

  /// The pod.
  public SandboxSpec.Pod pod() {
    Api.PodSandboxMetadata metadata = request.getConfig().getMetadata();
    return new SandboxSpec.Pod(metadata.getName(), metadata.getNamespace(), metadata.getUid());
  }

  /// The pod's annotations.
  public Map<String, String> annotations() {
    return request.getConfig().getAnnotationsMap();
  }

  /// The same request without some annotations.
  public SandboxCreation without(List<String> keys) {
    if (keys.isEmpty()) {
      return this;
    }
    Api.RunPodSandboxRequest.Builder changed = request.toBuilder();
    keys.forEach(changed.getConfigBuilder()::removeAnnotations);
    Api.RunPodSandboxRequest fewer = changed.build();
    return new SandboxCreation(fewer.toByteArray(), fewer);
  }

  /// The same request for a sandbox under the runtime's default profile, whatever its pod names:
  /// kubelets before 1.19 would give the pod's own to it. The very same bytes where it names that
  /// already, is privileged or is for Windows.
  @SuppressWarnings("deprecation") // what kubelets before 1.25 send
  public byte[] underRuntimeDefault() {
    Api.PodSandboxConfig config = request.getConfig();
    Api.LinuxSandboxSecurityContext security = config.getLinux().getSecurityContext();
    var profile = Requests.profile(new SeccompSetting.RuntimeDefault());
    String path = Requests.profilePath(new SeccompSetting.RuntimeDefault());
    boolean windows = config.hasWindows() && !config.hasLinux();
    if (windows
        || security.getPrivileged()
        || (security.hasSeccomp()
            && security.getSeccomp().equals(profile)
            && security.getSeccompProfilePath().equals(path))) {
      return message;
    }
    Api.RunPodSandboxRequest.Builder changed = request.toBuilder();
    changed
        .getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setSeccomp(profile)
        .setSeccompProfilePath(path);
    return changed.build().toByteArray();
  }
}

package dev.portcullis.node.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import runtime.v1.Api;

/// A request to make and start a sandbox, as a kubelet made it.
public final class SandboxCreation {
  private SandboxCreation() {}

  /// The same request for a sandbox under the runtime's default profile, whatever its pod says:
  /// kubelets before 1.19 would give the pod's own to it. The very same bytes where it says so
  /// already, is privileged or is for Windows.
  ///
  /// @throws IOException where this is no such message
  @SuppressWarnings("deprecation") // what kubelets before 1.25 send
  public static byte[] underRuntimeDefault(byte[] message) throws IOException {
    Api.RunPodSandboxRequest request;
    try {
      request = Api.RunPodSandboxRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("no RunPodSandboxRequest: " + e.getMessage(), e);
    }
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

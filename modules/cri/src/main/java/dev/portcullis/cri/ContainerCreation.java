package dev.portcullis.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import runtime.v1.Api;

/// A request to create a container, as a kubelet made it. Fields that we do not know are in it and
/// stay in it. `runtime.v1` and `runtime.v1alpha2` have the same bytes for it.
public final class ContainerCreation {
  private final Api.CreateContainerRequest request;

  private ContainerCreation(Api.CreateContainerRequest request) {
    this.request = request;
  }

  /// Reads one.
  ///
  /// @throws IOException where this is not such a message
  public static ContainerCreation read(byte[] message) throws IOException {
    try {
      return new ContainerCreation(Api.CreateContainerRequest.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("no CreateContainerRequest: " + e.getMessage(), e);
    }
  }

  /// The id that the runtime gave to the container, out of its answer.
  ///
  /// @throws IOException where this is not such a message
  public static String id(byte[] answer) throws IOException {
    try {
      return Api.CreateContainerResponse.parseFrom(answer).getContainerId();
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("no CreateContainerResponse: " + e.getMessage(), e);
    }
  }

  /// Whether the pod's own configuration is in it, of which the annotations are a part.
  public boolean tellsOfPod() {
    return request.hasSandboxConfig();
  }

  /// The pod.
  public SandboxSpec.Pod pod() {
    Api.PodSandboxMetadata metadata = request.getSandboxConfig().getMetadata();
    return new SandboxSpec.Pod(metadata.getName(), metadata.getNamespace(), metadata.getUid());
  }

  /// The sandbox that it is to be in.
  public String sandboxId() {
    return request.getPodSandboxId();
  }

  /// The pod's annotations.
  public Map<String, String> podAnnotations() {
    return request.getSandboxConfig().getAnnotationsMap();
  }

  /// The container's own annotations, which a kubelet writes.
  public Map<String, String> annotations() {
    return request.getConfig().getAnnotationsMap();
  }

  /// The container's name in its pod.
  public String container() {
    return request.getConfig().getMetadata().getName();
  }

  /// What the container is to be made of, as the runtime knows it: an id or a digest.
  public String image() {
    return imageSpec().getImage();
  }

  Api.ImageSpec imageSpec() {
    return request.getConfig().getImage();
  }

  /// Whether it is for Windows, where there is no seccomp.
  public boolean windows() {
    return request.getConfig().hasWindows() && !request.getConfig().hasLinux();
  }

  /// Whether it may do everything; every runtime then drops its profile.
  public boolean privileged() {
    return security().getPrivileged();
  }

  /// Whether its processes are to be under no_new_privs.
  public boolean noNewPrivileges() {
    return security().getNoNewPrivs();
  }

  /// The capabilities that it gets beyond the runtime's own, ambient ones too, as the kubelet
  /// spells them.
  public List<String> addedCapabilities() {
    Api.Capability capabilities = security().getCapabilities();
    List<String> added = new ArrayList<>(capabilities.getAddCapabilitiesList());
    added.addAll(capabilities.getAddAmbientCapabilitiesList());
    return added;
  }

  /// What the kubelet asks for.
  @SuppressWarnings("deprecation") // what kubelets before 1.25 send
  public SeccompRequest seccomp() {
    Api.LinuxContainerSecurityContext security = security();
    return new SeccompRequest(
        security.hasSeccomp() ? message(security.getSeccomp()) : null,
        security.getSeccompProfilePath());
  }

  static SeccompRequest.Message message(Api.SecurityProfile profile) {
    SeccompRequest.Type type =
        switch (profile.getProfileType()) {
          case RuntimeDefault -> SeccompRequest.Type.RUNTIME_DEFAULT;
          case Unconfined -> SeccompRequest.Type.UNCONFINED;
          case Localhost -> SeccompRequest.Type.LOCALHOST;
          case UNRECOGNIZED -> SeccompRequest.Type.UNKNOWN;
        };
    return new SeccompRequest.Message(type, profile.getLocalhostRef());
  }

  /// Whose rights it is to have.
  public ContainerSpec.User user() {
    Api.LinuxContainerSecurityContext security = security();
    return new ContainerSpec.User(
        security.hasRunAsUser() ? security.getRunAsUser().getValue() : null,
        security.hasRunAsGroup() ? security.getRunAsGroup().getValue() : null,
        security.getSupplementalGroupsList());
  }

  /// Changes to the capabilities that the runtime gives by itself.
  public ContainerSpec.Capabilities capabilities() {
    Api.Capability capabilities = security().getCapabilities();
    return new ContainerSpec.Capabilities(
        List.copyOf(capabilities.getAddCapabilitiesList()),
        List.copyOf(capabilities.getDropCapabilitiesList()));
  }

  private Api.LinuxContainerSecurityContext security() {
    return request.getConfig().getLinux().getSecurityContext();
  }

  /// The same request for a container under a profile. Both forms name it: a runtime may read
  /// either.
  ///
  /// @param annotations to add to the container's own, for anyone who lists it
  @SuppressWarnings("deprecation") // as above
  public byte[] under(SeccompSetting setting, Map<String, String> annotations) {
    Api.CreateContainerRequest.Builder changed = request.toBuilder();
    changed
        .getConfigBuilder()
        .putAllAnnotations(annotations)
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setSeccomp(Requests.profile(setting))
        .setSeccompProfilePath(Requests.profilePath(setting));
    return changed.build().toByteArray();
  }

  /// The same request with nothing changed but the container's annotations.
  public byte[] annotated(Map<String, String> annotations) {
    Api.CreateContainerRequest.Builder changed = request.toBuilder();
    changed.getConfigBuilder().putAllAnnotations(annotations);
    return changed.build().toByteArray();
  }
}

package dev.portcullis.cri;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which methods are passed on: those of both services of CRI, in both versions, also the ones that
/// are newer than our copy of its definition.
///
/// They stand here by their names: the generated descriptors of the services would load every
/// message of CRI, which takes a node memory and time for nothing.
final class RelayedMethods {
  private static final List<String> VERSIONS = List.of("runtime.v1.", "runtime.v1alpha2.");
  private static final String RUNTIME = "RuntimeService/";
  private static final String IMAGE = "ImageService/";

  private static final List<String> UNARY_OF_RUNTIME =
      List.of(
          "Version",
          "RunPodSandbox",
          "StopPodSandbox",
          "RemovePodSandbox",
          "PodSandboxStatus",
          "ListPodSandbox",
          "CreateContainer",
          "StartContainer",
          "StopContainer",
          "RemoveContainer",
          "ListContainers",
          "ContainerStatus",
          "UpdateContainerResources",
          "ReopenContainerLog",
          "ExecSync",
          "Exec",
          "Attach",
          "PortForward",
          "ContainerStats",
          "ListContainerStats",
          "PodSandboxStats",
          "ListPodSandboxStats",
          "UpdateRuntimeConfig",
          "Status",
          "CheckpointContainer",
          "CheckpointPod",
          "RestorePod",
          "ListMetricDescriptors",
          "ListPodSandboxMetrics",
          "RuntimeConfig",
          "UpdatePodSandboxResources");

  private static final List<String> STREAMS_OF_RUNTIME =
      List.of(
          "StreamPodSandboxes",
          "StreamContainers",
          "StreamContainerStats",
          "StreamPodSandboxStats",
          "GetContainerEvents",
          "StreamPodSandboxMetrics");

  private static final List<String> UNARY_OF_IMAGE =
      List.of("ListImages", "ImageStatus", "PullImage", "RemoveImage", "ImageFsInfo");

  private static final List<String> STREAMS_OF_IMAGE = List.of("StreamImages");

  private final Map<String, MethodDescriptor<byte[], byte[]>> known = new HashMap<>();

  RelayedMethods() {
    add(RUNTIME, MethodType.UNARY, UNARY_OF_RUNTIME);
    add(RUNTIME, MethodType.SERVER_STREAMING, STREAMS_OF_RUNTIME);
    add(IMAGE, MethodType.UNARY, UNARY_OF_IMAGE);
    add(IMAGE, MethodType.SERVER_STREAMING, STREAMS_OF_IMAGE);
  }

  private void add(String service, MethodType type, List<String> names) {
    for (String version : VERSIONS) {
      for (String name : names) {
        String fullName = version + service + name;
        known.put(fullName, raw(fullName, type));
      }
    }
  }

  /// The method of that name; null where it is not one of CRI's services.
  @Nullable MethodDescriptor<byte[], byte[]> find(String fullName) {
    MethodDescriptor<byte[], byte[]> method = known.get(fullName);
    if (method != null) {
      return method;
    }
    // The type tells gRPC when it may wait for more before it writes. This one never waits, so it
    // is right for every method.
    return isOfCri(fullName) ? raw(fullName, MethodType.BIDI_STREAMING) : null;
  }

  private static boolean isOfCri(String fullName) {
    return VERSIONS.stream()
        .anyMatch(version ->
            fullName.startsWith(version + RUNTIME) || fullName.startsWith(version + IMAGE));
  }

  /// The name alone, `CreateContainer`; `other` for a method that we do not know.
  String label(String fullName) {
    return known.containsKey(fullName) ? fullName.substring(fullName.indexOf('/') + 1) : "other";
  }

  private static MethodDescriptor<byte[], byte[]> raw(String fullName, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName(fullName)
        .setType(type)
        .setRequestMarshaller(RawBytes.INSTANCE)
        .setResponseMarshaller(RawBytes.INSTANCE)
        .build();
  }
}

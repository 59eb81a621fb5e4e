package dev.portcullis.e2e;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// The calls of a kubelet, of either version of CRI, to the server that listens on a socket.
final class KubeletCalls implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;
  private final boolean alpha;
  private final Path logs;
  private final String cgroupParent;
  private Duration patience = Duration.ofSeconds(60);

  KubeletCalls(Path socket, boolean alpha, Path logs) {
    this(socket, alpha, logs, "/" + RealRuntime.name());
  }

  /// @param cgroupParent of the pods
  KubeletCalls(Path socket, boolean alpha, Path logs, String cgroupParent) {
    this.cgroupParent = cgroupParent;
    this.alpha = alpha;
    this.logs = logs;
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(events)
            .usePlaintext()
            .overrideAuthority("localhost")
            .build();
  }

  /// From now on calls have so much time.
  void haveAtMost(Duration patience) {
    this.patience = patience;
  }

  /// A pod that has its sandbox.
  record Pod(String id, Api.PodSandboxConfig config) {}

  <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    MethodDescriptor<Q, A> called =
        alpha
            ? method.toBuilder()
                .setFullMethodName(
                    method
                        .getFullMethodName()
                        .replaceFirst("^runtime[.]v1[.]", "runtime.v1alpha2."))
                .build()
            : method;
    channel.resetConnectBackoff();
    return ClientCalls.blockingUnaryCall(
        channel,
        called,
        CallOptions.DEFAULT
            .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
            .withWaitForReady(),
        request);
  }

  /// On the node's network, as no plugin is needed then.
  Pod runPod(String name, String handler, Map<String, String> annotations) {
    return runPod(name, handler, annotations, false);
  }

  /// @param privileged whether a container of it will be
  Pod runPod(String name, String handler, Map<String, String> annotations, boolean privileged) {
    Api.PodSandboxConfig config =
        Api.PodSandboxConfig.newBuilder()
            .setMetadata(
                Api.PodSandboxMetadata.newBuilder()
                    .setName(name)
                    .setNamespace("proxied")
                    .setUid(name))
            .setLogDirectory(logs.toString())
            .putLabels("io.kubernetes.pod.name", name)
            .putLabels("io.kubernetes.pod.namespace", "proxied")
            .putAllAnnotations(annotations)
            .setLinux(
                Api.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(cgroupParent)
                    .setSecurityContext(
                        Api.LinuxSandboxSecurityContext.newBuilder()
                            .setPrivileged(privileged)
                            .setNamespaceOptions(network())))
            .build();
    String id =
        call(
                RuntimeServiceGrpc.getRunPodSandboxMethod(),
                Api.RunPodSandboxRequest.newBuilder()
                    .setConfig(config)
                    .setRuntimeHandler(handler)
                    .build())
            .getPodSandboxId();
    return new Pod(id, config);
  }

  private static Api.NamespaceOption network() {
    return Api.NamespaceOption.newBuilder().setNetwork(Api.NamespaceMode.NODE).build();
  }

  /// What a kubelet sends for a container of which it knows no profile.
  String create(Pod pod, String name) {
    return create(pod, name, "");
  }

  @SuppressWarnings("deprecation") // what old kubelets send
  String create(Pod pod, String name, String seccompProfilePath) {
    return create(pod, name, security -> security.setSeccompProfilePath(seccompProfilePath));
  }

  /// @param asked what else of its security context
  String create(
      Pod pod, String name, UnaryOperator<Api.LinuxContainerSecurityContext.Builder> asked) {
    return create(pod, name, asked, List.of("sleep", "1000"));
  }

  String create(
      Pod pod,
      String name,
      UnaryOperator<Api.LinuxContainerSecurityContext.Builder> asked,
      List<String> command) {
    return call(
            RuntimeServiceGrpc.getCreateContainerMethod(),
            Api.CreateContainerRequest.newBuilder()
                .setPodSandboxId(pod.id())
                .setSandboxConfig(pod.config())
                .setConfig(
                    Api.ContainerConfig.newBuilder()
                        .setMetadata(Api.ContainerMetadata.newBuilder().setName(name))
                        .setImage(
                            Api.ImageSpec.newBuilder()
                                .setImage("localhost/portcullis/busybox:1")
                                .setUserSpecifiedImage("localhost/portcullis/busybox:1"))
                        .addAllCommand(command)
                        .setLogPath(name + ".log")
                        .putLabels("io.kubernetes.pod.name", pod.config().getMetadata().getName())
                        .putLabels("io.kubernetes.pod.namespace", "proxied")
                        .putLabels("io.kubernetes.pod.uid", pod.config().getMetadata().getUid())
                        .setLinux(
                            Api.LinuxContainerConfig.newBuilder()
                                .setSecurityContext(
                                    asked.apply(
                                        Api.LinuxContainerSecurityContext.newBuilder()
                                            .setNamespaceOptions(network())
                                            .setSeccomp(
                                                Api.SecurityProfile.newBuilder()
                                                    .setProfileType(
                                                        Api.SecurityProfile.ProfileType
                                                            .Unconfined))))))
                .build())
        .getContainerId();
  }

  void start(String container) {
    call(
        RuntimeServiceGrpc.getStartContainerMethod(),
        Api.StartContainerRequest.newBuilder().setContainerId(container).build());
  }

  /// As `kubectl exec` does, until it ends.
  void execute(String container, String... command) {
    call(
        RuntimeServiceGrpc.getExecSyncMethod(),
        Api.ExecSyncRequest.newBuilder()
            .setContainerId(container)
            .addAllCmd(List.of(command))
            .build());
  }

  /// What the runtime will run, in its own words.
  String spec(String container) {
    return call(
            RuntimeServiceGrpc.getContainerStatusMethod(),
            Api.ContainerStatusRequest.newBuilder()
                .setContainerId(container)
                .setVerbose(true)
                .build())
        .getInfoOrThrow("info");
  }

  void remove(Pod pod) {
    call(
        RuntimeServiceGrpc.getStopPodSandboxMethod(),
        Api.StopPodSandboxRequest.newBuilder().setPodSandboxId(pod.id()).build());
    call(
        RuntimeServiceGrpc.getRemovePodSandboxMethod(),
        Api.RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.id()).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

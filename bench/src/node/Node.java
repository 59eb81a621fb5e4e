import dev.portcullis.run.containerd.PrivateContainerd;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// `portcullis node` as a process, on a containerd of its own, and containers that are made through
/// it as by a kubelet.
final class Node implements AutoCloseable {
  // sysconf(_SC_CLK_TCK) of Linux
  private static final double TICKS = 100;

  private final Path work;
  private final PrivateContainerd containerd;
  private final Process process;
  private final MultiThreadIoEventLoopGroup events;
  private final ManagedChannel channel;
  private final List<String> ids = new ArrayList<>();

  private Node(
      Path work,
      PrivateContainerd containerd,
      Process process,
      MultiThreadIoEventLoopGroup events,
      ManagedChannel channel) {
    this.work = work;
    this.containerd = containerd;
    this.process = process;
    this.events = events;
    this.channel = channel;
  }

  /// Comes back when it serves.
  ///
  /// @param work a directory for what it makes; below it `bench` is in each container
  static Node start(Path work, String option) throws Exception {
    Files.createDirectories(work.resolve("kubelet/seccomp"));
    PrivateContainerd containerd =
        PrivateContainerd.start(
            new PrivateContainerd.Options(work.resolve("c"), Map.of(), Duration.ofSeconds(60)),
            line -> {});
    Path socket = work.resolve("run/cri.sock");
    Process process =
        new ProcessBuilder(
                "./portcullis",
                "node",
                option,
                "--run-dir=" + socket.getParent(),
                "--root-dir=" + work.resolve("kubelet"),
                "--runtime-endpoint=" + containerd.endpoint(),
                "--health-listen=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("log").toFile())
            .start();
    var events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(events)
            .usePlaintext()
            .overrideAuthority("localhost")
            .build();
    while (!Files.exists(socket)) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(work.resolve("log")));
      }
      Thread.sleep(50);
    }
    return new Node(work, containerd, process, events, channel);
  }

  /// Processor time of the agent in some seconds from now on.
  String processorTime(int seconds) throws Exception {
    double before = processor(process.pid());
    Thread.sleep(seconds * 1000L);
    return "%.2f s in %d s".formatted(processor(process.pid()) - before, seconds);
  }

  private static double processor(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /// Prints a line, with the load of the machine.
  static void say(String what, String value) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    System.out.println(what + ": " + value + " (load " + load + ")");
  }

  /// What a program that is executed in a container prints.
  String executed(String container, String... command) {
    return call(
            RuntimeServiceGrpc.getExecSyncMethod(),
            Api.ExecSyncRequest.newBuilder()
                .setContainerId(container)
                .addAllCmd(List.of(command))
                .build())
        .getStdout()
        .toStringUtf8();
  }

  /// One in a pod of its own, on the node's network.
  String container(
      String name,
      Map<String, String> annotations,
      Api.SecurityProfile profile,
      List<String> command) {
    var network = Api.NamespaceOption.newBuilder().setNetwork(Api.NamespaceMode.NODE);
    Api.PodSandboxConfig pod =
        Api.PodSandboxConfig.newBuilder()
            .setMetadata(
                Api.PodSandboxMetadata.newBuilder().setName(name).setNamespace("b").setUid(name))
            .setLogDirectory(work.resolve("logs").toString())
            .putAllAnnotations(annotations)
            .setLinux(
                Api.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(containerd.cgroupParent())
                    .setSecurityContext(
                        Api.LinuxSandboxSecurityContext.newBuilder()
                            .setNamespaceOptions(network)))
            .build();
    String id =
        call(
                RuntimeServiceGrpc.getRunPodSandboxMethod(),
                Api.RunPodSandboxRequest.newBuilder()
                    .setConfig(pod)
                    .setRuntimeHandler("runc")
                    .build())
            .getPodSandboxId();
    ids.add(id);
    String image = "localhost/portcullis/busybox:1";
    String container =
        call(
                RuntimeServiceGrpc.getCreateContainerMethod(),
                Api.CreateContainerRequest.newBuilder()
                    .setPodSandboxId(id)
                    .setSandboxConfig(pod)
                    .setConfig(
                        Api.ContainerConfig.newBuilder()
                            .setMetadata(Api.ContainerMetadata.newBuilder().setName("app"))
                            .setImage(
                                Api.ImageSpec.newBuilder()
                                    .setImage(image)
                                    .setUserSpecifiedImage(image))
                            .addAllCommand(command)
                            .setLogPath(name + ".log")
                            .addMounts(
                                Api.Mount.newBuilder()
                                    .setHostPath(work.resolve("bench").toString())
                                    .setContainerPath("/bench")
                                    .setReadonly(true))
                            .setLinux(
                                Api.LinuxContainerConfig.newBuilder()
                                    .setSecurityContext(
                                        Api.LinuxContainerSecurityContext.newBuilder()
                                            .setNamespaceOptions(network)
                                            .setSeccomp(profile))))
                    .build())
            .getContainerId();
    call(
        RuntimeServiceGrpc.getStartContainerMethod(),
        Api.StartContainerRequest.newBuilder().setContainerId(container).build());
    return container;
  }

  @Override
  public void close() throws Exception {
    try (containerd) {
      for (String id : ids) {
        call(
            RuntimeServiceGrpc.getStopPodSandboxMethod(),
            Api.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
        call(
            RuntimeServiceGrpc.getRemovePodSandboxMethod(),
            Api.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
      }
      process.destroy();
      process.waitFor();
      channel.shutdownNow();
      events.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        channel,
        method,
        CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS).withWaitForReady(),
        request);
  }
}

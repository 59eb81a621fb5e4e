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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// What `portcullis node --record` costs while it records containers: their calls, those of another
/// container, and its own processor time.
final class NodeRecordBench {
  // sysconf(_SC_CLK_TCK) of Linux
  private static final double TICKS = 100;
  private static final Pattern LOST = Pattern.compile("\"lost\" : ([0-9]+)");

  private final Path work;
  private final int seconds;
  private final ManagedChannel channel;
  private final String cgroup;
  private final List<String> ids = new ArrayList<>();

  private NodeRecordBench(Path work, int seconds, ManagedChannel channel, String cgroup) {
    this.work = work;
    this.seconds = seconds;
    this.channel = channel;
    this.cgroup = cgroup;
  }

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    Files.createDirectories(work.resolve("kubelet/seccomp"));
    var events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (PrivateContainerd containerd =
        PrivateContainerd.start(
            new PrivateContainerd.Options(work.resolve("c"), Map.of(), Duration.ofSeconds(60)),
            line -> {})) {
      Path socket = work.resolve("run/cri.sock");
      Process node =
          new ProcessBuilder(
                  "./portcullis",
                  "node",
                  "--record",
                  "--run-dir=" + socket.getParent(),
                  "--root-dir=" + work.resolve("kubelet"),
                  "--runtime-endpoint=" + containerd.endpoint(),
                  "--health-listen=127.0.0.1:0")
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("log").toFile())
              .start();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
              .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
              .eventLoopGroup(events)
              .usePlaintext()
              .overrideAuthority("localhost")
              .build();
      var bench = new NodeRecordBench(work, Integer.parseInt(args[2]), channel, containerd.cgroupParent());
      try {
        while (!Files.exists(socket)) {
          Thread.sleep(50);
        }
        bench.run(node, Integer.parseInt(args[1]));
      } finally {
        bench.end();
        node.destroy();
        node.waitFor();
        channel.shutdownNow();
        events.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
      }
    }
  }

  private void run(Process node, int containers) throws Exception {
    String other = container("other", Map.of());
    say("a call without recordings", cost(other));
    idle("without recordings", node);
    List<String> recorded = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      recorded.add(container("c" + i, Map.of("portcullis.dev/record", "1h")));
    }
    Thread.sleep(10_000);
    say("a call of a recorded container", cost(recorded.getFirst()));
    say("a call of another container", cost(other));
    idle("with " + containers + " recorded", node);
    Files.createFile(work.resolve("bench/rate"));
    Thread.sleep(3000);
    idle("with 1,000 calls a second in each", node);
    Files.delete(work.resolve("bench/rate"));
    Thread.sleep(7000);
    say("events lost", Long.toString(lost(containers)));
  }

  private void idle(String what, Process node) throws Exception {
    double before = processor(node.pid());
    Thread.sleep(seconds * 1000);
    say(
        "processor time of the agent " + what,
        "%.2f s in %d s".formatted(processor(node.pid()) - before, seconds));
  }

  private static double processor(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  private static void say(String what, String value) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    System.out.println(what + ": " + value + " (load " + load + ")");
  }

  /// Of all that are recorded.
  private long lost(int containers) throws IOException {
    long lost = 0;
    int sessions = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(work.resolve("run/recordings"), "*.session")) {
      for (Path file : files) {
        Matcher number = LOST.matcher(Files.readString(file));
        while (number.find()) {
          lost += Long.parseLong(number.group(1));
          sessions++;
        }
      }
    }
    if (sessions != containers) {
      throw new IOException(sessions + " containers are recorded instead of " + containers);
    }
    return lost;
  }

  private String cost(String container) {
    return call(
            RuntimeServiceGrpc.getExecSyncMethod(),
            Api.ExecSyncRequest.newBuilder()
                .setContainerId(container)
                .addAllCmd(List.of("/bench/calls", "cost"))
                .build())
        .getStdout()
        .toStringUtf8();
  }

  /// One in a pod of its own, on the node's network.
  private String container(String name, Map<String, String> annotations) {
    var network = Api.NamespaceOption.newBuilder().setNetwork(Api.NamespaceMode.NODE);
    Api.PodSandboxConfig pod =
        Api.PodSandboxConfig.newBuilder()
            .setMetadata(
                Api.PodSandboxMetadata.newBuilder().setName(name).setNamespace("b").setUid(name))
            .setLogDirectory(work.resolve("logs").toString())
            .putAllAnnotations(annotations)
            .setLinux(
                Api.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(cgroup)
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
                            .addAllCommand(List.of("/bench/calls", "wait", "/bench/rate"))
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
                                            .setSeccomp(
                                                Api.SecurityProfile.newBuilder()
                                                    .setProfileType(
                                                        Api.SecurityProfile.ProfileType
                                                            .Unconfined)))))
                    .build())
            .getContainerId();
    call(
        RuntimeServiceGrpc.getStartContainerMethod(),
        Api.StartContainerRequest.newBuilder().setContainerId(container).build());
    return container;
  }

  private void end() {
    for (String id : ids) {
      call(
          RuntimeServiceGrpc.getStopPodSandboxMethod(),
          Api.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
      call(
          RuntimeServiceGrpc.getRemovePodSandboxMethod(),
          Api.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
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

import dev.portcullis.run.containerd.PrivateContainerd;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// Calls of CRI through `portcullis node`, and the same calls to the runtime, one after the other by turns.
final class ProxyBench {
  private static final int CONTAINERS = 200;
  private static final String PROFILE =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
      """;

  private final MultiThreadIoEventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel direct;
  private final ManagedChannel proxied;
  private Api.PodSandboxConfig pod = Api.PodSandboxConfig.getDefaultInstance();
  private String podId = "";
  private int created;

  private ProxyBench(Path runtime, Path proxy) {
    direct = channel(runtime);
    proxied = channel(proxy);
  }

  private ManagedChannel channel(Path socket) {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(events)
        .directExecutor()
        .usePlaintext()
        .overrideAuthority("localhost")
        .build();
  }

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int cycles = Integer.parseInt(args[2]);
    Files.createDirectories(work.resolve("kubelet/seccomp"));
    Files.writeString(work.resolve("kubelet/seccomp/p.json"), PROFILE);
    try (PrivateContainerd containerd =
        PrivateContainerd.start(
            new PrivateContainerd.Options(
                work.resolve("c"), Map.of(), Duration.ofSeconds(60)),
            line -> {})) {
      Path socket = work.resolve("run/cri.sock");
      long begin = System.nanoTime();
      Process node =
          new ProcessBuilder(
                  "./portcullis",
                  "node",
                  "--run-dir=" + socket.getParent(),
                  "--root-dir=" + work.resolve("kubelet"),
                  "--runtime-endpoint=" + containerd.endpoint(),
                  "--health-listen=127.0.0.1:0")
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("log").toFile())
              .start();
      try {
        ProxyBench bench =
            new ProxyBench(Path.of(containerd.endpoint().substring("unix://".length())), socket);
        try {
          long serves = bench.untilServed(begin, socket);
          System.out.printf("start to the first call answered: %d ms%n", serves / 1_000_000);
          Thread.sleep(15_000);
          System.out.printf("resident when idle: %s%n", resident(node));
          bench.run(containerd.cgroupParent(), work, rounds);
          System.out.printf("resident after it: %s%n", resident(node));
          bench.cycles(containerd.cgroupParent(), work, cycles, node);
        } finally {
          bench.end();
        }
      } finally {
        node.destroy();
        node.waitFor();
      }
    }
  }

  /// Without it, the threads of the event loop keep this process.
  private void end() {
    direct.shutdownNow();
    proxied.shutdownNow();
    events.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private long untilServed(long begin, Path socket) throws InterruptedException {
    while (!Files.exists(socket)) {
      Thread.sleep(1);
    }
    version(proxied);
    return System.nanoTime() - begin;
  }

  /// All of it, and what of that no other process could share; and how many descriptors and threads.
  private static String resident(Process process) throws IOException {
    Path proc = Path.of("/proc/" + process.pid());
    List<String> status = Files.readAllLines(proc.resolve("status"));
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      return "%d MiB (anonymous %d), %d descriptors, %d threads"
          .formatted(
              number(status, "VmRSS:") / 1024,
              number(status, "RssAnon:") / 1024,
              open.count(),
              number(status, "Threads:"));
    }
  }

  private static long number(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  /// Pods from their beginning to their end: a sandbox, a container that runs, and both taken away. By turns
  /// with the runtime itself, so that a busy machine is busy for both.
  private void cycles(String cgroup, Path work, int cycles, Process node) throws IOException {
    long[] directly = new long[cycles];
    long[] through = new long[cycles];
    for (int i = 0; i < cycles; i++) {
      directly[i] = time(this::cycle, direct);
      through[i] = time(this::cycle, proxied);
      if ((i + 1) % 500 == 0) {
        System.out.printf("resident after %d pods: %s%n", i + 1, resident(node));
      }
    }
    if (cycles > 0) {
      Arrays.sort(directly);
      Arrays.sort(through);
      System.out.printf(
          "a pod until it runs, p50: %.1f ms, and %.2f ms more through Portcullis%n",
          at(directly, 50), at(through, 50) - at(directly, 50));
    }
  }

  private void cycle(ManagedChannel channel) {
    Api.PodSandboxConfig.Builder own = pod.toBuilder();
    own.getMetadataBuilder().setName("cycle").setUid("cycle-" + created);
    Api.PodSandboxConfig config = own.build();
    String sandbox =
        ClientCalls.blockingUnaryCall(
                channel,
                RuntimeServiceGrpc.getRunPodSandboxMethod(),
                CallOptions.DEFAULT,
                Api.RunPodSandboxRequest.newBuilder().setConfig(config).build())
            .getPodSandboxId();
    String container = create(channel, sandbox, config);
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getStartContainerMethod(),
        CallOptions.DEFAULT,
        Api.StartContainerRequest.newBuilder().setContainerId(container).build());
    began = System.nanoTime();
    end(channel, sandbox);
  }

  /// When what is measured was done, where more is done than that.
  private long began;

  private interface Call {
    void to(ManagedChannel channel);
  }

  private void run(String cgroup, Path work, int rounds) {
    pod =
        Api.PodSandboxConfig.newBuilder()
            .setMetadata(
                Api.PodSandboxMetadata.newBuilder()
                    .setName("bench")
                    .setNamespace("bench")
                    .setUid("bench"))
            .setLogDirectory(work.toString())
            .putAnnotations("seccomp.security.alpha.kubernetes.io/pod", "localhost/p.json")
            .setLinux(
                Api.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(cgroup)
                    .setSecurityContext(
                        Api.LinuxSandboxSecurityContext.newBuilder()
                            .setNamespaceOptions(
                                Api.NamespaceOption.newBuilder()
                                    .setNetwork(Api.NamespaceMode.NODE))))
            .build();
    podId =
        ClientCalls.blockingUnaryCall(
                proxied,
                RuntimeServiceGrpc.getRunPodSandboxMethod(),
                CallOptions.DEFAULT,
                Api.RunPodSandboxRequest.newBuilder().setConfig(pod).build())
            .getPodSandboxId();
    System.out.printf(
        "%-28s %10s %10s %10s %10s %10s%n", "ms", "direct p50", "p99", "added p50", "added p99", "calls");
    compare("Version", rounds, ProxyBench::version);
    for (int i = 0; i < CONTAINERS; i++) {
      create(i % 2 == 0 ? direct : proxied);
    }
    compare("ListContainers (200)", Math.max(1, rounds / 3), ProxyBench::list);
    compare("CreateContainer + Remove", Math.max(1, rounds / 30), channel -> remove(channel, create(channel)));
    end(proxied, podId);
  }

  private static void end(ManagedChannel channel, String sandbox) {
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getStopPodSandboxMethod(),
        CallOptions.DEFAULT,
        Api.StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox).build());
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getRemovePodSandboxMethod(),
        CallOptions.DEFAULT,
        Api.RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox).build());
  }

  private void compare(String name, int rounds, Call call) {
    long[] directly = new long[rounds];
    long[] through = new long[rounds];
    for (int warm = 1; warm >= 0; warm--) {
      for (int i = 0; i < rounds; i++) {
        directly[i] = time(call, direct);
        through[i] = time(call, proxied);
      }
    }
    Arrays.sort(directly);
    Arrays.sort(through);
    System.out.printf(
        "%-28s %10.3f %10.3f %10.3f %10.3f %10d%n",
        name,
        at(directly, 50),
        at(directly, 99),
        at(through, 50) - at(directly, 50),
        at(through, 99) - at(directly, 99),
        rounds);
  }

  private static double at(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }

  private long time(Call call, ManagedChannel channel) {
    long begin = System.nanoTime();
    began = 0;
    call.to(channel);
    return (began == 0 ? System.nanoTime() : began) - begin;
  }

  private static void version(ManagedChannel channel) {
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getVersionMethod(),
        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS).withWaitForReady(),
        Api.VersionRequest.getDefaultInstance());
  }

  private static void list(ManagedChannel channel) {
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getListContainersMethod(),
        CallOptions.DEFAULT,
        Api.ListContainersRequest.getDefaultInstance());
  }

  private String create(ManagedChannel channel) {
    return create(channel, podId, pod);
  }

  private String create(ManagedChannel channel, String sandbox, Api.PodSandboxConfig config) {
    return ClientCalls.blockingUnaryCall(
            channel,
            RuntimeServiceGrpc.getCreateContainerMethod(),
            CallOptions.DEFAULT,
            Api.CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandbox)
                .setSandboxConfig(config)
                .setConfig(
                    Api.ContainerConfig.newBuilder()
                        .setMetadata(
                            Api.ContainerMetadata.newBuilder().setName("c" + created++))
                        .setImage(
                            Api.ImageSpec.newBuilder().setImage(PrivateContainerd.busyboxImage()))
                        .addAllCommand(List.of("sleep", "1000"))
                        .setLinux(
                            Api.LinuxContainerConfig.newBuilder()
                                .setSecurityContext(
                                    Api.LinuxContainerSecurityContext.newBuilder()
                                        .setSeccomp(
                                            Api.SecurityProfile.newBuilder()
                                                .setProfileType(
                                                    Api.SecurityProfile.ProfileType
                                                        .Unconfined)))))
                .build())
        .getContainerId();
  }

  private static void remove(ManagedChannel channel, String container) {
    ClientCalls.blockingUnaryCall(
        channel,
        RuntimeServiceGrpc.getRemoveContainerMethod(),
        CallOptions.DEFAULT,
        Api.RemoveContainerRequest.newBuilder().setContainerId(container).build());
  }
}

package dev.portcullis.training;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// A node on which one pod is made, as its kubelet does, under a profile of the node.
final class NodeLesson {
  /// It looks through the containers now and then.
  private static final Duration UNTIL_INSPECTED = Duration.ofSeconds(3);

  private NodeLesson() {}

  static void take(Launcher launcher) throws IOException, InterruptedException {
    int port = Loopback.freePort();
    EventLoopGroup events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (TemporaryDirectory directory = TemporaryDirectory.make();
        StubRuntime runtime = StubRuntime.listen(directory.resolve("runtime.sock"));
        Trainee trainee =
            launcher.start(
                List.of(
                    "node",
                    "--listen=unix://" + directory.resolve("cri.sock"),
                    "--runtime-endpoint=" + runtime.endpoint(),
                    "--run-dir=" + directory.resolve("run"),
                    "--seccomp-profile-root=" + Path.of("examples/profiles").toAbsolutePath(),
                    "--health-listen=127.0.0.1:" + port))) {
      Path socket = directory.resolve("cri.sock");
      trainee.await("its socket is there", () -> Files.exists(socket));
      makePod(socket, events);
      Thread.sleep(UNTIL_INSPECTED);
      Loopback.readPages(port);
      trainee.terminate();
    } finally {
      events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
  }

  private static void makePod(Path socket, EventLoopGroup events) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(events)
            .usePlaintext()
            .overrideAuthority("localhost")
            .build();
    try {
      RuntimeServiceGrpc.RuntimeServiceBlockingStub kubelet =
          RuntimeServiceGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(Trainee.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      var _ = kubelet.version(Api.VersionRequest.getDefaultInstance());
      var _ = kubelet.status(Api.StatusRequest.getDefaultInstance());
      Api.PodSandboxConfig sandbox =
          Api.PodSandboxConfig.newBuilder()
              .setMetadata(
                  Api.PodSandboxMetadata.newBuilder()
                      .setName("training")
                      .setNamespace("default")
                      .setUid("1"))
              .build();
      String id =
          kubelet
              .runPodSandbox(Api.RunPodSandboxRequest.newBuilder().setConfig(sandbox).build())
              .getPodSandboxId();
      String container =
          kubelet
              .createContainer(
                  Api.CreateContainerRequest.newBuilder()
                      .setPodSandboxId(id)
                      .setSandboxConfig(sandbox)
                      .setConfig(container())
                      .build())
              .getContainerId();
      var _ =
          kubelet.startContainer(
              Api.StartContainerRequest.newBuilder().setContainerId(container).build());
      var _ =
          kubelet.containerStatus(
              Api.ContainerStatusRequest.newBuilder().setContainerId(container).build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static Api.ContainerConfig container() {
    Path profile = Path.of("examples/profiles/browser-sandbox.json").toAbsolutePath();
    return Api.ContainerConfig.newBuilder()
        .setMetadata(Api.ContainerMetadata.newBuilder().setName("main"))
        .setImage(Api.ImageSpec.newBuilder().setImage("localhost/training:1"))
        .setLinux(
            Api.LinuxContainerConfig.newBuilder()
                .setSecurityContext(
                    Api.LinuxContainerSecurityContext.newBuilder()
                        .setSeccomp(
                            Api.SecurityProfile.newBuilder()
                                .setProfileType(Api.SecurityProfile.ProfileType.Localhost)
                                .setLocalhostRef(profile.toString()))))
        .build();
  }
}

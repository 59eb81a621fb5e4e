package dev.portcullis.training;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import runtime.v1.Api;
import runtime.v1.ImageServiceGrpc;
import runtime.v1.RuntimeServiceGrpc;

/// As much of a container runtime as pods need to be run and looked at. A container is a process
/// that sleeps, under no filter.
record StubRuntime(String endpoint, Server server, EventLoopGroup events) implements AutoCloseable {

  static StubRuntime listen(Path socket) throws IOException {
    EventLoopGroup events = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Server server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events)
            .addService(new Containers())
            .addService(new Images())
            .build()
            .start();
    return new StubRuntime("unix://" + socket, server, events);
  }

  @Override
  public void close() {
    server.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
  }

  private static <A> void answer(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private static final class Images extends ImageServiceGrpc.ImageServiceImplBase {
    @Override
    public void imageStatus(
        Api.ImageStatusRequest request, StreamObserver<Api.ImageStatusResponse> observer) {
      String name = request.getImage().getImage();
      answer(
          observer,
          Api.ImageStatusResponse.newBuilder()
              .setImage(Api.Image.newBuilder().setId("sha256:1").addRepoTags(name).setSize(1))
              .build());
    }
  }

  private static final class Containers extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final Map<String, Api.ContainerConfig> configurations = new ConcurrentHashMap<>();

    @Override
    public void version(Api.VersionRequest request, StreamObserver<Api.VersionResponse> observer) {
      answer(
          observer,
          Api.VersionResponse.newBuilder()
              .setVersion("0.1.0")
              .setRuntimeName("containerd")
              .setRuntimeVersion("2.1.0")
              .setRuntimeApiVersion("v1")
              .build());
    }

    @Override
    public void status(Api.StatusRequest request, StreamObserver<Api.StatusResponse> observer) {
      answer(
          observer,
          Api.StatusResponse.newBuilder()
              .setStatus(
                  Api.RuntimeStatus.newBuilder()
                      .addConditions(condition("RuntimeReady"))
                      .addConditions(condition("NetworkReady")))
              .build());
    }

    private static Api.RuntimeCondition condition(String type) {
      return Api.RuntimeCondition.newBuilder().setType(type).setStatus(true).build();
    }

    @Override
    public void runPodSandbox(
        Api.RunPodSandboxRequest request, StreamObserver<Api.RunPodSandboxResponse> observer) {
      answer(
          observer,
          Api.RunPodSandboxResponse.newBuilder()
              .setPodSandboxId(request.getConfig().getMetadata().getUid())
              .build());
    }

    @Override
    public void podSandboxStatus(
        Api.PodSandboxStatusRequest request,
        StreamObserver<Api.PodSandboxStatusResponse> observer) {
      answer(
          observer,
          Api.PodSandboxStatusResponse.newBuilder()
              .setStatus(
                  Api.PodSandboxStatus.newBuilder()
                      .setId(request.getPodSandboxId())
                      .setNetwork(Api.PodSandboxNetworkStatus.newBuilder().setIp("192.0.2.1")))
              .build());
    }

    @Override
    public void stopPodSandbox(
        Api.StopPodSandboxRequest request, StreamObserver<Api.StopPodSandboxResponse> observer) {
      answer(observer, Api.StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(
        Api.RemovePodSandboxRequest request,
        StreamObserver<Api.RemovePodSandboxResponse> observer) {
      answer(observer, Api.RemovePodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void createContainer(
        Api.CreateContainerRequest request, StreamObserver<Api.CreateContainerResponse> observer) {
      String id = request.getPodSandboxId() + "-" + request.getConfig().getMetadata().getName();
      configurations.put(id, request.getConfig());
      answer(observer, Api.CreateContainerResponse.newBuilder().setContainerId(id).build());
    }

    @Override
    public void startContainer(
        Api.StartContainerRequest request, StreamObserver<Api.StartContainerResponse> observer) {
      try {
        processes.put(request.getContainerId(), new ProcessBuilder("sleep", "2").start());
        answer(observer, Api.StartContainerResponse.getDefaultInstance());
      } catch (IOException e) {
        observer.onError(Status.UNKNOWN.withCause(e).asRuntimeException());
      }
    }

    @Override
    public void containerStatus(
        Api.ContainerStatusRequest request, StreamObserver<Api.ContainerStatusResponse> observer) {
      String id = request.getContainerId();
      Optional<Process> process = Optional.ofNullable(processes.get(id));
      Api.ContainerStatus.Builder status =
          Api.ContainerStatus.newBuilder().setId(id).setState(state(id));
      Api.ContainerConfig configuration = configurations.get(id);
      if (configuration != null) {
        status
            .setMetadata(configuration.getMetadata())
            .putAllAnnotations(configuration.getAnnotationsMap());
      }
      answer(
          observer,
          Api.ContainerStatusResponse.newBuilder()
              .setStatus(status)
              .putInfo("info", "{\"pid\":" + process.map(Process::pid).orElse(0L) + "}")
              .build());
    }

    private Api.ContainerState state(String id) {
      Process process = processes.get(id);
      if (process == null) {
        return Api.ContainerState.CONTAINER_CREATED;
      }
      return process.isAlive()
          ? Api.ContainerState.CONTAINER_RUNNING
          : Api.ContainerState.CONTAINER_EXITED;
    }

    @Override
    public void listContainers(
        Api.ListContainersRequest request, StreamObserver<Api.ListContainersResponse> observer) {
      Api.ListContainersResponse.Builder all = Api.ListContainersResponse.newBuilder();
      configurations.forEach((id, configuration) ->
          all.addContainers(
              Api.Container.newBuilder()
                  .setId(id)
                  .setMetadata(configuration.getMetadata())
                  .setState(state(id))
                  .putAllLabels(configuration.getLabelsMap())
                  .putAllAnnotations(configuration.getAnnotationsMap())));
      answer(observer, all.build());
    }

    @Override
    public void listPodSandbox(
        Api.ListPodSandboxRequest request, StreamObserver<Api.ListPodSandboxResponse> observer) {
      answer(observer, Api.ListPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void stopContainer(
        Api.StopContainerRequest request, StreamObserver<Api.StopContainerResponse> observer) {
      Process process = processes.get(request.getContainerId());
      if (process != null) {
        process.destroyForcibly();
      }
      answer(observer, Api.StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void removeContainer(
        Api.RemoveContainerRequest request, StreamObserver<Api.RemoveContainerResponse> observer) {
      processes.remove(request.getContainerId());
      configurations.remove(request.getContainerId());
      answer(observer, Api.RemoveContainerResponse.getDefaultInstance());
    }
  }
}

package dev.portcullis.cri;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import portcullis.v1.NodeGrpc;
import portcullis.v1.NodeOuterClass.ProfileRootRequest;
import runtime.v1.Api;
import runtime.v1.ImageServiceGrpc;
import runtime.v1.RuntimeServiceGrpc;

/// A container runtime, spoken to through CRI `runtime.v1`. Every call blocks, and ends by a
/// deadline of its own. Threads may share one.
public final class Cri implements AutoCloseable {
  private static final Duration QUESTION = Duration.ofSeconds(5);
  // A loaded machine takes seconds to make a namespace and its network; kubelet waits two minutes.
  private static final Duration CHANGE = Duration.ofMinutes(2);
  private static final Duration PULL = Duration.ofMinutes(10);
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);

  private final GrpcConnection connection;
  private final boolean alpha;

  private Cri(GrpcConnection connection, boolean alpha) {
    this.connection = connection;
    this.alpha = alpha;
  }

  /// Connects, and makes sure that a runtime of CRI `runtime.v1` answers.
  ///
  /// @param endpoint `unix://` and an absolute path
  public static Cri connect(String endpoint) throws CriException {
    return connect(endpoint, false);
  }

  /// The same for a runtime of either version, `runtime.v1alpha2` too: for those who look.
  public static Cri observe(String endpoint) throws CriException {
    return connect(endpoint, true);
  }

  private static Cri connect(String endpoint, boolean alphaWillDo) throws CriException {
    Endpoint parsed = Endpoint.parse(endpoint);
    parsed.probe();
    GrpcConnection connection = new GrpcConnection(parsed);
    try {
      return new Cri(connection, VersionNegotiation.isAlpha(connection, parsed, alphaWillDo));
    } catch (CriException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private <Q extends MessageLite, A extends MessageLite> A ask(
      MethodDescriptor<Q, A> method, Q request, Duration deadline) throws CriException {
    return connection.call(alpha ? VersionNegotiation.ofAlpha(method) : method, request, deadline);
  }

  /// Which runtime is there.
  public RuntimeVersion version() throws CriException {
    Api.VersionResponse answer =
        ask(
            RuntimeServiceGrpc.getVersionMethod(),
            Api.VersionRequest.getDefaultInstance(),
            QUESTION);
    return new RuntimeVersion(
        answer.getRuntimeName(), answer.getRuntimeVersion(), answer.getRuntimeApiVersion());
  }

  /// How it is.
  public RuntimeStatus status() throws CriException {
    return CriReplies.status(
        ask(
            RuntimeServiceGrpc.getStatusMethod(),
            Api.StatusRequest.newBuilder().setVerbose(true).build(),
            QUESTION));
  }

  /// Where the Portcullis of a node that is behind this endpoint looks for profiles, as it was
  /// configured; empty where the runtime itself is there.
  public Optional<Path> profileRootOfNode() throws CriException {
    try {
      String directory =
          connection
              .call(
                  NodeGrpc.getProfileRootMethod(),
                  ProfileRootRequest.getDefaultInstance(),
                  QUESTION)
              .getDirectory();
      return Optional.of(Path.of(directory));
    } catch (CriException e) {
      if (e.kind() == CriException.Kind.NOT_CRI) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// An image that is there; empty where it is not. Never pulls.
  public Optional<ImageInfo> image(String reference) throws CriException {
    Api.ImageStatusResponse answer =
        ask(
            ImageServiceGrpc.getImageStatusMethod(),
            Api.ImageStatusRequest.newBuilder().setImage(Requests.image(reference)).build(),
            QUESTION);
    return answer.hasImage() ? Optional.of(CriReplies.image(answer.getImage())) : Optional.empty();
  }

  /// The annotations of the image that a container is to be made of, as far as the runtime reports
  /// them: CRI-O does since 1.25, containerd reports none. Empty where there is no such image.
  Map<String, String> imageAnnotations(ContainerCreation request) throws CriException {
    return ask(
            ImageServiceGrpc.getImageStatusMethod(),
            Api.ImageStatusRequest.newBuilder().setImage(request.imageSpec()).build(),
            QUESTION)
        .getImage()
        .getSpec()
        .getAnnotationsMap();
  }

  /// All images.
  public List<ImageInfo> images() throws CriException {
    return ask(
            ImageServiceGrpc.getListImagesMethod(),
            Api.ListImagesRequest.getDefaultInstance(),
            QUESTION)
        .getImagesList()
        .stream()
        .map(CriReplies::image)
        .toList();
  }

  /// Fetches an image from its registry.
  ///
  /// @return what the runtime knows it by
  public String pull(String reference) throws CriException {
    return ask(
            ImageServiceGrpc.getPullImageMethod(),
            Api.PullImageRequest.newBuilder().setImage(Requests.image(reference)).build(),
            PULL)
        .getImageRef();
  }

  /// Makes and starts a sandbox.
  ///
  /// @param handler the runtime handler; empty for the runtime's default
  /// @return the sandbox's id
  public String runSandbox(SandboxSpec spec, String handler) throws CriException {
    return ask(
            RuntimeServiceGrpc.getRunPodSandboxMethod(),
            Api.RunPodSandboxRequest.newBuilder()
                .setConfig(Requests.sandbox(spec))
                .setRuntimeHandler(handler)
                .build(),
            CHANGE)
        .getPodSandboxId();
  }

  /// What is known of a sandbox.
  public SandboxStatus sandboxStatus(String sandboxId) throws CriException {
    return CriReplies.sandbox(
        ask(
                RuntimeServiceGrpc.getPodSandboxStatusMethod(),
                Api.PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandboxId).build(),
                QUESTION)
            .getStatus());
  }

  /// Ends a sandbox and every container in it. One that is not there counts as stopped.
  public void stopSandbox(String sandboxId) throws CriException {
    unlessMissing(
        RuntimeServiceGrpc.getStopPodSandboxMethod(),
        Api.StopPodSandboxRequest.newBuilder().setPodSandboxId(sandboxId).build(),
        CHANGE);
  }

  /// Removes a sandbox and its containers, by force if they run.
  public void removeSandbox(String sandboxId) throws CriException {
    unlessMissing(
        RuntimeServiceGrpc.getRemovePodSandboxMethod(),
        Api.RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandboxId).build(),
        CHANGE);
  }

  /// Makes a container. Its profile's file is read by the runtime now.
  ///
  /// @param sandbox what the sandbox was made of
  /// @return the container's id
  public String createContainer(String sandboxId, ContainerSpec spec, SandboxSpec sandbox)
      throws CriException {
    return ask(
            RuntimeServiceGrpc.getCreateContainerMethod(),
            Api.CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setConfig(Requests.container(spec, sandbox))
                .setSandboxConfig(Requests.sandbox(sandbox))
                .build(),
            CHANGE)
        .getContainerId();
  }

  /// Starts a container. Its profile is compiled and loaded now.
  public void startContainer(String containerId) throws CriException {
    ask(
        RuntimeServiceGrpc.getStartContainerMethod(),
        Api.StartContainerRequest.newBuilder().setContainerId(containerId).build(),
        CHANGE);
  }

  /// Sends SIGTERM (or the image's own signal), and SIGKILL when the time is over.
  public void stopContainer(String containerId, Duration timeout) throws CriException {
    unlessMissing(
        RuntimeServiceGrpc.getStopContainerMethod(),
        Api.StopContainerRequest.newBuilder()
            .setContainerId(containerId)
            .setTimeout(timeout.toSeconds())
            .build(),
        timeout.plus(STOP_GRACE));
  }

  /// Removes a container, by force if it runs.
  public void removeContainer(String containerId) throws CriException {
    unlessMissing(
        RuntimeServiceGrpc.getRemoveContainerMethod(),
        Api.RemoveContainerRequest.newBuilder().setContainerId(containerId).build(),
        CHANGE);
  }

  /// What is known of a container.
  public ContainerStatus containerStatus(String containerId) throws CriException {
    return CriReplies.container(
        ask(
            RuntimeServiceGrpc.getContainerStatusMethod(),
            Api.ContainerStatusRequest.newBuilder()
                .setContainerId(containerId)
                .setVerbose(true)
                .build(),
            QUESTION));
  }

  /// What the runtime gave to the OCI runtime for a container; empty where it does not report that.
  /// containerd and CRI-O do.
  public Optional<RuntimeSpecSeccomp> given(String containerId) throws CriException {
    return RuntimeSpecSeccomp.of(
        ask(
                RuntimeServiceGrpc.getContainerStatusMethod(),
                Api.ContainerStatusRequest.newBuilder()
                    .setContainerId(containerId)
                    .setVerbose(true)
                    .build(),
                QUESTION)
            .getInfoMap());
  }

  /// The same for a sandbox' own container.
  public Optional<RuntimeSpecSeccomp> givenToSandbox(String sandboxId) throws CriException {
    return RuntimeSpecSeccomp.of(sandboxInfo(sandboxId));
  }

  /// The sandboxes that have all these labels.
  public List<ListItem> sandboxes(Map<String, String> labels) throws CriException {
    return ask(
            RuntimeServiceGrpc.getListPodSandboxMethod(),
            Api.ListPodSandboxRequest.newBuilder()
                .setFilter(Api.PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
                .build(),
            QUESTION)
        .getItemsList()
        .stream()
        .map(it ->
            new ListItem(it.getId(), it.getMetadata().getName(), it.getId(), it.getLabelsMap()))
        .toList();
  }

  /// The runtime handlers of all sandboxes, by the sandboxes' ids; empty for the default one.
  public Map<String, String> handlersOfSandboxes() throws CriException {
    return handlers(Api.PodSandboxFilter.getDefaultInstance());
  }

  /// The runtime handler of one sandbox, empty for the default one; empty Optional where there is
  /// no such sandbox.
  public Optional<String> handlerOfSandbox(String sandboxId) throws CriException {
    return Optional.ofNullable(
        handlers(Api.PodSandboxFilter.newBuilder().setId(sandboxId).build()).get(sandboxId));
  }

  private Map<String, String> handlers(Api.PodSandboxFilter filter) throws CriException {
    Map<String, String> handlers = new HashMap<>();
    for (Api.PodSandbox sandbox :
        ask(
                RuntimeServiceGrpc.getListPodSandboxMethod(),
                Api.ListPodSandboxRequest.newBuilder().setFilter(filter).build(),
                QUESTION)
            .getItemsList()) {
      String told = sandbox.getRuntimeHandler();
      handlers.put(sandbox.getId(), told.isEmpty() ? notedHandler(sandbox.getId()) : told);
    }
    return handlers;
  }

  /// CRI-O reports the handler in no list; it notes it among the annotations of what it makes of
  /// the sandbox (`server/sandbox_run_linux.go`).
  private String notedHandler(String sandboxId) throws CriException {
    try {
      return CriReplies.notedHandler(sandboxInfo(sandboxId));
    } catch (CriException gone) {
      if (gone.kind() == CriException.Kind.NOT_FOUND) {
        return "";
      }
      throw gone;
    }
  }

  private Map<String, String> sandboxInfo(String sandboxId) throws CriException {
    return ask(
            RuntimeServiceGrpc.getPodSandboxStatusMethod(),
            Api.PodSandboxStatusRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setVerbose(true)
                .build(),
            QUESTION)
        .getInfoMap();
  }

  /// The containers that have all these labels.
  public List<ListItem> containers(Map<String, String> labels) throws CriException {
    return ask(
            RuntimeServiceGrpc.getListContainersMethod(),
            Api.ListContainersRequest.newBuilder()
                .setFilter(Api.ContainerFilter.newBuilder().putAllLabelSelector(labels))
                .build(),
            QUESTION)
        .getContainersList()
        .stream()
        .map(it ->
            new ListItem(
                it.getId(), it.getMetadata().getName(), it.getPodSandboxId(), it.getLabelsMap()))
        .toList();
  }

  /// All containers, whether they run or not.
  public List<KnownContainer> all() throws CriException {
    return ask(
            RuntimeServiceGrpc.getListContainersMethod(),
            Api.ListContainersRequest.getDefaultInstance(),
            QUESTION)
        .getContainersList()
        .stream()
        .map(it ->
            new KnownContainer(
                it.getId(),
                it.getMetadata().getName(),
                it.getPodSandboxId(),
                it.getLabelsMap(),
                it.getAnnotationsMap(),
                it.getState() == Api.ContainerState.CONTAINER_RUNNING))
        .toList();
  }

  private <Q extends MessageLite, A extends MessageLite> void unlessMissing(
      MethodDescriptor<Q, A> method, Q request, Duration deadline) throws CriException {
    try {
      ask(method, request, deadline);
    } catch (CriException e) {
      if (e.kind() != CriException.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  /// Hangs up. What was made stays.
  @Override
  public void close() {
    connection.close();
  }
}

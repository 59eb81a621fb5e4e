package dev.portcullis.run.crio;

import static java.util.stream.Collectors.joining;

import dev.portcullis.cri.TestingRuntime;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import runtime.v1.Api;
import runtime.v1.ImageServiceGrpc;
import runtime.v1.RuntimeServiceGrpc;

/// What CRI-O 1.36 does that containerd does not, and enough beside it for a pod, as answers of a
/// {@link TestingRuntime}:
///
/// * A container's process is there once it is created, and its number is told from then on, even
///   after its end (`server/container_status.go`, `InitPid`).
/// * The verbose status of a container repeats nothing of the request; the name of its profile is
///   that of CRI's enum, among the annotations (`internal/config/seccomp/seccomp.go`).
/// * No list tells a sandbox's handler; the verbose status of the sandbox does, among the
///   annotations (`server/sandbox_run_linux.go`).
/// * The default capabilities are 9, and told by the verbose Status (`server/runtime_status.go`).
/// * Where there is a signature policy, a container is refused whose image does not stand there as
///   the user has it (`server/container_create.go`, `verifyImageSignature`).
///
/// The processes are real, and so are their filters: those of {@link #DEFAULT_PROFILE}, or of the
/// file that was asked for. Needs root and python3.
public final class CrioShape implements AutoCloseable {
  public static final String IMAGE = "localhost/portcullis/busybox:1";

  /// What containers have under the runtime's default.
  public static final String DEFAULT_PROFILE =
      """
      {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}
      """;

  /// What they can do unless they ask for more or less, by number.
  private static final Map<String, Integer> CAPABILITIES =
      Map.of(
          "CHOWN", 0,
          "DAC_OVERRIDE", 1,
          "FOWNER", 3,
          "FSETID", 4,
          "KILL", 5,
          "SETGID", 6,
          "SETUID", 7,
          "SETPCAP", 8,
          "NET_BIND_SERVICE", 10);

  /// Where CRI-O listens for those that its seccomp notifier watches.
  private static final String NOTIFIER = "/var/run/crio/seccomp/";

  private final boolean signaturePolicy;
  private final Map<String, String> defaults = new ConcurrentHashMap<>();
  private boolean otherLibseccomp;
  private final Map<String, Api.PodSandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, Container> containers = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  /// @param info the verbose information
  private record Container(
      Api.Container listed, String info, CreatedProcess process, boolean started) {
    Api.ContainerState state() {
      return !process.runs()
          ? Api.ContainerState.CONTAINER_EXITED
          : started ? Api.ContainerState.CONTAINER_RUNNING : Api.ContainerState.CONTAINER_CREATED;
    }
  }

  private CrioShape(boolean signaturePolicy) {
    this.signaturePolicy = signaturePolicy;
  }

  /// CRI-O as it is configured without a file.
  public static CrioShape usual() {
    return new CrioShape(false);
  }

  /// With `signature_policy` in its configuration, and an image that the policy allows.
  public static CrioShape withSignaturePolicy() {
    return new CrioShape(true);
  }

  /// With another default profile for a handler (`seccomp_profile` of it, from 1.34 on).
  public CrioShape withDefaultOf(String handler, String profile) {
    defaults.put(handler, profile);
    return this;
  }

  /// Its OCI runtime answers what the default denies with another errno, as one does that was built
  /// with another libseccomp.
  public CrioShape withOtherLibseccomp() {
    otherLibseccomp = true;
    return this;
  }

  /// A runtime of this shape, not started. What a test answers otherwise it says after this.
  public TestingRuntime at(Path socket) {
    return containers(images(sandboxes(itself(new TestingRuntime(socket)))));
  }

  private static TestingRuntime itself(TestingRuntime runtime) {
    return runtime
        .on(
            RuntimeServiceGrpc.getVersionMethod(),
            _ ->
                Api.VersionResponse.newBuilder()
                    .setVersion("0.1.0")
                    .setRuntimeName("cri-o")
                    .setRuntimeVersion("1.36.3")
                    .setRuntimeApiVersion("v1")
                    .build())
        .on(
            RuntimeServiceGrpc.getStatusMethod(),
            request -> {
              var answer =
                  Api.StatusResponse.newBuilder()
                      .setStatus(
                          Api.RuntimeStatus.newBuilder()
                              .addConditions(ready("RuntimeReady"))
                              .addConditions(ready("NetworkReady")))
                      .addRuntimeHandlers(Api.RuntimeHandler.newBuilder().setName("runc"))
                      .addRuntimeHandlers(Api.RuntimeHandler.newBuilder().setName(""))
                      .addRuntimeHandlers(Api.RuntimeHandler.newBuilder().setName("crun"));
              if (request.getVerbose()) {
                answer.putInfo(
                    "config",
                    "{\"crio\": {\"DefaultRuntime\": \"runc\", \"DefaultCapabilities\": [%s]},"
                            .formatted(quoted(CAPABILITIES.keySet(), ""))
                        + " \"sandboxImage\": \"registry.k8s.io/pause:3.10.1\"}");
              }
              return answer.build();
            });
  }

  private static Api.RuntimeCondition ready(String type) {
    return Api.RuntimeCondition.newBuilder().setType(type).setStatus(true).build();
  }

  private TestingRuntime sandboxes(TestingRuntime runtime) {
    return runtime
        .on(
            RuntimeServiceGrpc.getRunPodSandboxMethod(),
            request -> {
              String id = id();
              sandboxes.put(
                  id,
                  Api.PodSandbox.newBuilder()
                      .setId(id)
                      .setMetadata(request.getConfig().getMetadata())
                      .setState(Api.PodSandboxState.SANDBOX_READY)
                      .putAllLabels(request.getConfig().getLabelsMap())
                      .putAllAnnotations(request.getConfig().getAnnotationsMap())
                      .setRuntimeHandler(request.getRuntimeHandler())
                      .build());
              return Api.RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build();
            })
        .on(
            RuntimeServiceGrpc.getPodSandboxStatusMethod(),
            request -> {
              Api.PodSandbox sandbox = found(sandboxes.get(request.getPodSandboxId()));
              var answer =
                  Api.PodSandboxStatusResponse.newBuilder()
                      .setStatus(
                          Api.PodSandboxStatus.newBuilder()
                              .setId(sandbox.getId())
                              .setState(sandbox.getState())
                              .setNetwork(
                                  Api.PodSandboxNetworkStatus.newBuilder().setIp("10.85.0.2")));
              if (request.getVerbose()) {
                // drop_infra_ctr: the sandbox has no process, and what it was given has no filter.
                answer.putInfo(
                    "info",
                    "{\"runtimeSpec\": {\"annotations\": {\"io.kubernetes.cri-o.RuntimeHandler\": \"%s\"}}}"
                        .formatted(sandbox.getRuntimeHandler()));
              }
              return answer.build();
            })
        .on(
            RuntimeServiceGrpc.getListPodSandboxMethod(),
            request ->
                Api.ListPodSandboxResponse.newBuilder()
                    .addAllItems(
                        sandboxes.values().stream()
                            .filter(it ->
                                has(it.getLabelsMap(), request.getFilter().getLabelSelectorMap()))
                            .map(it -> it.toBuilder().clearRuntimeHandler().build())
                            .toList())
                    .build())
        .on(
            RuntimeServiceGrpc.getStopPodSandboxMethod(),
            request -> {
              for (Container container : containers.values()) {
                if (container.listed().getPodSandboxId().equals(request.getPodSandboxId())) {
                  container.process().close();
                }
              }
              return Api.StopPodSandboxResponse.getDefaultInstance();
            })
        .on(
            RuntimeServiceGrpc.getRemovePodSandboxMethod(),
            request -> {
              sandboxes.remove(request.getPodSandboxId());
              return Api.RemovePodSandboxResponse.getDefaultInstance();
            });
  }

  private static TestingRuntime images(TestingRuntime runtime) {
    return runtime
        .on(
            ImageServiceGrpc.getImageStatusMethod(),
            request -> {
              var answer = Api.ImageStatusResponse.newBuilder();
              if (request.getImage().getImage().equals(IMAGE)) {
                answer.setImage(Api.Image.newBuilder().setId("1234").addRepoTags(IMAGE));
              }
              return answer.build();
            })
        .on(
            ImageServiceGrpc.getPullImageMethod(),
            request -> {
              throw Status.UNKNOWN
                  .withDescription(
                      "unable to pull image or OCI artifact: pull image err: initializing source"
                          + " docker://"
                          + request.getImage().getImage()
                          + ": connection refused")
                  .asRuntimeException();
            });
  }

  private TestingRuntime containers(TestingRuntime runtime) {
    return runtime
        .on(RuntimeServiceGrpc.getCreateContainerMethod(), this::create)
        .on(
            RuntimeServiceGrpc.getStartContainerMethod(),
            request -> {
              Container container = found(containers.get(request.getContainerId()));
              container.process().start();
              containers.put(
                  request.getContainerId(),
                  new Container(container.listed(), container.info(), container.process(), true));
              return Api.StartContainerResponse.getDefaultInstance();
            })
        .on(
            RuntimeServiceGrpc.getStopContainerMethod(),
            request -> {
              found(containers.get(request.getContainerId())).process().close();
              return Api.StopContainerResponse.getDefaultInstance();
            })
        .on(
            RuntimeServiceGrpc.getRemoveContainerMethod(),
            request -> {
              Container container = containers.remove(request.getContainerId());
              if (container != null) {
                container.process().close();
              }
              return Api.RemoveContainerResponse.getDefaultInstance();
            })
        .on(
            RuntimeServiceGrpc.getListContainersMethod(),
            request ->
                Api.ListContainersResponse.newBuilder()
                    .addAllContainers(
                        containers.values().stream()
                            .map(it -> it.listed().toBuilder().setState(it.state()).build())
                            .filter(it ->
                                has(it.getLabelsMap(), request.getFilter().getLabelSelectorMap()))
                            .toList())
                    .build())
        .on(
            RuntimeServiceGrpc.getContainerStatusMethod(),
            request -> {
              Container container = found(containers.get(request.getContainerId()));
              Api.ContainerState state = container.state();
              var status =
                  Api.ContainerStatus.newBuilder()
                      .setId(container.listed().getId())
                      .setMetadata(container.listed().getMetadata())
                      .setState(state);
              if (state == Api.ContainerState.CONTAINER_EXITED) {
                int code = container.process().exitCode();
                status.setExitCode(code).setReason(code == 0 ? "Completed" : "Error");
              }
              var answer = Api.ContainerStatusResponse.newBuilder().setStatus(status);
              return request.getVerbose()
                  ? answer.putInfo("info", container.info()).build()
                  : answer.build();
            });
  }

  private Api.CreateContainerResponse create(Api.CreateContainerRequest request) throws Exception {
    Api.ContainerConfig config = request.getConfig();
    if (signaturePolicy && config.getImage().getUserSpecifiedImage().isEmpty()) {
      throw Status.UNKNOWN
          .withDescription("user specified image not specified, cannot verify image signature")
          .asRuntimeException();
    }
    Api.LinuxContainerSecurityContext security = config.getLinux().getSecurityContext();
    Map<String, Integer> capabilities = capabilities(security.getCapabilities());
    Api.SecurityProfile seccomp = security.getSeccomp();
    String id = id();
    String profile =
        security.getPrivileged()
            ? null
            : switch (seccomp.getProfileType()) {
              case RuntimeDefault -> defaultOf(found(sandboxes.get(request.getPodSandboxId())), id);
              case Localhost -> Files.readString(Path.of(seccomp.getLocalhostRef()));
              case Unconfined, UNRECOGNIZED -> null;
            };
    CreatedProcess process =
        CreatedProcess.create(
            profile != null && otherLibseccomp
                ? profile.replace("\"errnoRet\": 13", "\"errnoRet\": 38")
                : profile,
            security.getNoNewPrivs(),
            capabilities.values(),
            config.getCommandList());
    String info =
        """
        {"sandboxID": "%s", "pid": %d, "privileged": %s, "runtimeSpec": {"ociVersion": "1.3.0",
         "process": {"noNewPrivileges": %s, "capabilities": {"bounding": [%s]}},
         "annotations": {"io.kubernetes.cri-o.SeccompProfilePath": "%s"},
         "linux": {%s}}}
        """
            .formatted(
                request.getPodSandboxId(),
                process.pid(),
                security.getPrivileged(),
                security.getNoNewPrivs(),
                quoted(capabilities.keySet(), "CAP_"),
                seccomp.getProfileType() == Api.SecurityProfile.ProfileType.Localhost
                    ? seccomp.getLocalhostRef()
                    : seccomp.getProfileType().name(),
                profile == null ? "" : "\"seccomp\": " + profile);
    containers.put(
        id,
        new Container(
            Api.Container.newBuilder()
                .setId(id)
                .setPodSandboxId(request.getPodSandboxId())
                .setMetadata(config.getMetadata())
                .setImage(config.getImage())
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .build(),
            info,
            process,
            false));
    return Api.CreateContainerResponse.newBuilder().setContainerId(id).build();
  }

  /// The sandbox's annotations count, not those of the request.
  private String defaultOf(Api.PodSandbox sandbox, String id) {
    String handler = sandbox.getRuntimeHandler();
    String profile = defaults.getOrDefault(handler.isEmpty() ? "runc" : handler, DEFAULT_PROFILE);
    return sandbox.getAnnotationsMap().containsKey("seccomp-notifier-action.crio.io")
        ? profile
            .replace("\"SCMP_ACT_ERRNO\", \"errnoRet\": 13", "\"SCMP_ACT_NOTIFY\"")
            .replaceFirst("\\{", "{\"listenerPath\": \"" + NOTIFIER + id + "\", ")
        : profile;
  }

  /// Of those that are known here: a test that asks for others fails.
  private static Map<String, Integer> capabilities(Api.Capability changes) {
    Map<String, Integer> capabilities = new TreeMap<>(CAPABILITIES);
    for (String drop : changes.getDropCapabilitiesList()) {
      if (drop.equals("ALL")) {
        capabilities.clear();
      }
      capabilities.remove(drop);
    }
    for (String add : changes.getAddCapabilitiesList()) {
      capabilities.put(add, found(CAPABILITIES.get(add)));
    }
    return capabilities;
  }

  private static String quoted(Iterable<String> names, String prefix) {
    var sorted = new TreeSet<String>();
    names.forEach(sorted::add);
    return sorted.stream().map(it -> '"' + prefix + it + '"').collect(joining(", "));
  }

  private static boolean has(Map<String, String> labels, Map<String, String> asked) {
    return labels.entrySet().containsAll(asked.entrySet());
  }

  private static <T> T found(@Nullable T thing) {
    if (thing == null) {
      throw Status.NOT_FOUND.asRuntimeException();
    }
    return thing;
  }

  private String id() {
    return "%064x".formatted(last.incrementAndGet());
  }

  /// The processes that are left.
  public List<Long> pids() {
    return containers.values().stream()
        .map(Container::process)
        .filter(CreatedProcess::runs)
        .map(CreatedProcess::pid)
        .toList();
  }

  @Override
  public void close() {
    for (Container container : containers.values()) {
      container.process().close();
    }
  }
}

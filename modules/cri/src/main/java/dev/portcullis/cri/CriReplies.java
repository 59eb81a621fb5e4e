package dev.portcullis.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import runtime.v1.Api;

/// The runtime's messages as our records.
final class CriReplies {
  private CriReplies() {}

  static RuntimeStatus status(Api.StatusResponse answer) {
    Set<String> handlers = new TreeSet<>();
    answer.getRuntimeHandlersList().forEach(handler -> handlers.add(handler.getName()));
    RuntimeConfiguration configuration = RuntimeConfiguration.of(answer.getInfoMap());
    // containerd before 1.7 reports them only there.
    handlers.addAll(configuration.handlers().keySet());
    // CRI lists the default handler as the empty name.
    handlers.remove("");
    return new RuntimeStatus(
        condition(answer, "RuntimeReady"),
        condition(answer, "NetworkReady"),
        handlers,
        configuration);
  }

  private static RuntimeStatus.Condition condition(Api.StatusResponse answer, String type) {
    for (Api.RuntimeCondition condition : answer.getStatus().getConditionsList()) {
      if (condition.getType().equals(type)) {
        return new RuntimeStatus.Condition(
            condition.getStatus(), condition.getReason(), condition.getMessage());
      }
    }
    return new RuntimeStatus.Condition(false, "Unknown", "the runtime does not report " + type);
  }

  static ImageInfo image(Api.Image image) {
    return new ImageInfo(
        image.getId(),
        image.getRepoTagsList(),
        image.getSize(),
        image.hasUid() ? image.getUid().getValue() : null,
        image.getUsername());
  }

  static SandboxStatus sandbox(Api.PodSandboxStatus status) {
    return new SandboxStatus(
        status.getId(),
        status.getState() == Api.PodSandboxState.SANDBOX_READY,
        status.getNetwork().getIp());
  }

  static ContainerStatus container(Api.ContainerStatusResponse answer) {
    Api.ContainerStatus status = answer.getStatus();
    ContainerStatus.State state =
        switch (status.getState()) {
          case CONTAINER_CREATED -> new ContainerStatus.Created();
          case CONTAINER_RUNNING -> new ContainerStatus.Running(instant(status.getStartedAt()));
          case CONTAINER_EXITED ->
              new ContainerStatus.Exited(
                  status.getExitCode(),
                  status.getReason(),
                  status.getMessage(),
                  instant(status.getStartedAt()),
                  instant(status.getFinishedAt()));
          case CONTAINER_UNKNOWN, UNRECOGNIZED ->
              new ContainerStatus.Unknown(status.getReason(), status.getMessage());
        };
    Value verbose = verbose(answer.getInfoMap(), "info");
    Set<String> bounding =
        RuntimeSpecSeccomp.of(answer.getInfoMap())
            .map(RuntimeSpecSeccomp::boundingCapabilities)
            .orElse(null);
    return new ContainerStatus(status.getId(), state, pid(verbose), bounding);
  }

  private static @Nullable Long pid(@Nullable Value verbose) {
    if (!(at(verbose, "pid") instanceof Value.Numeral numeral)) {
      return null;
    }
    try {
      long pid = Long.parseLong(numeral.literal());
      return pid > 0 ? pid : null;
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  /// A part of the verbose information, which containerd and CRI-O write as JSON but CRI leaves
  /// open: null where it is absent or something else.
  static @Nullable Value verbose(Map<String, String> info, String key) {
    String json = info.get(key);
    if (json == null) {
      return null;
    }
    return switch (Documents.readJson(json.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(var values) -> values.size() == 1 ? values.getFirst() : null;
      case ParseResult.Malformed _ -> null;
    };
  }

  /// What stands under keys in each other; null where one is missing or leads to no object.
  static @Nullable Value at(@Nullable Value value, String... path) {
    for (String key : path) {
      value = value instanceof Mapping mapping ? mapping.get(key) : null;
    }
    return value;
  }

  /// The handler by which CRI-O made a sandbox; empty for the default one, and for other runtimes.
  static String notedHandler(Map<String, String> info) {
    return at(
                verbose(info, "info"),
                "runtimeSpec",
                "annotations",
                "io.kubernetes.cri-o.RuntimeHandler")
            instanceof Value.Text(_, String handler)
        ? handler
        : "";
  }

  private static Instant instant(long nanoseconds) {
    return Instant.ofEpochSecond(0, nanoseconds);
  }
}

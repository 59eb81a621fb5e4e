package dev.portcullis.run.pod;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.run.pod.ContainerPlan.Image;
import dev.portcullis.run.pod.ContainerPlan.PullPolicy;
import dev.portcullis.run.pod.ContainerPlan.VolumeMount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what it takes to run a container.
final class ContainerPlanReader {
  /// In microseconds: what kubelet sets.
  private static final long CPU_PERIOD = 100_000;

  /// In microseconds: what the kernel takes at least (`MilliCPUToQuota` of kubelet).
  private static final long SMALLEST_QUOTA = 1000;

  private static final long SHARES_PER_CPU = 1024;
  private static final long FEWEST_SHARES = 2;

  private final @Nullable FieldReader podSecurity;
  private final EnvironmentReader environment;
  private final Set<String> volumes;
  private final Omissions omissions;

  /// @param volumes the names of the pod's volumes
  ContainerPlanReader(
      @Nullable FieldReader podSecurity,
      EnvironmentReader environment,
      Set<String> volumes,
      Omissions omissions) {
    this.podSecurity = podSecurity;
    this.environment = environment;
    this.volumes = volumes;
    this.omissions = omissions;
  }

  ContainerPlan read(Admitted decision, List<FieldError> errors) {
    FieldReader container =
        new FieldReader(decision.container().path(), decision.container().manifest(), errors);
    SupportedFields.CONTAINER.check(container, omissions);
    if (decision.container().name().isEmpty()) {
      // Validation asks for it, unless a controller may give it.
      container.error(FieldError.required(container.field("name"), "portcullis run gives none"));
    }
    String directory = container.text("workingDir");
    return new ContainerPlan(
        decision,
        decision.container().kind() == Container.Kind.INIT
            && "Always".equals(container.text("restartPolicy")),
        image(container),
        new ContainerPlan.Program(
            container.texts("command"),
            container.texts("args"),
            environment.read(container),
            directory == null ? "" : directory),
        mounts(container),
        RightsReader.read(podSecurity, container.object("securityContext")),
        limits(container));
  }

  private static Image image(FieldReader container) {
    String reference = container.text("image");
    if (reference == null || reference.isBlank()) {
      container.error(FieldError.required(container.field("image"), ""));
      reference = "";
    }
    String policy = container.text("imagePullPolicy");
    return new Image(
        reference,
        switch (policy == null ? "" : policy) {
          case "" -> isLatest(reference) ? PullPolicy.ALWAYS : PullPolicy.IF_NOT_PRESENT;
          case "Always" -> PullPolicy.ALWAYS;
          case "IfNotPresent" -> PullPolicy.IF_NOT_PRESENT;
          case "Never" -> PullPolicy.NEVER;
          default -> {
            container.error(
                FieldError.notSupported(
                    container.field("imagePullPolicy"),
                    policy == null ? "" : policy,
                    List.of("Always", "IfNotPresent", "Never")));
            yield PullPolicy.NEVER;
          }
        });
  }

  /// Whether an image has the tag `latest`, or none and no digest. A colon before the last slash
  /// belongs to the registry's port.
  private static boolean isLatest(String reference) {
    if (reference.contains("@")) {
      return false;
    }
    int colon = reference.lastIndexOf(':');
    return colon <= reference.lastIndexOf('/') || reference.endsWith(":latest");
  }

  private List<VolumeMount> mounts(FieldReader container) {
    List<VolumeMount> mounts = new ArrayList<>();
    for (FieldReader mount : container.objects("volumeMounts")) {
      SupportedFields.VOLUME_MOUNT.check(mount, omissions);
      String name = mount.text("name");
      String path = mount.text("mountPath");
      String subPath = mount.text("subPath");
      boolean readOnly = Boolean.TRUE.equals(mount.truth("readOnly"));
      if (name == null || !volumes.contains(name)) {
        mount.error(
            FieldError.invalid(
                mount.field("name"),
                name == null ? "" : name,
                "the pod has no volume of this name"));
      } else if (path == null || path.isEmpty()) {
        mount.error(FieldError.required(mount.field("mountPath"), ""));
      } else if (subPath != null
          && (subPath.startsWith("/") || ("/" + subPath + "/").contains("/../"))) {
        mount.error(
            FieldError.invalid(
                mount.field("subPath"), subPath, "must be a relative path without '..'"));
      } else {
        mounts.add(
            new VolumeMount(
                name,
                path.startsWith("/") ? path : "/" + path,
                subPath == null ? "" : subPath,
                readOnly));
      }
    }
    return mounts;
  }

  private static ContainerSpec.Limits limits(FieldReader container) {
    FieldReader resources = container.object("resources");
    if (resources == null) {
      return ContainerSpec.Limits.NONE;
    }
    SupportedFields.RESOURCES.check(resources);
    Map<String, BigDecimal> limits = quantities(resources, "limits");
    Map<String, BigDecimal> requests = quantities(resources, "requests");
    BigDecimal cpu = limits.get("cpu");
    BigDecimal share = requests.getOrDefault("cpu", cpu);
    return new ContainerSpec.Limits(
        limits.containsKey("memory") ? Quantity.whole(limits.get("memory")) : 0,
        cpu == null ? 0 : quota(cpu),
        cpu == null ? 0 : CPU_PERIOD,
        share == null
            ? 0
            : Math.max(
                FEWEST_SHARES, Quantity.whole(share.multiply(BigDecimal.valueOf(SHARES_PER_CPU)))),
        0);
  }

  private static long quota(BigDecimal cpu) {
    return cpu.signum() == 0
        ? 0
        : Math.max(SMALLEST_QUOTA, Quantity.whole(cpu.multiply(BigDecimal.valueOf(CPU_PERIOD))));
  }

  private static Map<String, BigDecimal> quantities(FieldReader resources, String key) {
    Map<String, BigDecimal> quantities = new HashMap<>();
    FieldReader object = resources.object(key);
    if (object == null) {
      return quantities;
    }
    for (String resource : object.mapping().entries().keySet()) {
      switch (resource) {
        case "cpu", "memory" -> {
          BigDecimal quantity = quantity(object, resource);
          if (quantity != null) {
            quantities.put(resource, quantity);
          }
        }
        // Enforced by eviction, which happens in a cluster only.
        case "ephemeral-storage" -> {}
        default ->
            object.error(
                FieldError.notImplemented(
                    object.field(resource),
                    "portcullis run does not support this resource; remove it"));
      }
    }
    return quantities;
  }

  private static @Nullable BigDecimal quantity(FieldReader object, String key) {
    String text =
        object.mapping().present(key) instanceof Value.Numeral numeral
            ? numeral.literal()
            : object.text(key);
    BigDecimal quantity = text == null ? null : Quantity.parse(text);
    if (text != null && (quantity == null || quantity.signum() < 0)) {
      object.error(
          FieldError.invalid(object.field(key), text, "must be a quantity, such as 500m or 64Mi"));
      return null;
    }
    return quantity;
  }

  /// The ports of a container that are to be seen from the node.
  static List<SandboxSpec.PortMapping> ports(FieldReader container) {
    List<SandboxSpec.PortMapping> ports = new ArrayList<>();
    for (FieldReader port : container.objects("ports")) {
      SupportedFields.PORT.check(port);
      Integer inside = portNumber(port, "containerPort");
      Integer outside = portNumber(port, "hostPort");
      String protocol = port.text("protocol");
      String address = port.text("hostIP");
      SandboxSpec.Protocol known =
          switch (protocol == null ? "TCP" : protocol) {
            case "TCP", "" -> SandboxSpec.Protocol.TCP;
            case "UDP" -> SandboxSpec.Protocol.UDP;
            case "SCTP" -> SandboxSpec.Protocol.SCTP;
            default -> {
              port.error(
                  FieldError.notSupported(
                      port.field("protocol"),
                      protocol == null ? "" : protocol,
                      List.of("SCTP", "TCP", "UDP")));
              yield SandboxSpec.Protocol.TCP;
            }
          };
      if (inside == null) {
        port.error(FieldError.required(port.field("containerPort"), ""));
      } else {
        ports.add(
            new SandboxSpec.PortMapping(
                known, inside, outside == null ? 0 : outside, address == null ? "" : address));
      }
    }
    return ports;
  }

  private static @Nullable Integer portNumber(FieldReader port, String key) {
    Long number = port.integer(key);
    if (number == null || (number == 0 && key.equals("hostPort"))) {
      return null;
    }
    if (number < 1 || number > 65535) {
      port.error(
          FieldError.invalid(port.field(key), number.toString(), "must be between 1 and 65535"));
      return null;
    }
    return number.intValue();
  }
}

package dev.portcullis.run.pod;

import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.ObjectNames;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the plan for running a pod that was admitted.
public final class PodPlanReader {
  /// What a container gets to end in, where its pod does not say: a try-out should end soon.
  /// (Kubernetes gives 30 seconds.)
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

  private static final long LONGEST_GRACE = 3600;

  /// Characters that are put after a name, as many as Kubernetes' `generateName` puts there.
  private static final int SUFFIX = 5;

  private final ObjectIndex objects;
  private final String nodeName;
  private final RunLeniency leniency;

  /// One that leaves nothing out.
  ///
  /// @param objects what stands in the same files
  /// @param nodeName this machine's name
  public PodPlanReader(ObjectIndex objects, String nodeName) {
    this(objects, nodeName, RunLeniency.NONE);
  }

  /// @param objects what stands in the same files
  /// @param nodeName this machine's name
  public PodPlanReader(ObjectIndex objects, String nodeName, RunLeniency leniency) {
    this.objects = objects;
    this.nodeName = nodeName;
    this.leniency = leniency;
  }

  /// What came of reading a pod.
  public sealed interface Planned {}

  /// A pod that can be run.
  ///
  /// @param omissions what it is run without
  public record Plan(PodPlan plan, List<Omission> omissions) implements Planned {
    public Plan {
      omissions = List.copyOf(omissions);
    }
  }

  /// A pod that cannot be run here as its manifest says.
  public record Refused(List<FieldError> errors) implements Planned {
    public Refused {
      errors = List.copyOf(errors);
    }
  }

  /// The plan for a pod, or what keeps it from being run here.
  ///
  /// @param judgement of a pod that was admitted
  /// @param source the file that it came from
  /// @param uid the pod's
  public Planned read(Judgement judgement, String source, String uid) {
    List<FieldError> errors = new ArrayList<>();
    Omissions omissions = new Omissions(leniency.omits());
    FieldReader root = new FieldReader("", judgement.pod().object().manifest(), errors);
    FieldReader spec =
        new FieldReader(judgement.pod().spec().path(), judgement.pod().spec().manifest(), errors);
    SupportedFields.POD.check(spec, omissions);
    if (judgement.pod().spec().windows()) {
      errors.add(
          FieldError.notImplemented(
              spec.field("os").child("name"), "a Windows pod cannot run on Linux"));
    }
    FieldReader security = spec.object("securityContext");
    if (security != null) {
      SupportedFields.POD_SECURITY.check(security, omissions);
      RightsReader.requireUsual(security);
    }
    PodPlan.Identity identity = identity(judgement, root, source, uid);
    PodFields fields = new PodFields(identity, nodeName);
    VolumeReader volumes = new VolumeReader(objects, fields, omissions, leniency.emptyClaims());
    volumes.read(spec);
    if (isStatefulSet(judgement)) {
      FieldReader set = root.object("spec");
      if (set != null) {
        volumes.readClaimTemplates(set);
      }
    }
    ContainerPlanReader reader =
        new ContainerPlanReader(
            security,
            new EnvironmentReader(objects, fields, omissions),
            volumes.names(),
            omissions);
    List<ContainerPlan> init = new ArrayList<>();
    List<ContainerPlan> containers = new ArrayList<>();
    for (ContainerDecision decision : judgement.containers()) {
      Admitted container = admitted(decision);
      switch (container.container().kind()) {
        case INIT -> init.add(reader.read(container, errors));
        case REGULAR -> containers.add(reader.read(container, errors));
        // Refused or left out with its list by the check of the spec's fields.
        case EPHEMERAL -> {}
      }
    }
    PodPlan.Shape shape = shape(judgement, identity.name(), spec, security);
    return errors.isEmpty()
        ? new Plan(
            new PodPlan(identity, shape, volumes.volumes(), init, containers), omissions.all())
        // What is the pod's is read again for each container.
        : new Refused(errors.stream().distinct().toList());
  }

  private static boolean isStatefulSet(Judgement judgement) {
    return judgement.pod().isOfKnownKind()
        && judgement.pod().identity().kind().equals("StatefulSet");
  }

  private static Admitted admitted(ContainerDecision decision) {
    return switch (decision) {
      case Admitted admitted -> admitted;
      case InvalidPod _, ContainerDecision.Refused _, Undecided _, Unusable _ ->
          throw new IllegalArgumentException(
              decision.container().name() + " may not run, and was to be planned");
    };
  }

  private static PodPlan.Identity identity(
      Judgement judgement, FieldReader root, String source, String uid) {
    FieldReader metadata = holder(judgement.pod(), root).object("metadata");
    return new PodPlan.Identity(
        source,
        judgement.namespace(),
        name(judgement, root, uid),
        uid,
        new PodPlan.Metadata(
            metadata == null ? Map.of() : metadata.textMap("labels"),
            metadata == null ? Map.of() : metadata.textMap("annotations")),
        judgement.pod().spec().serviceAccount());
  }

  /// The object that has the pod's `metadata` and `spec`: itself, or a template in it.
  private static FieldReader holder(Pod pod, FieldReader root) {
    String path = pod.spec().path();
    FieldReader holder = root;
    for (String step : path.substring(0, path.length() - "spec".length()).split("\\.")) {
      FieldReader inner = step.isEmpty() ? null : holder.object(step);
      holder = inner == null ? holder : inner;
    }
    return holder;
  }

  /// Its own, or such a name as a controller would give to the first pod that it makes.
  private static String name(Judgement judgement, FieldReader root, String uid) {
    String name = judgement.pod().identity().name();
    FieldReader metadata = root.object("metadata");
    boolean generated = metadata != null && metadata.text("name") == null;
    if (!judgement.pod().isTemplate()) {
      return generated ? name + suffix(uid) : name;
    }
    return name + (name.endsWith("-") ? "" : "-") + (isStatefulSet(judgement) ? "0" : suffix(uid));
  }

  private static String suffix(String uid) {
    return uid.substring(0, SUFFIX);
  }

  private PodPlan.Shape shape(
      Judgement judgement, String name, FieldReader spec, @Nullable FieldReader security) {
    String runtimeClass = spec.text("runtimeClassName");
    return new PodPlan.Shape(
        runtimeClass == null ? "" : objects.handler(runtimeClass),
        network(name, spec),
        isolation(judgement, spec),
        security == null ? null : RightsReader.id(security, "fsGroup"),
        grace(spec));
  }

  private static SandboxSpec.Network network(String name, FieldReader spec) {
    boolean host = Boolean.TRUE.equals(spec.truth("hostNetwork"));
    String hostname = spec.text("hostname");
    if (hostname != null && !hostname.isEmpty() && !ObjectNames.isLabel(hostname)) {
      spec.error(FieldError.invalid(spec.field("hostname"), hostname, ObjectNames.LABEL));
    }
    List<SandboxSpec.PortMapping> ports = new ArrayList<>();
    for (FieldReader container : spec.objects(Container.Kind.REGULAR.list())) {
      ports.addAll(ContainerPlanReader.ports(container));
    }
    return new SandboxSpec.Network(
        host,
        // On the node's network a pod has the node's name.
        host ? "" : hostname == null || hostname.isEmpty() ? firstLabel(name) : hostname,
        host ? List.of() : ports);
  }

  /// A host name has at most 63 characters and no dots (`truncatePodHostnameIfNeeded` of kubelet).
  private static String firstLabel(String name) {
    String label = name.length() > 63 ? name.substring(0, 63) : name;
    while (label.endsWith("-") || label.endsWith(".")) {
      label = label.substring(0, label.length() - 1);
    }
    return label;
  }

  private static SandboxSpec.Isolation isolation(Judgement judgement, FieldReader spec) {
    boolean hostPid = Boolean.TRUE.equals(spec.truth("hostPID"));
    boolean shared = Boolean.TRUE.equals(spec.truth("shareProcessNamespace"));
    if (hostPid && shared) {
      spec.error(
          FieldError.forbidden(
              spec.field("shareProcessNamespace"),
              "hostPID already shares the processes of the whole node"));
    }
    return new SandboxSpec.Isolation(
        hostPid
            ? SandboxSpec.Processes.HOST
            : shared ? SandboxSpec.Processes.POD : SandboxSpec.Processes.OWN,
        Boolean.TRUE.equals(spec.truth("hostIPC")),
        judgement.containers().stream().anyMatch(it -> it.container().privileged()),
        null,
        null);
  }

  private static Duration grace(FieldReader spec) {
    Long seconds = spec.integer("terminationGracePeriodSeconds");
    if (seconds == null) {
      return DEFAULT_GRACE;
    }
    if (seconds < 0 || seconds > LONGEST_GRACE) {
      spec.error(
          FieldError.invalid(
              spec.field("terminationGracePeriodSeconds"),
              seconds.toString(),
              "must be between 0 and " + LONGEST_GRACE));
      return DEFAULT_GRACE;
    }
    return Duration.ofSeconds(seconds);
  }
}

package dev.portcullis.run.pod;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which fields of an object are acted upon, and which may stand there because they change nothing
/// about how a pod runs on one machine. Every other field is refused by its name: to pass over it
/// in silence would be to run another pod than the one that was asked for.
///
/// @param used acted upon
/// @param harmless about scheduling, priority, credentials, or what a restart would do
/// @param omittable those without which the pod can run all the same, each with what it is like
///   then; never one that limits what a container may do
record SupportedFields(Set<String> used, Set<String> harmless, Map<String, String> omittable) {

  private SupportedFields(Set<String> used, Set<String> harmless) {
    this(used, harmless, Map.of());
  }

  /// Fields that ask for something by `false` (a user namespace) or by `{}` (a volume's source).
  private static final Set<String> ASKING = Set.of("hostUsers", "csi", "image", "nfs");

  private static final String NO_DOMAIN = "the host name has no domain";
  private static final String NO_INPUT = "its standard input is empty";
  private static final String NO_PROBES = "nothing probes the container";

  static final SupportedFields POD =
      new SupportedFields(
          Set.of(
              "containers",
              "initContainers",
              "volumes",
              "securityContext",
              "hostNetwork",
              "hostPID",
              "hostIPC",
              "hostname",
              "shareProcessNamespace",
              "runtimeClassName",
              "terminationGracePeriodSeconds",
              "serviceAccountName",
              "serviceAccount"),
          Set.of(
              "affinity",
              "automountServiceAccountToken",
              "dnsPolicy",
              "enableServiceLinks",
              "imagePullSecrets",
              "nodeName",
              "nodeSelector",
              "os",
              "preemptionPolicy",
              "priority",
              "priorityClassName",
              "readinessGates",
              "restartPolicy",
              "schedulerName",
              "tolerations",
              "topologySpreadConstraints"),
          Map.of(
              "activeDeadlineSeconds", "no deadline ends the pod; see --for",
              "dnsConfig", "the pod has the resolver of its runtime",
              "ephemeralContainers", "they are not started",
              "hostAliases", "/etc/hosts has no such names",
              "overhead", "nothing is added to the limits of the pod",
              "schedulingGates", "the pod starts at once",
              "setHostnameAsFQDN", NO_DOMAIN,
              "subdomain", NO_DOMAIN));

  static final SupportedFields POD_SECURITY =
      new SupportedFields(
          Set.of(
              "runAsUser",
              "runAsGroup",
              "runAsNonRoot",
              "supplementalGroups",
              "fsGroup",
              "appArmorProfile",
              "seccompProfile"),
          Set.of("fsGroupChangePolicy"),
          Map.of("sysctls", "the kernel's parameters keep their values"));

  static final SupportedFields CONTAINER =
      new SupportedFields(
          Set.of(
              "name",
              "image",
              "imagePullPolicy",
              "command",
              "args",
              "workingDir",
              "ports",
              "env",
              "envFrom",
              "resources",
              "volumeMounts",
              "restartPolicy",
              "securityContext"),
          Set.of(
              "readinessProbe",
              "resizePolicy",
              "terminationMessagePath",
              "terminationMessagePolicy"),
          Map.of(
              "lifecycle", "no hook runs",
              "livenessProbe", NO_PROBES,
              "startupProbe", NO_PROBES,
              "stdin", NO_INPUT,
              "stdinOnce", NO_INPUT,
              "tty", "it has no terminal"));

  static final SupportedFields CONTAINER_SECURITY =
      new SupportedFields(
          Set.of(
              "runAsUser",
              "runAsGroup",
              "runAsNonRoot",
              "privileged",
              "capabilities",
              "readOnlyRootFilesystem",
              "allowPrivilegeEscalation",
              "procMount",
              "appArmorProfile",
              "seccompProfile"),
          Set.of());

  static final SupportedFields CAPABILITIES = new SupportedFields(Set.of("add", "drop"), Set.of());

  static final SupportedFields RESOURCES =
      new SupportedFields(Set.of("limits", "requests"), Set.of());

  static final SupportedFields PORT =
      new SupportedFields(
          Set.of("containerPort", "hostPort", "hostIP", "protocol"), Set.of("name"));

  static final SupportedFields VOLUME_MOUNT =
      new SupportedFields(
          Set.of("name", "mountPath", "readOnly", "subPath"),
          Set.of(),
          Map.of("mountPropagation", "later mounts are not propagated"));

  /// Of which a volume has one.
  static final List<String> VOLUME_SOURCES =
      List.of(
          "emptyDir",
          "hostPath",
          "configMap",
          "secret",
          "downwardAPI",
          "projected",
          "persistentVolumeClaim",
          "ephemeral");

  static final SupportedFields VOLUME =
      new SupportedFields(
          Stream.concat(Stream.of("name"), VOLUME_SOURCES.stream())
              .collect(Collectors.toUnmodifiableSet()),
          Set.of());

  static final SupportedFields EMPTY_DIR =
      new SupportedFields(
          Set.of("medium"), Set.of(), Map.of("sizeLimit", "the size of the volume has no limit"));

  static final SupportedFields DOWNWARD_API =
      new SupportedFields(Set.of("items", "defaultMode"), Set.of());

  static final SupportedFields DOWNWARD_FILE =
      new SupportedFields(
          Set.of("path", "mode", "fieldRef"),
          Set.of(),
          Map.of("resourceFieldRef", "the file is missing"));

  static final SupportedFields PROJECTED =
      new SupportedFields(Set.of("sources", "defaultMode"), Set.of());

  static final SupportedFields PROJECTED_SOURCE =
      new SupportedFields(
          Set.of("configMap", "secret", "downwardAPI", "serviceAccountToken"), Set.of());

  static final SupportedFields PROJECTED_OBJECT =
      new SupportedFields(Set.of("name", "items", "optional"), Set.of());

  static final SupportedFields TOKEN =
      new SupportedFields(Set.of("path", "audience", "expirationSeconds"), Set.of());

  static final SupportedFields HOST_PATH = new SupportedFields(Set.of("path", "type"), Set.of());

  static final SupportedFields CONFIG_MAP =
      new SupportedFields(Set.of("name", "items", "defaultMode", "optional"), Set.of());

  static final SupportedFields SECRET =
      new SupportedFields(Set.of("secretName", "items", "defaultMode", "optional"), Set.of());

  static final SupportedFields ITEM = new SupportedFields(Set.of("key", "path", "mode"), Set.of());

  static final SupportedFields VARIABLE =
      new SupportedFields(Set.of("name", "value", "valueFrom"), Set.of());

  static final SupportedFields VARIABLE_SOURCE =
      new SupportedFields(
          Set.of("fieldRef", "configMapKeyRef", "secretKeyRef"),
          Set.of(),
          Map.of("resourceFieldRef", EnvironmentReader.UNSET));

  static final SupportedFields VARIABLES_SOURCE =
      new SupportedFields(Set.of("prefix", "configMapRef", "secretRef"), Set.of());

  /// Notes every field that is none of them. A field that is set to what it is anyway - `false`,
  /// nothing, an empty list - asks for nothing and may stand.
  ///
  /// @param omissions get what can be left out
  void check(FieldReader object, Omissions omissions) {
    for (var entry : object.mapping().entries().entrySet()) {
      String key = entry.getKey();
      if (used.contains(key)
          || harmless.contains(key)
          || (asksNothing(entry.getValue().value()) && !ASKING.contains(key))) {
        continue;
      }
      String effect = omittable.get(key);
      if (effect != null) {
        omissions.add(object, object.field(key), effect);
        continue;
      }
      List<String> known = new ArrayList<>(used);
      known.addAll(harmless);
      known.addAll(omittable.keySet());
      String nearest = NearestName.of(key, known);
      object.error(
          FieldError.notImplemented(
              object.field(key),
              Omissions.UNSUPPORTED
                  + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?")
                  + ". Remove it, or run the pod in a cluster"));
    }
  }

  /// The same for an object of which nothing can be left out.
  void check(FieldReader object) {
    if (!omittable.isEmpty()) {
      throw new IllegalArgumentException("fields of this object can be left out");
    }
    check(object, new Omissions(false));
  }

  private static boolean asksNothing(Value value) {
    return switch (value) {
      case Value.Null _ -> true;
      case Value.Truth(_, boolean truth) -> !truth;
      case Sequence sequence -> sequence.items().isEmpty();
      case Mapping mapping -> mapping.entries().isEmpty();
      case Value.Text(_, String text) -> text.isEmpty();
      case Value.Numeral _ -> false;
    };
  }
}

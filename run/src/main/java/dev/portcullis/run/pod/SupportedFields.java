package dev.portcullis.run.pod;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which fields of an object are acted upon, and which may stand there because they change nothing
/// about how a pod runs on one machine. Every other field is refused by its name: to pass over it
/// in silence would be to run another pod than the one that was asked for.
///
/// @param used acted upon
/// @param harmless about scheduling, priority, credentials, or what a restart would do
record SupportedFields(Set<String> used, Set<String> harmless) {

  /// Fields that ask for something by `false` (a user namespace) or by `{}` (a volume's source).
  private static final Set<String> ASKING =
      Set.of(
          "hostUsers",
          "csi",
          "downwardAPI",
          "ephemeral",
          "image",
          "nfs",
          "persistentVolumeClaim",
          "projected");

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
              "topologySpreadConstraints"));

  static final SupportedFields POD_SECURITY =
      new SupportedFields(
          Set.of("runAsUser", "runAsGroup", "runAsNonRoot", "supplementalGroups", "seccompProfile"),
          Set.of("fsGroupChangePolicy"));

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
              "securityContext"),
          Set.of("readinessProbe", "terminationMessagePath", "terminationMessagePolicy"));

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
              "seccompProfile"),
          Set.of());

  static final SupportedFields CAPABILITIES = new SupportedFields(Set.of("add", "drop"), Set.of());

  static final SupportedFields RESOURCES =
      new SupportedFields(Set.of("limits", "requests"), Set.of());

  static final SupportedFields PORT =
      new SupportedFields(
          Set.of("containerPort", "hostPort", "hostIP", "protocol"), Set.of("name"));

  static final SupportedFields VOLUME_MOUNT =
      new SupportedFields(Set.of("name", "mountPath", "readOnly", "subPath"), Set.of());

  static final SupportedFields VOLUME =
      new SupportedFields(Set.of("name", "emptyDir", "hostPath", "configMap", "secret"), Set.of());

  static final SupportedFields EMPTY_DIR = new SupportedFields(Set.of("medium"), Set.of());

  static final SupportedFields HOST_PATH = new SupportedFields(Set.of("path", "type"), Set.of());

  static final SupportedFields CONFIG_MAP =
      new SupportedFields(Set.of("name", "items", "defaultMode", "optional"), Set.of());

  static final SupportedFields SECRET =
      new SupportedFields(Set.of("secretName", "items", "defaultMode", "optional"), Set.of());

  static final SupportedFields ITEM = new SupportedFields(Set.of("key", "path", "mode"), Set.of());

  static final SupportedFields VARIABLE =
      new SupportedFields(Set.of("name", "value", "valueFrom"), Set.of());

  static final SupportedFields VARIABLE_SOURCE =
      new SupportedFields(Set.of("fieldRef", "configMapKeyRef", "secretKeyRef"), Set.of());

  static final SupportedFields VARIABLES_SOURCE =
      new SupportedFields(Set.of("prefix", "configMapRef", "secretRef"), Set.of());

  /// Notes every field that is neither. A field that is set to what it is anyway - `false`,
  /// nothing, an empty list - asks for nothing and may stand.
  void check(FieldReader object) {
    for (var entry : object.mapping().entries().entrySet()) {
      String key = entry.getKey();
      if (used.contains(key)
          || harmless.contains(key)
          || (asksNothing(entry.getValue().value()) && !ASKING.contains(key))) {
        continue;
      }
      List<String> known = new ArrayList<>(used);
      known.addAll(harmless);
      String nearest = NearestName.of(key, known);
      object.error(
          FieldError.notImplemented(
              object.field(key),
              "portcullis run does not support this field"
                  + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?")
                  + ". Remove it, or run the pod in a cluster"));
    }
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

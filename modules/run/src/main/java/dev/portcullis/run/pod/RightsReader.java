package dev.portcullis.run.pod;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads what a container may do from its security context and its pod's. What the profile is, and
/// whether the container is privileged, is not read here: the one reader of pods has done it.
final class RightsReader {
  private RightsReader() {}

  /// @param pod the pod's security context; null where it has none
  /// @param container the container's; null where it has none
  static ContainerPlan.Rights read(@Nullable FieldReader pod, @Nullable FieldReader container) {
    if (container != null) {
      SupportedFields.CONTAINER_SECURITY.check(container);
      requireUsual(container);
    }
    Long uid = first("runAsUser", container, pod);
    Long gid = first("runAsGroup", container, pod);
    Boolean nonRoot = container == null ? null : container.truth("runAsNonRoot");
    if (nonRoot == null && pod != null) {
      nonRoot = pod.truth("runAsNonRoot");
    }
    Boolean escalation = container == null ? null : container.truth("allowPrivilegeEscalation");
    FieldReader context = container != null && container.has("runAsGroup") ? container : pod;
    if (context != null && gid != null && uid == null) {
      context.error(
          FieldError.required(
              new FieldPath(context.path("runAsUser"), context.at("runAsGroup")),
              "runAsGroup requires runAsUser"));
    }
    return new ContainerPlan.Rights(
        new ContainerSpec.User(uid, gid, supplementalGroups(pod)),
        capabilities(container),
        container != null && Boolean.TRUE.equals(container.truth("readOnlyRootFilesystem")),
        Boolean.FALSE.equals(escalation),
        Boolean.TRUE.equals(nonRoot));
  }

  private static @Nullable Long first(
      String key, @Nullable FieldReader container, @Nullable FieldReader pod) {
    Long own = container == null ? null : id(container, key);
    return own != null || pod == null ? own : id(pod, key);
  }

  /// What a runtime does by itself may be written out; what limits or widens it is not supported.
  ///
  /// @param context a security context, of a pod or of a container
  static void requireUsual(FieldReader context) {
    FieldReader profile = context.object("appArmorProfile");
    if (profile != null && !"RuntimeDefault".equals(profile.text("type"))) {
      context.error(
          FieldError.notImplemented(
              context.field("appArmorProfile"),
              Omissions.UNSUPPORTED + ", unless its type is RuntimeDefault"));
    }
    String mount = context.text("procMount");
    if (mount != null && !mount.equals("Default")) {
      context.error(
          FieldError.notImplemented(
              context.field("procMount"), Omissions.UNSUPPORTED + ", unless it is Default"));
    }
  }

  static @Nullable Long id(FieldReader context, String key) {
    Long id = context.integer(key);
    if (id != null && (id < 0 || id > Integer.MAX_VALUE)) {
      context.error(
          FieldError.invalid(
              context.field(key), id.toString(), "must be between 0 and " + Integer.MAX_VALUE));
      return null;
    }
    return id;
  }

  /// As a kubelet has them: the group that owns the volumes is one of them.
  private static List<Long> supplementalGroups(@Nullable FieldReader pod) {
    List<Long> groups = new ArrayList<>();
    if (pod != null) {
      for (Value item : pod.items("supplementalGroups")) {
        if (item instanceof Value.Numeral numeral && numeral.literal().matches("[0-9]{1,9}")) {
          groups.add(Long.valueOf(numeral.literal()));
        } else {
          pod.error(
              FieldError.typeInvalid(
                  new FieldPath(pod.path("supplementalGroups"), item.at()),
                  "must be a list of group numbers"));
        }
      }
      Long owner = id(pod, "fsGroup");
      if (owner != null && !groups.contains(owner)) {
        groups.add(owner);
      }
    }
    return groups;
  }

  private static ContainerSpec.Capabilities capabilities(@Nullable FieldReader container) {
    FieldReader capabilities = container == null ? null : container.object("capabilities");
    if (capabilities == null) {
      return ContainerSpec.Capabilities.DEFAULT;
    }
    SupportedFields.CAPABILITIES.check(capabilities);
    return new ContainerSpec.Capabilities(
        names(capabilities.texts("add")), names(capabilities.texts("drop")));
  }

  /// As CRI has them: of a name with `CAP_` containerd would make `CAP_CAP_...`, and nothing be
  /// added or dropped. A kubelet passes such a name on.
  private static List<String> names(List<String> written) {
    return written.stream()
        .map(name -> name.toUpperCase(Locale.ROOT))
        .map(name -> name.startsWith("CAP_") ? name.substring("CAP_".length()) : name)
        .toList();
  }
}

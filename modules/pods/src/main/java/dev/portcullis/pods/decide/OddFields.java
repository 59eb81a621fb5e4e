package dev.portcullis.pods.decide;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.decide.Warning.Kind;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields about seccomp that stand where Kubernetes does not look, or under a name that it does not
/// know: it drops them, and the pod would quietly get the default.
public final class OddFields {
  private static final String CONTEXT = "securityContext";
  private static final String PROFILE = "seccompProfile";

  /// The fields of `SecurityContext` and of `PodSecurityContext` in Kubernetes 1.36: anyone who
  /// writes one of them means it.
  private static final Set<String> CONTEXT_FIELDS =
      Set.of(
          "allowPrivilegeEscalation",
          "appArmorProfile",
          "capabilities",
          "fsGroup",
          "fsGroupChangePolicy",
          "privileged",
          "procMount",
          "readOnlyRootFilesystem",
          "runAsGroup",
          "runAsNonRoot",
          "runAsUser",
          "seLinuxChangePolicy",
          "seLinuxOptions",
          PROFILE,
          "supplementalGroups",
          "supplementalGroupsPolicy",
          "sysctls",
          "windowsOptions");

  private static final List<String> PROFILE_FIELDS = List.of("type", "localhostProfile");

  private final Pod pod;
  private final List<Warning> warnings = new ArrayList<>();

  private OddFields(Pod pod) {
    this.pod = pod;
  }

  /// What is odd in a pod, or around its template.
  public static List<Warning> of(Pod pod) {
    OddFields all = new OddFields(pod);
    all.aroundTheSpec();
    all.owner(pod.spec().manifest(), pod.spec().path());
    for (Container container : pod.spec().containers()) {
      all.owner(container.manifest(), container.path());
    }
    return all.warnings;
  }

  private void add(Kind kind, Position at, String text) {
    warnings.add(new Warning(kind, at, text));
  }

  /// The objects around the spec: of a Deployment the Deployment itself, its spec and the template.
  /// An object of another kind may have a security context of its own.
  private void aroundTheSpec() {
    Mapping holder = pod.object().manifest();
    String path = "";
    for (String step : pod.spec().path().split("\\.")) {
      if (pod.isOfKnownKind() || (path + ".spec").equals(pod.spec().path())) {
        outside(holder, path, CONTEXT);
        outside(holder, path, PROFILE);
      }
      if (!(holder.present(step) instanceof Mapping inner)) {
        return;
      }
      holder = inner;
      path = path.isEmpty() ? step : path + "." + step;
    }
  }

  private void outside(Mapping holder, String path, String key) {
    if (holder.present(key) != null) {
      add(
          Kind.MISPLACED_FIELD,
          holder.at(key),
          (path.isEmpty() ? key : path + "." + key)
              + ": has no effect here; move it into "
              + pod.spec().path()
              + (key.equals(PROFILE) ? "." + CONTEXT : ""));
    }
  }

  /// A pod's spec or a container, which has a security context.
  private void owner(Mapping owner, String path) {
    if (owner.get(PROFILE) != null) {
      add(
          Kind.MISPLACED_FIELD,
          owner.at(PROFILE),
          path + "." + PROFILE + ": has no effect here; move it into " + CONTEXT);
    }
    owner.entries().keySet().stream()
        .filter(key -> !key.equals(CONTEXT) && NearestName.of(key, List.of(CONTEXT)) != null)
        .forEach(key -> unknown(owner, path, key, CONTEXT));
    if (owner.present(CONTEXT) instanceof Mapping context) {
      context(context, path + "." + CONTEXT);
    }
  }

  private void context(Mapping context, String path) {
    for (String key : context.entries().keySet()) {
      if (!CONTEXT_FIELDS.contains(key)
          && (key.toLowerCase(Locale.ROOT).contains("seccomp")
              || NearestName.of(key, List.of(PROFILE)) != null)) {
        unknown(context, path, key, PROFILE);
      }
    }
    if (context.present(PROFILE) instanceof Mapping profile) {
      for (String key : profile.entries().keySet()) {
        if (!PROFILE_FIELDS.contains(key)) {
          unknown(profile, path + "." + PROFILE, key, NearestName.of(key, PROFILE_FIELDS));
        }
      }
    }
  }

  private void unknown(Mapping holder, String path, String key, @Nullable String meant) {
    add(
        Kind.UNKNOWN_FIELD,
        holder.at(key),
        path
            + ": unknown field "
            + GoQuote.quote(key)
            + (meant == null ? "" : "; did you mean \"" + meant + "\"?"));
  }
}

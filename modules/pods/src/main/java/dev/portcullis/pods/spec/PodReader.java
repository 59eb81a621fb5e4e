package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The one reader of pods. Code that needs to know what a pod says about seccomp asks it; a second
/// reader that saw another pod would be a way around the first.
public final class PodReader {
  private static final Mapping NOTHING = new Mapping(Position.NONE, Map.of());

  private final KubernetesObject object;
  private final String template;
  private final List<FieldError> errors = new ArrayList<>();
  private final List<Annotation> runtimeAnnotations = new ArrayList<>();
  private final List<Annotation> strays = new ArrayList<>();
  private final List<Annotation> ofWorkload = new ArrayList<>();

  private PodReader(KubernetesObject object, String template) {
    this.object = object;
    this.template = template;
  }

  /// The pod that an object is or holds; null where its kind holds none.
  public static @Nullable Pod read(KubernetesObject object) {
    String template = PodKinds.template(object);
    return template == null ? null : new PodReader(object, template).read();
  }

  /// The pods that an object of any other kind seems to hold: what has the shape of a template, as
  /// in an Argo Rollout. Names that its controller may give to containers are not required.
  public static List<Pod> readByShape(KubernetesObject object) {
    return PodKinds.templatesByShape(object).stream()
        .map(template -> new PodReader(object, template).read())
        .map(pod ->
            pod.withErrors(pod.errors().stream().filter(PodReader::isNoMissingName).toList()))
        .toList();
  }

  /// What is wrong with an object that holds a pod but for the case of its kind; null where it is
  /// none such. Kubernetes does not know it.
  public static @Nullable FieldError misspeltKind(KubernetesObject object) {
    String meant = PodKinds.similar(object);
    return meant == null
        ? null
        : FieldError.invalid(
            new FieldPath("kind", object.at()),
            object.kind(),
            "there is no such kind; did you mean " + meant + "?");
  }

  private static boolean isNoMissingName(FieldError error) {
    return error.kind() != FieldError.Kind.REQUIRED || !error.field().endsWith(".name");
  }

  private Pod read() {
    FieldReader root = new FieldReader("", object.manifest(), errors);
    Pod.Identity identity = identity(root);
    FieldReader holder = root;
    for (String step : template.isEmpty() ? new String[0] : template.split("\\.")) {
      besideTemplate(holder);
      holder = required(holder, step);
    }
    Map<String, Annotation> annotations = annotations(holder);
    Pod.Spec spec = spec(holder);
    Pod pod =
        new Pod(
            object, identity, annotations, runtimeAnnotations, strays, ofWorkload, spec, List.of());
    errors.addAll(SeccompValidation.errors(pod));
    return pod.withErrors(errors);
  }

  private Pod.Identity identity(FieldReader root) {
    FieldReader metadata = required(root, "metadata");
    String namespace = metadata.text("namespace");
    if (namespace != null && namespace.isEmpty()) {
      namespace = null;
    }
    if (namespace != null && !ObjectNames.isLabel(namespace)) {
      metadata.error(FieldError.invalid(metadata.field("namespace"), namespace, ObjectNames.LABEL));
    }
    String name = metadata.text("name");
    if (name == null || name.isEmpty()) {
      String generateName = metadata.text("generateName");
      if (generateName == null || generateName.isEmpty()) {
        metadata.error(
            FieldError.required(metadata.field("name"), "name or generateName is required"));
        generateName = "";
      }
      name = generateName;
    } else if (!ObjectNames.isSubdomain(name)) {
      metadata.error(FieldError.invalid(metadata.field("name"), name, ObjectNames.SUBDOMAIN));
    }
    return new Pod.Identity(object.kind(), namespace, name);
  }

  private Map<String, Annotation> annotations(FieldReader holder) {
    Map<String, Annotation> seccomp = new LinkedHashMap<>();
    FieldReader metadata = holder.object("metadata");
    if (metadata == null) {
      return seccomp;
    }
    // Where it stands; Kubernetes itself leaves `metadata` out of this path for a template.
    String path = (template.isEmpty() ? "" : template + ".") + "metadata.annotations";
    FieldReader written = metadata.object("annotations");
    if (written == null) {
      return seccomp;
    }
    Map<String, String> all = metadata.textMap("annotations");
    all.forEach((key, value) -> {
      String problem = ObjectNames.annotationKeyProblem(key);
      if (problem != null) {
        written.error(FieldError.invalid(new FieldPath(path, written.at(key)), key, problem));
      }
      Annotation annotation =
          new Annotation(new FieldPath(path + "." + key, written.at(key)), key, value);
      if (key.equals(SeccompKeys.POD) || key.startsWith(SeccompKeys.CONTAINER_PREFIX)) {
        seccomp.put(key, annotation);
      } else if (RuntimeAnnotation.of(key) != null) {
        runtimeAnnotations.add(annotation);
      } else if (SimilarKey.is(key)) {
        strays.add(annotation);
      }
    });
    return seccomp;
  }

  /// Notes the annotations of an object around the template. They are none of the pod's, so they
  /// may have any type.
  private void besideTemplate(FieldReader holder) {
    if (holder.mapping().present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping written) {
      String path = holder.path("metadata") + ".annotations.";
      written
          .entries()
          .forEach((key, entry) -> {
            if (SimilarKey.is(key)) {
              String value = entry.value() instanceof Value.Text text ? text.value() : "";
              ofWorkload.add(new Annotation(new FieldPath(path + key, entry.keyAt()), key, value));
            }
          });
    }
  }

  private Pod.Spec spec(FieldReader holder) {
    FieldReader spec = required(holder, "spec");
    FieldReader os = spec.object("os");
    boolean windows = os != null && "windows".equals(os.text("name"));
    FieldReader context = spec.object("securityContext");
    List<Container> containers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Container.Kind kind : Container.Kind.values()) {
      for (FieldReader container : spec.objects(kind.list())) {
        containers.add(container(container, kind, names));
      }
    }
    if (spec.items(Container.Kind.REGULAR.list()).isEmpty()) {
      spec.error(FieldError.required(spec.field("containers"), "a pod needs a container"));
    }
    return new Pod.Spec(
        spec.path(),
        serviceAccount(spec),
        windows,
        context == null ? null : seccomp(context),
        containers,
        spec.mapping());
  }

  private static String serviceAccount(FieldReader spec) {
    String name = spec.text("serviceAccountName");
    if (name == null || name.isEmpty()) {
      // The field's old name, which the API server still takes.
      name = spec.text("serviceAccount");
    }
    return name == null || name.isEmpty() ? "default" : name;
  }

  private static Container container(
      FieldReader container, Container.Kind kind, Set<String> names) {
    String name = container.text("name");
    if (name == null || name.isEmpty()) {
      container.error(FieldError.required(container.field("name"), ""));
      name = "";
    } else if (!ObjectNames.isLabel(name)) {
      container.error(FieldError.invalid(container.field("name"), name, ObjectNames.LABEL));
    } else if (!names.add(name)) {
      container.error(FieldError.duplicate(container.field("name"), name));
    }
    FieldReader context = container.object("securityContext");
    return new Container(
        name,
        kind,
        container.path(),
        context == null ? Rights.OF_NOTHING : rights(context),
        context == null ? null : seccomp(context),
        container.mapping());
  }

  private static Rights rights(FieldReader context) {
    FieldReader capabilities = context.object("capabilities");
    Boolean escalation = context.truth("allowPrivilegeEscalation");
    Rights rights =
        new Rights(
            Boolean.TRUE.equals(context.truth("privileged")),
            !Boolean.FALSE.equals(escalation),
            capabilities == null ? List.of() : capabilities.texts("add"));
    // `ValidateSecurityContext` in Kubernetes' pkg/apis/core/validation, with its words. It knows
    // no other spelling, and so accepts the others.
    if (!rights.allowPrivilegeEscalation()) {
      if (rights.privileged()) {
        contradiction(context, "`privileged` to true");
      }
      if (rights.added().contains("CAP_SYS_ADMIN")) {
        contradiction(context, "`capabilities.Add` CAP_SYS_ADMIN");
      }
    }
    return rights;
  }

  private static void contradiction(FieldReader context, String with) {
    context.error(
        FieldError.invalid(
            new FieldPath(context.path(), context.at("allowPrivilegeEscalation")),
            context.mapping(),
            "cannot set `allowPrivilegeEscalation` to false and " + with));
  }

  private static @Nullable SeccompField seccomp(FieldReader context) {
    if (context.mapping().present("seccompProfile") instanceof Value.Text(_, String text)) {
      context.error(
          FieldError.typeInvalid(
              context.field("seccompProfile"),
              "must be an object, not a string; write " + SeccompField.insteadOf(text)));
      return null;
    }
    FieldReader profile = context.object("seccompProfile");
    if (profile == null) {
      return null;
    }
    String type = profile.text("type");
    return new SeccompField(
        new FieldPath(profile.path(), context.at("seccompProfile")),
        SeccompType.of(type == null ? "" : type),
        profile.text("localhostProfile"));
  }

  /// An object that must be there. Where it is not, that is the error; what it would have had to
  /// hold is not missed again, as the errors of the stand-in go nowhere.
  private static FieldReader required(FieldReader holder, String key) {
    FieldReader object = holder.object(key);
    if (object == null) {
      if (!holder.has(key)) {
        holder.error(FieldError.required(holder.field(key), ""));
      }
      return new FieldReader(holder.path(key), NOTHING, new ArrayList<>());
    }
    return object;
  }
}

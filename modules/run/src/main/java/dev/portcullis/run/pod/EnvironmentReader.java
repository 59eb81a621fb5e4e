package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.run.pod.Environment.PodAddress;
import dev.portcullis.run.pod.Environment.Source;
import dev.portcullis.run.pod.Environment.Template;
import dev.portcullis.run.pod.Environment.Variable;
import dev.portcullis.run.pod.Environment.Verbatim;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the environment of a container.
final class EnvironmentReader {
  /// What a pod is like without the source of a variable.
  static final String UNSET = "the variable is not set";

  private static final String NAME = "must be the name of a variable";

  private final ObjectIndex objects;
  private final PodFields pod;
  private final Omissions omissions;

  EnvironmentReader(ObjectIndex objects, PodFields pod, Omissions omissions) {
    this.objects = objects;
    this.pod = pod;
    this.omissions = omissions;
  }

  Environment read(FieldReader container) {
    List<Variable> variables = new ArrayList<>();
    for (FieldReader source : container.objects("envFrom")) {
      all(source, variables);
    }
    for (FieldReader variable : container.objects("env")) {
      one(variable, variables);
    }
    return new Environment(variables);
  }

  private void all(FieldReader source, List<Variable> variables) {
    SupportedFields.VARIABLES_SOURCE.check(source);
    requireOne(source, List.of("configMapRef", "secretRef"));
    String prefix = source.text("prefix");
    for (ObjectIndex.Kind kind : ObjectIndex.Kind.values()) {
      FieldReader ref =
          source.object(kind == ObjectIndex.Kind.SECRET ? "secretRef" : "configMapRef");
      Map<String, byte[]> data = ref == null ? null : data(ref, kind);
      if (ref != null && data != null) {
        data.forEach((key, value) -> {
          String name = (prefix == null ? "" : prefix) + key;
          if (isName(name)) {
            variables.add(new Variable(name, new Verbatim(text(value))));
          } else {
            source.error(FieldError.invalid(source.field(), name, NAME));
          }
        });
      }
    }
  }

  private void one(FieldReader variable, List<Variable> variables) {
    SupportedFields.VARIABLE.check(variable);
    String name = variable.text("name");
    if (name == null || !isName(name)) {
      variable.error(FieldError.invalid(variable.field("name"), name == null ? "" : name, NAME));
      return;
    }
    FieldReader from = variable.object("valueFrom");
    String value = variable.text("value");
    Source source = from == null ? new Template(value == null ? "" : value) : from(from);
    if (from != null && value != null && !value.isEmpty()) {
      variable.error(FieldError.forbidden(variable.field("valueFrom"), "value is set already"));
    } else if (source != null) {
      variables.add(new Variable(name, source));
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && !name.contains("=") && !name.contains("\0");
  }

  /// A source that names nothing, or two things, would give a container another environment than
  /// its author meant.
  private static void requireOne(FieldReader source, List<String> keys) {
    List<String> present = keys.stream().filter(source::has).toList();
    if (present.size() != 1) {
      source.error(
          FieldError.invalid(
              source.field(),
              String.join(", ", present),
              "must have one of " + String.join(", ", keys)));
    }
  }

  private @Nullable Source from(FieldReader from) {
    SupportedFields.VARIABLE_SOURCE.check(from, omissions);
    if (from.has("resourceFieldRef")) {
      return null;
    }
    requireOne(from, List.of("fieldRef", "configMapKeyRef", "secretKeyRef"));
    FieldReader field = from.object("fieldRef");
    if (field != null) {
      return field(field);
    }
    for (ObjectIndex.Kind kind : ObjectIndex.Kind.values()) {
      FieldReader ref =
          from.object(kind == ObjectIndex.Kind.SECRET ? "secretKeyRef" : "configMapKeyRef");
      if (ref != null) {
        return key(ref, kind);
      }
    }
    return null;
  }

  private @Nullable Source key(FieldReader ref, ObjectIndex.Kind kind) {
    String key = ref.text("key");
    Map<String, byte[]> data = data(ref, kind);
    byte[] value = data == null || key == null ? null : data.get(key);
    if (value != null) {
      return new Verbatim(text(value));
    }
    if (data != null && !Boolean.TRUE.equals(ref.truth("optional"))) {
      ref.error(
          FieldError.invalid(
              ref.field("key"), key == null ? "" : key, "the object has no such key"));
    }
    return null;
  }

  private @Nullable Map<String, byte[]> data(FieldReader ref, ObjectIndex.Kind kind) {
    String name = ref.text("name");
    Map<String, byte[]> data =
        name == null ? null : objects.data(kind, pod.pod().namespace(), name);
    if (data == null && !Boolean.TRUE.equals(ref.truth("optional"))) {
      ref.error(
          VolumeFilesReader.missing(
              ref, "name", kind, pod.pod().namespace(), name == null ? "" : name));
    }
    return data;
  }

  private @Nullable Source field(FieldReader ref) {
    String path = ref.text("fieldPath");
    if (path == null) {
      ref.error(FieldError.required(ref.field("fieldPath"), ""));
      return null;
    }
    String value = pod.value(path);
    if (value != null) {
      return new Verbatim(value);
    }
    switch (path) {
      case "status.podIP", "status.podIPs" -> {
        return new PodAddress();
      }
      case "status.hostIP", "status.hostIPs" -> omissions.add(ref, ref.field("fieldPath"), UNSET);
      default ->
          ref.error(
              FieldError.invalid(
                  ref.field("fieldPath"), path, "must be " + PodFields.KNOWN + " or status.podIP"));
    }
    return null;
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}

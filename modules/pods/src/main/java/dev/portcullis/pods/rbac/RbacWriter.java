package dev.portcullis.pods.rbac;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes objects of roles and bindings.
final class RbacWriter {
  private static final String VERSION = RbacReader.GROUP + "/v1";

  private RbacWriter() {}

  static KubernetesObject role(Role role) {
    return object(
        role.key().kind(),
        metadata(role.key().namespace(), role.key().name(), role.labels()),
        "rules",
        role.rules().stream().map(RbacWriter::rule).toList(),
        null);
  }

  static KubernetesObject binding(Binding binding) {
    Mapping ref =
        new MappingBuilder()
            .put("apiGroup", RbacReader.GROUP)
            .put("kind", binding.role().kind())
            .put("name", binding.role().name())
            .build();
    return object(
        binding.kind(),
        metadata(binding.namespace(), binding.name(), Map.of()),
        "subjects",
        binding.subjects().stream().map(RbacWriter::subject).toList(),
        ref);
  }

  private static KubernetesObject object(
      String kind, Mapping metadata, String list, List<Mapping> items, @Nullable Mapping roleRef) {
    MappingBuilder object =
        new MappingBuilder().put("apiVersion", VERSION).put("kind", kind).put("metadata", metadata);
    if (roleRef != null) {
      object.put("roleRef", roleRef);
    }
    return new KubernetesObject(VERSION, kind, object.put(list, items).build());
  }

  private static Mapping metadata(
      @Nullable String namespace, String name, Map<String, String> labels) {
    MappingBuilder metadata = new MappingBuilder().put("name", name);
    if (namespace != null && !namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (!labels.isEmpty()) {
      MappingBuilder all = new MappingBuilder();
      new TreeMap<>(labels).forEach(all::put);
      metadata.put("labels", all.build());
    }
    return metadata.build();
  }

  private static Mapping rule(PolicyRule rule) {
    MappingBuilder object =
        new MappingBuilder()
            .put("apiGroups", texts(rule.apiGroups()))
            .put("resources", texts(rule.resources()));
    if (!rule.resourceNames().isEmpty()) {
      object.put("resourceNames", texts(rule.resourceNames()));
    }
    return object.put("verbs", texts(rule.verbs())).build();
  }

  private static Mapping subject(Subject subject) {
    return switch (subject.kind()) {
      case USER, GROUP ->
          new MappingBuilder()
              .put("apiGroup", RbacReader.GROUP)
              .put("kind", subject.kind().text())
              .put("name", subject.name())
              .build();
      case SERVICE_ACCOUNT -> {
        MappingBuilder account =
            new MappingBuilder().put("kind", subject.kind().text()).put("name", subject.name());
        if (!subject.namespace().isEmpty()) {
          account.put("namespace", subject.namespace());
        }
        yield account.build();
      }
    };
  }

  private static List<Value.Text> texts(List<String> texts) {
    return texts.stream().map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}

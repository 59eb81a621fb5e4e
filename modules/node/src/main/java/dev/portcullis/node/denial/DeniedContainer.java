package dev.portcullis.node.denial;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.node.truth.ContainerFacts;
import org.jspecify.annotations.Nullable;

/// A container as denials name it.
///
/// @param id as the runtime made it up
/// @param podUid null where the runtime does not report it
public record DeniedContainer(
    String id, String namespace, String pod, @Nullable String podUid, String name) {
  static DeniedContainer of(ContainerFacts facts) {
    int slash = facts.pod().indexOf('/');
    return new DeniedContainer(
        facts.id(),
        facts.pod().substring(0, Math.max(0, slash)),
        facts.pod().substring(slash + 1),
        facts.podUid(),
        facts.name());
  }

  Mapping document() {
    return new MappingBuilder()
        .put("namespace", namespace)
        .put("pod", pod)
        .put("name", name)
        .build();
  }
}

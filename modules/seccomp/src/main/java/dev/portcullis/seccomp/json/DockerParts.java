package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Condition;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Rule;

/// What Docker's format has beyond OCI's, written. A single `name` is written as `names`.
final class DockerParts {
  private DockerParts() {}

  static Mapping entry(Architectures.Entry entry) {
    return new MappingBuilder()
        .put("architecture", entry.architecture().spelling())
        .put(
            "subArchitectures",
            ProfileWriter.texts(
                entry.subArchitectures().stream().map(Architecture::spelling).toList()))
        .build();
  }

  static void add(MappingBuilder object, Rule rule) {
    condition(object, "includes", rule.guard().includes());
    condition(object, "excludes", rule.guard().excludes());
    if (!rule.guard().isEmpty() && !rule.comment().isEmpty()) {
      object.put("comment", rule.comment());
    }
  }

  private static void condition(MappingBuilder object, String field, Condition condition) {
    if (condition.isEmpty()) {
      return;
    }
    MappingBuilder parts = new MappingBuilder();
    if (!condition.capabilities().isEmpty()) {
      parts.put("caps", ProfileWriter.texts(condition.capabilities()));
    }
    if (!condition.architectures().isEmpty()) {
      parts.put("arches", ProfileWriter.texts(condition.architectures()));
    }
    KernelVersion minKernel = condition.minKernel();
    if (minKernel != null) {
      parts.put("minKernel", minKernel.toString());
    }
    object.put(field, parts.build());
  }
}

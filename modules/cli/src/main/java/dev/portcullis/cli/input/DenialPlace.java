package dev.portcullis.cli.input;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;

/// Where a call was refused.
public sealed interface DenialPlace {

  /// In a container of a pod.
  record OfContainer(String namespace, String pod, String name) implements DenialPlace {}

  /// In a process of which no pod is known.
  ///
  /// @param pid of the first of that command
  /// @param command what it calls itself
  record OfProcess(int pid, String command) implements DenialPlace {}

  /// In a process, where too many were refused something to tell them apart.
  record OfOthers() implements DenialPlace {}

  /// For people.
  default String text() {
    return switch (this) {
      case OfContainer(String namespace, String pod, String name) ->
          namespace + "/" + pod + " " + name;
      case OfProcess(int pid, String command) -> command + " (pid " + pid + ")";
      case OfOthers() -> "other processes";
    };
  }

  /// For programs.
  default Mapping document() {
    return switch (this) {
      case OfContainer(String namespace, String pod, String name) ->
          new MappingBuilder()
              .put("namespace", namespace)
              .put("pod", pod)
              .put("name", name)
              .build();
      case OfProcess(int pid, String command) ->
          new MappingBuilder().put("pid", pid).put("command", command).build();
      case OfOthers() -> new MappingBuilder().put("others", true).build();
    };
  }
}

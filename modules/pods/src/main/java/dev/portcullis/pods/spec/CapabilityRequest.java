package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a container asks for of capabilities, and over what it has them.
///
/// @param add `securityContext.capabilities.add`, as written
/// @param drop `securityContext.capabilities.drop`, as written; what is no text is left out, so
///   that nothing counts as dropped that may not be
/// @param hostUsers false where the pod has a user namespace of its own (`hostUsers: false`)
public record CapabilityRequest(List<String> add, List<String> drop, boolean hostUsers) {
  public CapabilityRequest {
    add = List.copyOf(add);
    drop = List.copyOf(drop);
  }

  /// Of a container of a pod.
  public static CapabilityRequest of(Pod pod, Container container) {
    Value capabilities = member(member(container.manifest(), "securityContext"), "capabilities");
    List<String> drop =
        member(capabilities, "drop") instanceof Sequence sequence
            ? sequence.items().stream()
                .filter(Value.Text.class::isInstance)
                .map(item -> ((Value.Text) item).value())
                .toList()
            : List.of();
    boolean own =
        member(pod.spec().manifest(), "hostUsers") instanceof Value.Truth(_, boolean host) && !host;
    return new CapabilityRequest(container.rights().added(), drop, !own);
  }

  private static @Nullable Value member(@Nullable Value of, String key) {
    return of instanceof Mapping mapping ? mapping.present(key) : null;
  }
}

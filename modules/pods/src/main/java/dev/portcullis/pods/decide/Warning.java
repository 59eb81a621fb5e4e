package dev.portcullis.pods.decide;

import dev.portcullis.documents.Position;
import java.util.Locale;

/// Something that the author of a pod should know, though it is no reason to refuse the pod.
///
/// @param at where it stands in the file; {@link Position#NONE} where it is about no one place
/// @param text what is odd and what to do, in one line; begins with the field where there is one
public record Warning(Kind kind, Position at, String text) {

  /// What is odd. `docs/names-and-resolution.md` explains each.
  public enum Kind {
    /// A Windows pod, for which there is no seccomp.
    WINDOWS_POD,
    /// An annotation for a container that the pod does not have.
    NO_SUCH_CONTAINER,
    /// An annotation that Kubernetes alone does not obey any more.
    ANNOTATION_IGNORED,
    /// A profile name in the spelling that Kubernetes gave up.
    OLD_SPELLING,
    /// An annotation whose key is not one of seccomp, but similar.
    SIMILAR_KEY,
    /// A seccomp annotation of a workload, which belongs to the template of its pods.
    ANNOTATION_OF_WORKLOAD,
    /// A field that has no effect in the object where it stands.
    MISPLACED_FIELD,
    /// A field that Kubernetes does not know, with a name similar to one that it knows.
    UNKNOWN_FIELD,
    /// A path that is probably not the one that was meant.
    ODD_PATH,
    /// A privileged container, which has no filter.
    PRIVILEGED,
    /// An annotation by which a runtime takes another filter.
    RUNTIME_ANNOTATION,
    /// A template that is taken for one by its shape alone.
    UNKNOWN_KIND,
    /// A profile that is not, or not usable, where the pod may run.
    PROFILE_NOT_THERE;

    /// The stable name in results.
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}

package dev.portcullis.cri;

import org.jspecify.annotations.Nullable;

/// What a kubelet asks the runtime for, in CRI's two forms. They can differ: kubelets from 1.19
/// fill in the message from the fields of the pod alone, and the string, up to 1.24, from its
/// annotations, too.
///
/// @param message `seccomp`; null where it is absent, as from kubelets before 1.19
/// @param path `seccomp_profile_path`: `runtime/default`, `docker/default`, `unconfined` or
///   `localhost/` and an absolute path; empty where nothing was named, as from kubelets from 1.25
///   on
public record SeccompRequest(@Nullable Message message, String path) {

  /// What is in the message.
  ///
  /// @param localhostRef the file of a profile on the node; empty for the other types
  public record Message(Type type, String localhostRef) {}

  /// The profile's type. The absence of a message is not the zero of this.
  public enum Type {
    RUNTIME_DEFAULT,
    UNCONFINED,
    LOCALHOST,
    /// One that CRI's definition, as we know it, has not.
    UNKNOWN
  }
}

package dev.portcullis.pods.spec;

/// The annotation keys by which a pod names seccomp profiles
/// (`k8s.io/api/core/v1/annotation_key_constants.go`), and by which it asks about them.
public final class SeccompKeys {
  /// Names the profile of every container that names none itself.
  public static final String POD = "seccomp.security.alpha.kubernetes.io/pod";

  /// With a container's name after it: names that container's profile.
  public static final String CONTAINER_PREFIX = "container.seccomp.security.alpha.kubernetes.io/";

  /// Portcullis' own: asks nodes for a proof that the containers have the filters of their
  /// profiles.
  public static final String PROVE = "portcullis.dev/prove";

  /// Portcullis' own: asks nodes to record the calls of the pod's containers, for a time.
  public static final String RECORD = "portcullis.dev/record";

  private SeccompKeys() {}
}

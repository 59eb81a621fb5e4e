package dev.portcullis.cel;

import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The cluster that policies are compiled for, and whom their rules are for.
///
/// @param minor of the version of Kubernetes: 36 for 1.36
/// @param mode of namespaces without a label
/// @param clusterDefault of containers to which nothing else gives a profile
/// @param kubeletDefault whether kubelets run with `--seccomp-default`; matters where nothing can
///   be written into pods
/// @param namespaces that are left alone
/// @param users that are left alone, by name
/// @param runtimeClasses whose pods are left alone
public record PolicyTarget(
    int minor,
    NamespaceMode mode,
    ProfileName clusterDefault,
    Leniency leniency,
    boolean kubeletDefault,
    List<String> namespaces,
    List<String> users,
    List<String> runtimeClasses) {
  /// The first minor version in which `authorizer` and everything else that is used is stable.
  public static final int OLDEST = 30;

  /// The first minor version with MutatingAdmissionPolicy in `v1`.
  public static final int WITH_MUTATION = 36;

  public PolicyTarget {
    namespaces = sorted(namespaces);
    users = sorted(users);
    runtimeClasses = sorted(runtimeClasses);
  }

  private static List<String> sorted(List<String> names) {
    Set<String> sorted = new TreeSet<>(names);
    return List.copyOf(sorted);
  }

  /// Whether an API server can write profiles into pods.
  public boolean mutates() {
    return minor >= WITH_MUTATION;
  }
}

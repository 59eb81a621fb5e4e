package dev.portcullis.pods.decide;

/// Where a judge takes a pod at its word, though the word may have no effect.
///
/// @param privilegedByName whether a privileged container is judged by the profile that it names,
///   though it runs unconfined; for one release, for clusters that came to rely on it
/// @param windows whether a pod that says `spec.os.name: windows` is left alone. Kubelets refuse
///   such a pod on Linux from 1.24 on (`PodOSNotSupported`); older ones run it there
public record Leniency(boolean privilegedByName, boolean windows) {
  public static final Leniency NONE = new Leniency(false, false);
}

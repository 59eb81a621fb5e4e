package dev.portcullis.run.pod;

/// What happens while a pod runs. Called from the pod's own thread.
public interface PodEvents {

  /// Something that takes a while begins, or something is worth a word.
  void note(PodPlan pod, String text);

  /// A container wrote a line.
  void line(PodPlan pod, ContainerPlan container, String line);

  /// All containers have been started, and the kernel has been asked about each.
  ///
  /// @param address of the pod; empty on the node's network
  void running(PodOutcome soFar, String address);
}

package dev.portcullis.node.cluster;

import org.jspecify.annotations.Nullable;

/// What a pod asks for now, as the API server has it.
///
/// @param uid by which a kubelet names the pod to its runtime
/// @param request the value of its annotation, or the beginning of one that is longer than any
///   duration; null where it has none
/// @param version of the pod in the API server: of two states the later one has the larger; 0 where
///   it is not known
public record PodWish(
    String namespace, String pod, String uid, @Nullable String request, long version) {
  /// Characters of a request that are kept: a duration has 30 at the most.
  private static final int LONGEST = 40;

  public PodWish {
    request = request == null ? null : request.substring(0, Math.min(LONGEST, request.length()));
  }

  /// As a kubelet passes it to its runtime, without a version.
  public PodWish(String namespace, String pod, String uid, @Nullable String request) {
    this(namespace, pod, uid, request, 0);
  }

  /// What tells pods apart. The uid alone would not: a user who makes a pod can claim that it
  /// stands for a static pod, and which uid that has.
  public String key() {
    return key(label(), uid);
  }

  /// The same for a pod that a runtime reports.
  ///
  /// @param label `namespace/pod`
  public static String key(String label, String uid) {
    return label + "/" + uid;
  }

  /// As in messages.
  public String label() {
    return namespace + "/" + pod;
  }
}

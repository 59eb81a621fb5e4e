package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.StatelessWatch;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a node's pods ask for, reported as they come, change and go.
public final class PodWishes implements AutoCloseable {
  /// Of a mirror pod: the uid of the static pod that it stands for, which is another one than its
  /// own (pkg/kubelet/types/pod_update.go, `ConfigMirrorAnnotationKey`). Anybody may write it into
  /// a pod of a namespace of theirs; so it identifies nothing without the namespace and the name.
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /// Those of static pods have 32 characters, others 36.
  private static final int LONGEST_UID = 64;

  private final StatelessWatch watch;

  /// Is notified, by another thread.
  public interface Listener {
    /// A pod is there, and asks for this now. It may be reported again and again.
    void wished(PodWish wish);

    /// One has ended, or is no more.
    void gone(PodWish last);
  }

  private PodWishes(StatelessWatch watch) {
    this.watch = watch;
  }

  /// Begins to follow them.
  ///
  /// @param connection one for metadata will do
  public static PodWishes follow(ClusterConnection connection, String node, Listener listener) {
    return new PodWishes(
        StatelessWatch.start(
            connection,
            NodePodQuery.of(node),
            new WatchTarget(
                "this node's pods, without which only containers that are made with the annotation "
                    + SeccompKeys.RECORD
                    + " are recorded",
                WatchTarget.Need.NEEDED),
            new StatelessWatch.Listener() {
              @Override
              public void begun() {}

              @Override
              public void is(StoredObject pod) {
                PodWish wish = wish(pod);
                if (wish != null) {
                  listener.wished(wish);
                }
              }

              @Override
              public void removed(StoredObject pod) {
                PodWish wish = wish(pod);
                if (wish != null) {
                  listener.gone(wish);
                }
              }
            }));
  }

  private static @Nullable PodWish wish(StoredObject pod) {
    if (pod.uid().isEmpty()) {
      return null;
    }
    Map<String, String> annotations = pod.annotations();
    return new PodWish(
        pod.namespace(),
        pod.name(),
        uid(pod.uid(), annotations.get(MIRROR)),
        annotations.get(SeccompKeys.RECORD),
        version(pod.version()));
  }

  /// An annotation may have 256 KiB, and of many pods it is kept.
  private static String uid(String own, @Nullable String mirrored) {
    return mirrored != null && mirrored.length() <= LONGEST_UID ? mirrored : own;
  }

  /// Versions of one object can be compared as numbers (documented from Kubernetes 1.35 on, and so
  /// since etcd counts them).
  private static long version(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}

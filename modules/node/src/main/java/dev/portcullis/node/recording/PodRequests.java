package dev.portcullis.node.recording;

import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.pods.spec.RecordingRequest;
import dev.portcullis.pods.spec.SeccompKeys;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What pods ask for. What the API server reports takes precedence over what the kubelet reports.
final class PodRequests {
  private static final Logger LOG = System.getLogger(PodRequests.class.getName());

  /// Pods of which it is kept what the API server has. Of one that is forgotten, what the kubelet
  /// reports counts again.
  private static final int MOST_WISHES = 1000;

  /// What the API server has, by their keys.
  private final Map<String, PodWish> wishes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PodWish> eldest) {
          return size() > MOST_WISHES;
        }
      };

  /// The keys of pods of which it was said why they are not recorded, until they ask otherwise.
  private final Set<String> declined = new HashSet<>();

  /// Logs why a request cannot be read.
  ///
  /// @return whether it can
  static boolean check(PodWish wish) {
    String request = wish.request();
    String wrong = request == null ? "" : RecordingRequest.read(request).wrong();
    if (request != null && !wrong.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "pod {0} is not recorded: its annotation {1}: \"{2}\" {3}",
          wish.label(),
          SeccompKeys.RECORD,
          request,
          wrong);
    }
    return request != null && wrong.isEmpty();
  }

  /// Logs that a pod cannot be recorded, as its files cannot be named.
  static void sayUnnamed(PodWish wish) {
    LOG.log(
        Level.WARNING,
        "pod {0} is not recorded: its names cannot be those of files, or are too long for it",
        wish.label());
  }

  /// So a pod is in the API server.
  ///
  /// @return whether it asks for something else than before
  boolean take(PodWish wish) {
    PodWish before = wishes.get(wish.key());
    // Another API server may still have an older state, and send it to a watch that begins anew.
    if (before != null && wish.version() < before.version()) {
      return false;
    }
    wishes.put(wish.key(), wish);
    if (before != null && Objects.equals(wish.request(), before.request())) {
      return false;
    }
    declined.remove(wish.key());
    return true;
  }

  /// One has gone from the API server.
  void forget(PodWish last) {
    wishes.remove(last.key());
    declined.remove(last.key());
  }

  /// A pod cannot be recorded.
  ///
  /// @return whether that was not said yet
  boolean decline(PodWish wish) {
    return declined.add(wish.key());
  }

  /// What counts of what a pod asks for.
  ///
  /// @param told by the kubelet
  /// @return null where it does not ask, or cannot be understood
  @Nullable PodWish valid(PodWish told) {
    return readable(wishes.getOrDefault(told.key(), told));
  }

  /// What the pod of a container asks for by the API server.
  ///
  /// @return null where it does not ask, or cannot be understood
  @Nullable PodWish of(ContainerFacts facts) {
    return readable(wishes.get(PodWish.key(facts.pod(), String.valueOf(facts.podUid()))));
  }

  private static @Nullable PodWish readable(@Nullable PodWish wish) {
    String request = wish == null ? null : wish.request();
    return request != null && RecordingRequest.read(request).wrong().isEmpty() ? wish : null;
  }
}

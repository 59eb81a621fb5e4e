package dev.portcullis.node.recording;

import dev.portcullis.node.cluster.PodWish;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pods that are recorded, and those that were while they are there: the newest recording of
/// each.
final class RecordedPods {
  private static final Logger LOG = System.getLogger(RecordedPods.class.getName());

  private static final int MOST = 200;

  /// By their uids.
  private final Map<String, RecordedPod> pods = new LinkedHashMap<>();

  List<RecordedPod> all() {
    return List.copyOf(pods.values());
  }

  @Nullable RecordedPod of(String uid) {
    return pods.get(uid);
  }

  /// All parts of all.
  Stream<RecordedPart> parts() {
    return pods.values().stream().flatMap(pod -> pod.parts().stream());
  }

  void put(RecordedPod pod) {
    pods.put(pod.uid(), pod);
  }

  void remove(RecordedPod pod) {
    pods.remove(pod.uid());
  }

  /// The recording of a pod, begun now where there is none, or where the one that there is has
  /// ended and another one is asked for.
  ///
  /// @param wish can be read
  /// @return null where there is no room for one more
  @Nullable RecordedPod recording(PodWish wish, PodRequests requests) {
    String request = Objects.requireNonNull(wish.request(), "it can be read");
    RecordedPod known = pods.get(wish.uid());
    if (known != null && !known.isAnother(request)) {
      if (!known.isOver()) {
        change(known, request);
      }
      return known;
    }
    if (known == null && pods.size() >= MOST) {
      if (requests.decline(wish)) {
        LOG.log(
            Level.WARNING,
            "pod {0} is not recorded: there are {1} pods that are or were recorded on this node"
                + " already; it can be recorded when some of them have gone",
            wish.label(),
            MOST);
      }
      return null;
    }
    RecordedPod fresh = RecordedPod.begin(wish, request, known);
    put(fresh);
    LOG.log(
        Level.INFO,
        "the containers of pod {0} are recorded until {1}",
        fresh.label(),
        fresh.until());
    return fresh;
  }

  /// Another time is asked for.
  static void change(RecordedPod pod, String request) {
    if (pod.change(request)) {
      LOG.log(
          Level.INFO,
          "the containers of pod {0} are recorded until {1}, as its annotation has changed",
          pod.label(),
          pod.until());
    }
  }
}

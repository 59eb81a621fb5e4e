package dev.portcullis.admission.cluster;

import dev.portcullis.admission.ruling.ReportingNode;
import dev.portcullis.admission.ruling.ReportingNode.NodeRuntime;
import dev.portcullis.admission.ruling.ReportingNode.Profiles;
import dev.portcullis.admission.ruling.ReportingNodes;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.NodeProfiles;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What nodes report about their profiles, in NodeProfiles objects. Of thousands of nodes most have
/// the same profiles and labels, so what is equal is kept once.
public final class ClusterNodes implements ReportingNodes, AutoCloseable {
  /// Each may have 100 kB.
  private static final long PAGE = 50;

  private final ConcurrentMap<String, ReportingNode> nodes = new ConcurrentHashMap<>();
  private final Map<Profiles, Shared> shared = new HashMap<>();
  private final ObjectWatch watch;

  /// What so many nodes have.
  private record Shared(Profiles profiles, int nodes) {}

  private ClusterNodes(ClusterConnection connection) {
    watch =
        ObjectWatch.start(
            connection,
            NodeProfiles.ALL,
            new WatchTarget(NodeProfiles.KIND, WatchTarget.Need.OPTIONAL),
            WatchPace.ofReplicas(),
            PAGE,
            this::changed,
            this::removed);
  }

  /// Begins to follow them. Where the cluster has no such objects, no node reports anything.
  public static ClusterNodes follow(ClusterConnection connection) {
    return new ClusterNodes(connection);
  }

  @Override
  public Collection<ReportingNode> all() {
    // Of a part of them one would say that a profile is nowhere. The last of a kind that was
    // removed may have gone unseen.
    return watch.synced() && !watch.isMissing() ? nodes.values() : List.of();
  }

  private synchronized void changed(StoredObject object) {
    String name = object.name();
    ReportingNode before =
        nodes.put(
            name,
            new ReportingNode(name, labels(object), share(profiles(object)), runtime(object)));
    if (before != null) {
      unshare(before.profiles());
    }
  }

  private synchronized void removed(String name) {
    ReportingNode before = nodes.remove(name);
    if (before != null) {
      unshare(before.profiles());
    }
  }

  private Profiles share(Profiles profiles) {
    return shared
        .merge(
            profiles,
            new Shared(profiles, 1),
            (one, _) -> new Shared(one.profiles(), one.nodes() + 1))
        .profiles();
  }

  private void unshare(Profiles profiles) {
    shared.computeIfPresent(
        profiles,
        (_, one) -> one.nodes() == 1 ? null : new Shared(one.profiles(), one.nodes() - 1));
  }

  private static Map<String, String> labels(StoredObject object) {
    Map<String, String> all = new HashMap<>();
    object.labels().forEach((key, value) -> all.put(key.intern(), value.intern()));
    return Map.copyOf(all);
  }

  static NodeRuntime runtime(StoredObject object) {
    Mapping status = StoredObject.mapping(object.whole(), "status");
    Mapping runtime = StoredObject.mapping(status, "runtime");
    return new NodeRuntime(
        StoredObject.text(runtime, "name").intern(),
        StoredObject.text(runtime, "version").intern(),
        StoredObject.text(status, "libseccomp").intern());
  }

  static Profiles profiles(StoredObject object) {
    Map<String, String> digests = new HashMap<>();
    Mapping status = StoredObject.mapping(object.whole(), "status");
    if (status.present("profiles") instanceof Sequence profiles) {
      for (Value each : profiles.items()) {
        if (each instanceof Mapping profile
            && profile.get("name") instanceof Value.Text(_, String name)
            && profile.get("sha256") instanceof Value.Text(_, String digest)) {
          digests.put(name, digest);
        }
      }
    }
    Long count = StoredObject.number(status, "profileCount");
    return new Profiles(digests, count != null && count == digests.size());
  }

  @Override
  public void close() {
    watch.close();
  }
}

package dev.portcullis.node;

import dev.portcullis.cluster.Backoff;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.node.cluster.PodsOfNode;
import dev.portcullis.node.distribution.Usage;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which profiles are in use on this node, asked of the API server, whose pods may not have begun,
/// and of the runtime, whose containers may have outlived their pods. While files wait to be
/// removed, it is asked less and less often: thousands of nodes may wait at once.
///
/// For one thread.
final class NodeUsage implements Supplier<Usage> {
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private final ClusterConnection connection;
  private final String node;
  private final @Nullable String runtimeEndpoint;
  private Duration pause = BACKOFF.first();
  private long nextAt = System.nanoTime();
  private Usage last = new Usage.Unknown("no API server has been asked yet");

  /// @param runtimeEndpoint null where only the API server is asked
  NodeUsage(ClusterConnection connection, String node, @Nullable String runtimeEndpoint) {
    this.connection = connection;
    this.node = node;
    this.runtimeEndpoint = runtimeEndpoint;
  }

  /// Asks soon again: something is to be removed that was not before.
  void soon() {
    pause = BACKOFF.first();
    nextAt = System.nanoTime();
  }

  /// Unknown while it is not yet time to ask again: an old answer may have become wrong.
  @Override
  public Usage get() {
    if (System.nanoTime() - nextAt < 0) {
      return last instanceof Usage.Unknown
          ? last
          : new Usage.Unknown("a pod of this node uses it, or did a moment ago");
    }
    last = ask();
    nextAt = System.nanoTime() + Backoff.spread(pause).toNanos();
    pause = BACKOFF.after(pause);
    return last;
  }

  private Usage ask() {
    try {
      Set<String> paths = new HashSet<>(PodsOfNode.profiles(connection, node));
      if (runtimeEndpoint != null) {
        try (Cri cri = Cri.observe(runtimeEndpoint)) {
          for (KnownContainer container : cri.all()) {
            ContainerRecord record = ContainerRecord.read(container.annotations());
            if (record != null
                && ProfileText.read(record.profile())
                    instanceof ProfileText.Named(ProfileName.Localhost localhost)) {
              paths.add(localhost.cleaned());
            }
          }
        }
      }
      return new Usage.Known(paths);
    } catch (IOException | CriException failed) {
      return new Usage.Unknown("cannot determine whether a pod uses it: " + failed.getMessage());
    }
  }
}

package dev.portcullis.admission.cluster;

import dev.portcullis.admission.ruling.DistributedProfiles;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ConfigMapWatch;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The ConfigMaps with profiles of one namespace, followed.
public final class ClusterProfiles implements DistributedProfiles, AutoCloseable {
  private static final ConfigMapWatch.Kind<ProfileConfigMap> CONFIG_MAPS =
      new ConfigMapWatch.Kind<>(ProfileConfigMap.LABEL, "profiles", ProfileConfigMap::of);

  private final ClusterConnection connection;
  private final ClusterNamespaces namespaces;
  private final String namespace;
  private final ConfigMapWatch<ProfileConfigMap> watch;

  /// Made when it is asked for: every profile is read for it.
  private @Nullable DesiredProfiles desired;

  private ClusterProfiles(
      ClusterConnection connection, ClusterNamespaces namespaces, String namespace) {
    this.connection = connection;
    this.namespaces = namespaces;
    this.namespace = namespace;
    watch =
        ConfigMapWatch.follow(
            connection,
            namespace,
            CONFIG_MAPS,
            WatchTarget.Need.OPTIONAL,
            WatchPace.ofReplicas(),
            this::changed);
  }

  /// Begins to follow them. There need be none, nor the namespace, nor the right to see them.
  public static ClusterProfiles follow(
      ClusterConnection connection, ClusterNamespaces namespaces, String namespace) {
    return new ClusterProfiles(connection, namespaces, namespace);
  }

  private synchronized void changed() {
    desired = null;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public Collection<ProfileConfigMap> stored() throws IOException {
    return list(connection, namespace);
  }

  /// Those of a namespace, as the API server has them now.
  ///
  /// @throws IOException also where they may not be listed
  public static Collection<ProfileConfigMap> list(ClusterConnection connection, String namespace)
      throws IOException {
    return ConfigMapWatch.list(connection, namespace, CONFIG_MAPS);
  }

  @Override
  public boolean areGoing() throws IOException {
    return namespaces.isGoing(namespace);
  }

  @Override
  public synchronized @Nullable DesiredProfiles desired() {
    Collection<ProfileConfigMap> maps = watch.all();
    if (maps == null) {
      return null;
    }
    if (desired == null) {
      desired = DesiredProfiles.of(maps);
    }
    return desired;
  }

  @Override
  public void close() {
    watch.close();
  }
}

package dev.portcullis.e2e.cluster;

import dev.portcullis.node.containerd.PrivateContainerd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The programs of a cluster that run. All are in the mount namespace of the node's containerd: one
/// that is left behind is found by it.
final class Servers implements AutoCloseable {
  // The API server stops listening at once, and then waits a minute for whoever watches something.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Layout layout;
  private final PrivateContainerd containerd;
  private final ControlPlane controlPlane;
  private final Set<String> plugins;
  private final List<Component> others = new ArrayList<>();
  private @Nullable Component apiServer;

  /// @param plugins the admission plugins besides those that are on by default
  Servers(Layout layout, PrivateContainerd containerd, Set<String> plugins) {
    this.layout = layout;
    this.containerd = containerd;
    this.controlPlane = new ControlPlane(layout);
    this.plugins = Set.copyOf(plugins);
  }

  void startEtcd() throws IOException {
    others.add(start("etcd", controlPlane.etcd()));
  }

  void startApiServer() throws IOException {
    if (apiServer != null) {
      throw new IllegalStateException("the API server runs already");
    }
    apiServer = start("kube-apiserver", controlPlane.apiServer(plugins));
  }

  /// One more, on the same data.
  void startAnotherApiServer(Set<String> itsPlugins) throws IOException {
    others.add(start("another-kube-apiserver", controlPlane.anotherApiServer(itsPlugins)));
  }

  /// Those that need the API server to be ready.
  void startOthers() throws IOException {
    others.add(start("kubelet", new Kubelet(layout, containerd).command()));
    others.add(start("kube-controller-manager", controlPlane.controllerManager()));
    others.add(start("kube-scheduler", controlPlane.scheduler()));
  }

  private Component start(String name, List<String> command) throws IOException {
    return Component.start(name, containerd.inside(command), containerd.directory(), layout.logs());
  }

  void stopApiServer() throws IOException {
    if (apiServer != null) {
      apiServer.stop(GRACE);
      apiServer = null;
    }
  }

  void killApiServer() throws IOException {
    if (apiServer != null) {
      apiServer.kill();
      apiServer = null;
    }
  }

  /// Fails where one that should run has ended.
  void requireAlive() throws IOException {
    if (apiServer != null) {
      apiServer.requireAlive();
    }
    for (Component component : others) {
      component.requireAlive();
    }
  }

  /// Ends all of them at once. One that does not end is ended with the containerd.
  @Override
  public void close() throws IOException {
    killApiServer();
    for (Component component : others.reversed()) {
      component.kill();
    }
  }
}

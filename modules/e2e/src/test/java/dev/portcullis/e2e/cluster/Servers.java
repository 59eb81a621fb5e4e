package dev.portcullis.e2e.cluster;

import dev.portcullis.run.containerd.PrivateContainerd;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The programs of a cluster that run. All are in the mount namespace of the node's containerd: one
/// that is left behind is found by it.
final class Servers implements AutoCloseable {
  // The API server stops listening at once, and then waits a minute for anyone who watches
  // something.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration START = Duration.ofSeconds(60);

  private final Layout layout;
  private final PrivateContainerd containerd;
  private final ControlPlane controlPlane;
  private final Set<String> plugins;
  private final ClusterParts parts;
  private final List<Component> others = new ArrayList<>();
  private @Nullable Component apiServer;
  private @Nullable Component portcullis;

  /// @param plugins the admission plugins besides those that are on by default
  Servers(Layout layout, PrivateContainerd containerd, Set<String> plugins, ClusterParts parts) {
    this.layout = layout;
    this.containerd = containerd;
    this.controlPlane = new ControlPlane(layout);
    this.plugins = Set.copyOf(plugins);
    this.parts = parts;
  }

  ClusterParts parts() {
    return parts;
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
    boolean proxied = parts == ClusterParts.BEHIND_PORTCULLIS;
    if (proxied) {
      startPortcullis();
    }
    String runtime = proxied ? "unix://" + layout.proxy() : containerd.endpoint();
    others.add(start("kubelet", new Kubelet(layout, containerd, runtime).command()));
    others.add(start("kube-controller-manager", controlPlane.controllerManager()));
    others.add(start("kube-scheduler", controlPlane.scheduler()));
  }

  /// Comes back when it serves: a kubelet that finds no socket ends.
  void startPortcullis() throws IOException {
    Component started =
        start(
            "portcullis",
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.portcullis.cli.Main",
                "node",
                "--listen=unix://" + layout.proxy(),
                "--run-dir=" + layout.proxy().getParent(),
                "--root-dir=" + layout.kubelet(),
                "--runtime-endpoint=" + containerd.endpoint(),
                "--health-listen=127.0.0.1:0",
                "--denials",
                "--record",
                "--recordings-namespace=portcullis-recordings",
                "--profiles-namespace=portcullis-profiles",
                "--node-name=" + Layout.NODE,
                "--kubeconfig=" + layout.kubeconfig(Users.ADMIN)));
    portcullis = started;
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(layout.proxy())) {
      started.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IOException("portcullis node does not serve after " + START.toSeconds() + " s");
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  void killPortcullis() throws IOException {
    if (portcullis != null) {
      portcullis.kill();
      portcullis = null;
      // What a killed process leaves would look like one that serves.
      Files.deleteIfExists(layout.proxy());
    }
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
    if (portcullis != null) {
      portcullis.requireAlive();
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
    killPortcullis();
  }
}

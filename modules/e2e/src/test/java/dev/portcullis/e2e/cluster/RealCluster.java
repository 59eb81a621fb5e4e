package dev.portcullis.e2e.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.run.containerd.SystemPackages;
import java.io.IOException;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// A Kubernetes for the tests of a class, as a static field of it with `@RegisterExtension`.
///
/// Classes that ask for the same admission plugins, one after another, share a cluster; only one
/// runs at a time in a JVM. Where it cannot be had, their tests are skipped and say why.
public final class RealCluster implements BeforeAllCallback {
  private final Set<String> plugins;
  private final ClusterParts parts;
  private final Function<Programs, String> lacks;
  private @Nullable Cluster cluster;

  /// @param lacks what a Kubernetes does not have that the tests need; empty where it has all
  private RealCluster(Set<String> plugins, ClusterParts parts, Function<Programs, String> lacks) {
    this.plugins = plugins;
    this.parts = parts;
    this.lacks = lacks;
  }

  /// One with admission plugins besides those that are on by default; these include both kinds of
  /// webhooks.
  public static RealCluster with(String... plugins) {
    Set<String> wanted = new TreeSet<>(Set.of(plugins));
    return new RealCluster(
        wanted,
        ClusterParts.ALL,
        programs ->
            programs.before(25) || !wanted.contains("PodSecurityPolicy")
                ? ""
                : " has no PodSecurityPolicies any more");
  }

  /// An API server alone, without a node.
  public static RealCluster ofApiServer() {
    return new RealCluster(Set.of(), ClusterParts.API_SERVER, _ -> "");
  }

  /// The same cluster, for tests that need what a Kubernetes has from a version on.
  ///
  /// @param minor the version, as 36 for 1.36
  /// @param kind what it has then, in the plural
  public RealCluster requiring(int minor, String kind) {
    return new RealCluster(
        plugins,
        parts,
        programs ->
            programs.before(minor)
                ? " has no %s yet: %s names the directory of 1.%d or newer (CONTRIBUTING.md)"
                    .formatted(kind, Programs.WANTED, minor)
                : lacks.apply(programs));
  }

  /// One whose kubelet takes `portcullis node` for its runtime.
  public static RealCluster behindPortcullis() {
    return new RealCluster(Set.of(), ClusterParts.BEHIND_PORTCULLIS, _ -> "");
  }

  /// What it has beside other clusters, for an order of classes. Those of one kind share one.
  String kind() {
    return "a cluster"
        + (plugins.isEmpty() ? "" : " with " + String.join(", ", plugins))
        + parts.words();
  }

  /// The cluster, while a test runs.
  public Cluster get() {
    if (cluster == null) {
      throw new IllegalStateException("no test runs: the cluster is for the tests of a class");
    }
    return cluster;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Programs programs = requireMachine(parts);
    String lacking = lacks.apply(programs);
    assumeTrue(lacking.isEmpty(), "Kubernetes " + programs.version() + lacking);
    cluster =
        context
            .getRoot()
            .getStore(Namespace.create(RealCluster.class))
            .computeIfAbsent(Running.class, _ -> new Running(), Running.class)
            .with(programs, plugins, parts);
  }

  /// Skips the calling tests where this machine cannot have a cluster.
  static Programs requireMachine(ClusterParts parts) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: a node needs it");
    SequencedMap<String, String> missing = SystemPackages.ofSystem().missing();
    assumeTrue(
        missing.isEmpty(),
        "not installed: "
            + String.join(", ", missing.keySet())
            + "; apt-get install "
            + String.join(" ", new TreeSet<>(missing.values())));
    Programs programs = Programs.of(System.getenv());
    assumeTrue(programs.missing(parts).isEmpty(), programs.missing(parts));
    return programs;
  }

  /// The one that runs.
  private static final class Running implements AutoCloseable {
    private Set<String> plugins = Set.of();
    private ClusterParts parts = ClusterParts.ALL;
    private @Nullable Cluster cluster;

    Cluster with(Programs programs, Set<String> wanted, ClusterParts wantedParts)
        throws IOException {
      Cluster running = cluster;
      if (running != null && plugins.equals(wanted) && parts == wantedParts) {
        return running;
      }
      close();
      long begin = System.nanoTime();
      running = Cluster.start(programs, wanted, wantedParts, RealCluster::say);
      say(
          "Kubernetes %s%s after %.1f s; logs: %s"
              .formatted(
                  programs.version(),
                  wanted.isEmpty() ? "" : " with " + String.join(", ", wanted),
                  (System.nanoTime() - begin) / 1e9,
                  running.logs()));
      cluster = running;
      plugins = wanted;
      parts = wantedParts;
      return running;
    }

    @Override
    public void close() throws IOException {
      Cluster running = cluster;
      cluster = null;
      if (running != null) {
        running.close();
      }
    }
  }

  private static void say(String line) {
    System.out.println("e2e: " + line);
  }
}

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The webhook, in a real cluster with many policies and namespaces, against one in Go; and the
/// creation of pods with and without them, and with what else the API server has: the
/// PodSecurityPolicy plugin before 1.25, compiled policies from 1.36 on.
///
/// usage: AdmissionBench WORK IMAGE TEAMS ROUNDS PODS SECONDS, where WORK is a directory for what it
/// makes, and SECONDS how long a replica is warmed up
final class AdmissionBench {
  private static final int PEER_PORT = 9443;
  private static final int RATE = 200;

  private static final String GRANTS =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: SeccompPolicy
      metadata: {name: everybody}
      spec: {allowedProfiles: [runtime/default]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: shop}
      rules:
      - {apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use], resourceNames: [everybody, %1$s]}
      - {apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use], resourceNames: [shop]}
      - {apiGroups: [""], resources: [pods], verbs: [create, delete, get]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: shop}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shop}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
      """
          .formatted(World.TEAM);

  private static final String POD_SECURITY_POLICY =
      """
      apiVersion: policy/v1beta1
      kind: PodSecurityPolicy
      metadata:
        name: shop
        annotations:
          seccomp.security.alpha.kubernetes.io/allowedProfileNames: "runtime/default,%s"
          seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
      spec:
        allowPrivilegeEscalation: false
        runAsUser: {rule: MustRunAsNonRoot}
        seLinux: {rule: RunAsAny}
        supplementalGroups: {rule: RunAsAny}
        fsGroup: {rule: RunAsAny}
        volumes: [configMap, emptyDir, projected, secret]
      """
          .formatted(World.PROFILE);

  private final Path work;
  private final World world;
  private final Times times;
  private final Cluster cluster;
  private final Path peer;

  /// For how long there is which load.
  private record Times(Duration cold, Duration warmUp, Duration saturated, Duration paced) {
    /// @param warmUp in seconds; the others are in proportion
    static Times of(int warmUp) {
      return new Times(part(warmUp, 8), part(warmUp, 60), part(warmUp, 10), part(warmUp, 15));
    }

    private static Duration part(int warmUp, int ofAMinute) {
      return Duration.ofSeconds(Math.max(1, Math.round(warmUp * ofAMinute / 60.0)));
    }
  }

  private AdmissionBench(Path work, World world, Times times, Cluster cluster, Path peer) {
    this.work = work;
    this.world = world;
    this.times = times;
    this.cluster = cluster;
    this.peer = peer;
  }

  static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    World world = new World(Integer.parseInt(args[2]));
    Path peer = work.resolve("peer");
    Peer.build(Path.of("bench/src/admission/peer.go"), peer);
    Files.writeString(work.resolve("policies.json"), world.asJson());
    try (Cluster cluster = Cluster.start(Set.of(), line -> System.err.println("bench: " + line))) {
      AdmissionBench bench = new AdmissionBench(work, world, Times.of(Integer.parseInt(args[5])), cluster, peer);
      bench.prepare(Path.of(args[1]));
      bench.create(Integer.parseInt(args[4]));
      if (!args[3].equals("0")) {
        bench.serve(Integer.parseInt(args[3]));
      }
    }
  }

  private static void print(String line, Object... values) {
    System.out.printf(Locale.ROOT, line + "%n", values);
  }

  private void prepare(Path image) throws Exception {
    Peer.certify(cluster.nodeAddress(), work.resolve("peer.crt"), work.resolve("peer.key"));
    Installed.into(cluster, image);
    for (String namespace : List.of("plain", "judged", "peer", Compiled.NAMESPACE)) {
      cluster.createNamespace(namespace);
    }
    try (ClusterConnection admin = ClusterConnection.open(cluster.kubeconfig("admin"))) {
      world.create(admin);
    }
    cluster.apply(GRANTS);
    if (cluster.before(25)) {
      cluster.apply(POD_SECURITY_POLICY);
    }
    // Its controllers have work for minutes with so many, which is no part of what is measured.
    cluster.waitUntil(
        "the last namespace is complete",
        Duration.ofMinutes(10),
        () ->
            !cluster
                .admin(
                    "get",
                    "serviceaccount",
                    "default",
                    "--ignore-not-found",
                    "-n=" + World.team(world.teams() - 1),
                    // From 1.24 on it has none.
                    "-o=jsonpath={" + (cluster.before(24) ? ".secrets[*].name" : ".metadata.name") + "}")
                .isEmpty());
    cluster.admin("label", "namespace", "plain", "peer", "portcullis.dev/mode=off");
    cluster.admin("label", "namespace", "peer", "peer=yes");
    print("%d policies and as many namespaces; a review of %d bytes", world.teams() + 1, World.review("judged").length());
  }

  private Peer startPeer(Installed beside) throws Exception {
    return Peer.start(
        peer,
        PEER_PORT,
        work.resolve("peer.crt"),
        work.resolve("peer.key"),
        work.resolve("policies.json"),
        beside.pid());
  }

  private URI peerAddress() {
    return URI.create("https://" + cluster.nodeAddress() + ":" + PEER_PORT);
  }

  /// The peer as a webhook of the cluster.
  private String peerConfiguration() throws IOException {
    String bundle =
        Base64.getEncoder().encodeToString(Files.readAllBytes(work.resolve("peer.crt")));
    StringBuilder yaml = new StringBuilder();
    for (String kind : List.of("Mutating", "Validating")) {
      yaml.append(
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: %sWebhookConfiguration
          metadata: {name: peer}
          webhooks:
          - name: peer.example.com
            clientConfig: {url: "%s/mutate", caBundle: %s}
            rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]
            namespaceSelector: {matchLabels: {peer: "yes"}}
            failurePolicy: Fail
            sideEffects: None
            admissionReviewVersions: [v1]
          ---
          """
              .formatted(kind, peerAddress(), bundle));
    }
    return yaml.toString();
  }

  /// The same user at another API server on the same data.
  private Path elsewhere(Path kubeconfig, String server) throws IOException {
    return Files.writeString(
        kubeconfig.resolveSibling("elsewhere"),
        Files.readString(kubeconfig).replace(cluster.apiServer(), server));
  }

  /// Pods by turns: what comes later in a run would find a warmer machine.
  private void create(int pods) throws Exception {
    Path alice = cluster.kubeconfig("alice");
    List<Installed> replicas = Installed.replicas(cluster);
    try (Peer _ = startPeer(replicas.getFirst());
        ClusterConnection client = ClusterConnection.open(alice);
        ClusterConnection other =
            cluster.before(25)
                ? ClusterConnection.open(
                    elsewhere(alice, cluster.startAnotherApiServer(Set.of("PodSecurityPolicy"))))
                : ClusterConnection.open(alice)) {
      Installed.awaitReady(peerAddress(), Duration.ofSeconds(10));
      cluster.apply(peerConfiguration());
      if (Compiled.isPossible(cluster)) {
        Compiled.into(cluster, work, List.of("plain", "judged", "peer"));
      }
      Thread.sleep(5_000); // until each API server has heard of it
      // A webhook is started once and asked for weeks.
      Load load = new Load(World.review("judged"), work);
      for (Installed replica : replicas) {
        load.saturate(replica.address().resolve("/mutate"), replica.pid(), times.warmUp());
        load.saturate(replica.address().resolve("/validate"), replica.pid(), times.warmUp());
      }
      PodCreation creation = new PodCreation();
      List<PodCreation.Way> ways = new ArrayList<>();
      ways.add(new PodCreation.Way("no webhook", client, "plain"));
      if (cluster.before(25)) {
        ways.add(new PodCreation.Way("PodSecurityPolicy", other, "plain"));
      }
      if (Compiled.isPossible(cluster)) {
        ways.add(new PodCreation.Way("compiled", client, Compiled.NAMESPACE));
      }
      ways.add(new PodCreation.Way("Go", client, "peer"));
      ways.add(new PodCreation.Way("Portcullis", client, "judged"));
      creation.measure(ways, pods);
      print("%-20s %10s %10s %10s %10s   ms, %d pods each", "create a pod", "p50", "added", "p99", "added", pods);
      Latencies plain = creation.of("no webhook");
      for (PodCreation.Way way : ways) {
        Latencies of = creation.of(way.name());
        print(
            "%-20s %10.2f %10.2f %10.2f %10.2f",
            way.name(),
            of.percentile(50),
            of.percentile(50) - plain.percentile(50),
            of.percentile(99),
            of.percentile(99) - plain.percentile(99));
      }
    }
  }

  /// @param cold at saturation, from the first request on
  private record Measured(Load.Result cold, Load.Result saturated, Load.Result paced) {}

  private Measured measured(Load load, URI webhook, long pid) throws Exception {
    Load.Result cold = load.saturate(webhook, pid, times.cold());
    load.saturate(webhook, pid, times.warmUp());
    Load.Result saturated = load.saturate(webhook, pid, times.saturated());
    return new Measured(cold, saturated, load.pace(webhook, pid, RATE, times.paced()));
  }

  private void serve(int rounds) throws Exception {
    Installed ours = Installed.alone(cluster);
    Load load = new Load(World.review("judged"), work);
    List<Measured> portcullis = new ArrayList<>();
    List<Measured> go = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    List<Double> goReady = new ArrayList<>();
    double idle = 0;
    double goIdle = 0;
    double loaded = 0;
    double goLoaded = 0;
    for (int round = 0; round < rounds; round++) {
      ready.add(ours.restart().toMillis() / 1e3);
      Thread.sleep(times.paced()); // what it took to start goes back
      idle = Math.max(idle, Installed.resident(ours.pid()));
      portcullis.add(measured(load, ours.address().resolve("/mutate"), ours.pid()));
      loaded = Math.max(loaded, Installed.resident(ours.pid()));
      Instant begin = Instant.now();
      try (Peer started = startPeer(ours)) {
        goReady.add(
            Duration.between(begin, Installed.awaitReady(peerAddress(), Duration.ofSeconds(10)))
                    .toMillis()
                / 1e3);
        goIdle = Math.max(goIdle, Installed.resident(started.process().pid()));
        go.add(measured(load, peerAddress().resolve("/mutate"), started.process().pid()));
        goLoaded = Math.max(goLoaded, Installed.resident(started.process().pid()));
      }
    }
    print("%-12s %9s %9s %12s %9s %9s %9s   %9s %9s   %8s %8s   %7s", "one replica", "first " + times.cold().toSeconds() + " s", "cpu us", "requests/s", "cpu us", "p50 ms", "p99 ms", "p50@" + RATE, "p99@" + RATE, "MB idle", "MB then", "ready s");
    report("Go", go, goIdle, goLoaded, goReady);
    report("Portcullis", portcullis, idle, loaded, ready);
  }

  private static void report(
      String name, List<Measured> all, double idle, double loaded, List<Double> ready) {
    print(
        "%-12s %9.0f %9.0f %12.0f %9.0f %9.2f %9.2f   %9.2f %9.2f   %8.0f %8.0f   %7.2f",
        name,
        median(all.stream().map(it -> it.cold().perSecond()).toList()),
        median(all.stream().map(it -> it.cold().processor()).toList()),
        median(all.stream().map(it -> it.saturated().perSecond()).toList()),
        median(all.stream().map(it -> it.saturated().processor()).toList()),
        median(all.stream().map(it -> it.saturated().p50()).toList()),
        median(all.stream().map(it -> it.saturated().p99()).toList()),
        median(all.stream().map(it -> it.paced().p50()).toList()),
        median(all.stream().map(it -> it.paced().p99()).toList()),
        idle,
        loaded,
        median(ready));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}


import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ConfigMapWatch;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.node.cluster.NodeObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Many nodes, each with the watch and the object of a real one, in one process; a webhook that
/// follows their objects; and an API server for all.
///
/// usage: NodesBench WORK NODES SECONDS, where WORK is a directory for what it makes
final class NodesBench {
  private static final String PROFILES = "portcullis-profiles";
  private static final int NODES_PER_CLIENT = 50;
  private static final int CHANGES = 20;
  private static final int WRITERS = 16;
  private static final Pattern REQUESTS =
      Pattern.compile("^apiserver_request_total\\{.*\\} ([0-9.e+]+)$", Pattern.MULTILINE);
  private static final Pattern CHANGE = Pattern.compile("change (\\d+)");

  private final Cluster cluster;
  private final Path work;
  private final int nodes;
  private final List<ClusterConnection> connections = new ArrayList<>();

  /// When the profile of a change was sent, and how long it took to reach the last node that has it.
  private volatile long sent;

  private volatile CountDownLatch all = new CountDownLatch(0);
  private volatile int change;
  private final AtomicLongArray latencies;
  private final AtomicInteger arrived = new AtomicInteger();

  private NodesBench(Cluster cluster, Path work, int nodes) {
    this.cluster = cluster;
    this.work = work;
    this.nodes = nodes;
    latencies = new AtomicLongArray(nodes * CHANGES);
  }

  static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    int nodes = Integer.parseInt(args[1]);
    try (Cluster cluster = Cluster.startApiServer(line -> System.err.println("bench: " + line))) {
      NodesBench bench = new NodesBench(cluster, work, nodes);
      bench.run(Integer.parseInt(args[2]));
    }
    // The connections of so many nodes end with the process.
    System.exit(0);
  }

  private static void print(String line, Object... values) {
    System.out.printf(Locale.ROOT, line + "%n", values);
  }

  private void run(int seconds) throws Exception {
    cluster.admin("apply", "-k", Path.of("deploy/nodes").toString());
    cluster.admin("apply", "-f=deploy/webhook/base/crd.yaml");
    cluster.admin("apply", "-f=deploy/webhook/base/namespace.yaml");
    cluster.admin("apply", "-f=deploy/webhook/base/secret.yaml");
    try (WebhookProcess webhook = WebhookProcess.start(cluster, work)) {
      Thread.sleep(1000L * Math.min(seconds, 20));
      double before = webhook.resident();
      report();
      Thread.sleep(1000L * Math.min(seconds, 20));
      print("webhook: %.0f MB resident, and %.0f MB with %d NodeProfiles", before, webhook.resident(), nodes);
    }
    watch();
    double first = requests();
    Thread.sleep(1000L * seconds);
    print(
        "%d nodes, nothing to do: %.0f requests a minute to the API server, of %.0f MB",
        nodes,
        (requests() - first) * 60 / seconds,
        WebhookProcess.resident(apiServer()));
    change();
  }

  /// A Node and its report, as the agent of a node writes it when it starts.
  private void report() throws Exception {
    long begin = System.nanoTime();
    each(node -> {
      ClusterConnection connection = connections.get(node / NODES_PER_CLIENT);
      String name = "node-%05d".formatted(node);
      var _ =
          connection.create(
              "/api/v1/nodes",
              new MappingBuilder()
                  .put("apiVersion", "v1")
                  .put("kind", "Node")
                  .put("metadata", new MappingBuilder().put("name", name).build())
                  .build(),
              "create a Node");
      new NodeObject(connection, name)
          .write(new MappingBuilder().put("profileCount", 1).put("problemCount", 0).build());
    });
    print("%d reports of nodes written in %.1f s", nodes, (System.nanoTime() - begin) / 1e9);
  }

  private interface Task {
    void of(int node) throws IOException;
  }

  private void each(Task task) throws Exception {
    while (connections.size() * NODES_PER_CLIENT < nodes) {
      connections.add(ClusterConnection.open(cluster.kubeconfig("admin")));
    }
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<java.util.concurrent.Future<?>> tasks = new ArrayList<>();
      for (int node = 0; node < nodes; node++) {
        int number = node;
        tasks.add(
            writers.submit(() -> {
              task.of(number);
              return null;
            }));
      }
      for (var each : tasks) {
        each.get();
      }
    }
  }

  private void watch() throws Exception {
    Mapping metadata =
        new MappingBuilder()
            .put("name", "web")
            .put("labels", new MappingBuilder().put("portcullis.dev/seccomp-profiles", "true").build())
            .build();
    var _ =
        connections
            .getFirst()
            .create(
                "/api/v1/namespaces/" + PROFILES + "/configmaps",
                new MappingBuilder().put("metadata", metadata).put("data", data(0)).build(),
                "create a profile");
    CountDownLatch synced = new CountDownLatch(nodes);
    long begin = System.nanoTime();
    each(node -> {
      var _ =
          ConfigMapWatch.follow(
              connections.get(node / NODES_PER_CLIENT),
              PROFILES,
              new ConfigMapWatch.Kind<>(
                  "portcullis.dev/seccomp-profiles",
                  "profiles",
                  (_, _, _, data, _) -> {
                    Matcher change = CHANGE.matcher(data.getOrDefault("web.json", ""));
                    if (change.find()) {
                      here(Integer.parseInt(change.group(1)), synced);
                    }
                    return data;
                  }),
              WatchTarget.Need.NEEDED,
              WatchPace.ofNodes(),
              () -> {});
    });
    if (!synced.await(5, TimeUnit.MINUTES)) {
      throw new IOException(synced.getCount() + " nodes have no profiles after five minutes");
    }
    print("%d nodes have their profiles after %.1f s, all started at once", nodes, (System.nanoTime() - begin) / 1e9);
    // A watch begins when the list is in.
    Thread.sleep(10_000);
  }

  private void here(int number, CountDownLatch synced) {
    if (number == 0) {
      synced.countDown();
    } else if (number == change) {
      latencies.set(arrived.getAndIncrement(), System.nanoTime() - sent);
      all.countDown();
    }
  }

  private static Mapping data(int number) {
    return new MappingBuilder()
        .put("web.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"comment\": \"change " + number + "\"}")
        .build();
  }

  private void change() throws Exception {
    for (int number = 1; number <= CHANGES; number++) {
      all = new CountDownLatch(nodes);
      change = number;
      sent = System.nanoTime();
      connections
          .getFirst()
          .patch(
              "/api/v1/namespaces/" + PROFILES + "/configmaps/web",
              PatchKind.MERGE,
              new MappingBuilder().put("data", data(number)).build(),
              "change a profile");
      if (!all.await(1, TimeUnit.MINUTES)) {
        throw new IOException(all.getCount() + " nodes have not heard of a change after a minute");
      }
    }
    long[] sorted = new long[arrived.get()];
    Arrays.setAll(sorted, latencies::get);
    Arrays.sort(sorted);
    print(
        "a changed profile, %d times, until a node has read it: p50 %.0f ms, p99 %.0f ms, last %.0f ms",
        CHANGES,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private double requests() throws IOException {
    double sum = 0;
    Matcher matcher = REQUESTS.matcher(cluster.admin("get", "--raw=/metrics"));
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group(1));
    }
    return sum;
  }

  private long apiServer() throws IOException {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/kube-apiserver"))
        .findFirst()
        .orElseThrow(() -> new IOException("the API server does not run"))
        .pid();
  }
}

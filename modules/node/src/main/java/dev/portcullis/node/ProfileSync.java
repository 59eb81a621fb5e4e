package dev.portcullis.node;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ConfigMapWatch;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.node.cluster.NodeObject;
import dev.portcullis.node.cluster.PodEnds;
import dev.portcullis.node.distribution.Inventory;
import dev.portcullis.node.distribution.ProfileReconciler;
import dev.portcullis.node.distribution.ProfileReport;
import dev.portcullis.node.measure.DistributionMetrics;
import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Profiles that arrive from the cluster, and what is reported to the cluster. It has a thread of
/// its own: nothing else of a node waits for it, or for the API server.
final class ProfileSync implements NodeFeature {
  private static final Logger LOG = Logger.getLogger(ProfileSync.class.getName());

  /// After a change: several ConfigMaps are mostly applied together.
  private static final Duration SETTLING = Duration.ofMillis(100);

  /// The root is looked through: others write there, too. What failed is tried again.
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  private static final Duration TICK = Duration.ofSeconds(1);

  /// After a pod's end, and after that of a container: several go together, and what was reported
  /// by one API server another one may not know yet.
  private static final Duration AFTER_ENDS = Duration.ofSeconds(1);

  private static final Duration RECONNECTING = Duration.ofSeconds(10);

  private final DistributionOptions options;
  private static final ConfigMapWatch.Kind<ProfileConfigMap> CONFIG_MAPS =
      new ConfigMapWatch.Kind<>(ProfileConfigMap.LABEL, "profiles", ProfileConfigMap::of);

  private final Path root;
  private final @Nullable String runtimeEndpoint;
  private final IntSupplier alarms;
  private final DistributionMetrics metrics = new DistributionMetrics();
  private final Inventory inventory;
  private final ScheduledThreadPoolExecutor executor;
  private final AtomicBoolean passIsDue = new AtomicBoolean();
  private final AtomicBoolean removalIsDue = new AtomicBoolean();
  private @Nullable Connected connected;
  private @Nullable PodEnds ends;
  private Set<ConfigMapProblem> problems = Set.of();
  private volatile SortedMap<String, String> waiting = new TreeMap<>();
  private final CurrentProblem problem =
      new CurrentProblem(
          LOG, "cannot watch profiles, trying again", "the API server has not answered yet");
  private volatile boolean closed;

  /// What there is once credentials are.
  private record Connected(
      ClusterConnection connection,
      ConfigMapWatch<ProfileConfigMap> configMaps,
      NodeUsage usage,
      ProfileReconciler distributor,
      StatusPublisher publishing) {}

  /// @param runtimeEndpoint of the runtime whose containers count as users of profiles; null for
  ///   none
  /// @param alarms how many containers should be filtered and are not
  ProfileSync(
      DistributionOptions options,
      Path root,
      @Nullable String runtimeEndpoint,
      IntSupplier alarms) {
    this.options = options;
    this.root = root;
    this.runtimeEndpoint = runtimeEndpoint;
    this.alarms = alarms;
    this.inventory = new Inventory(new ProfileRoot(root));
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("distributing").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins. The API server need not be there, nor the credentials for it.
  @Override
  public void begin() {
    executor.execute(this::connect);
    every(BETWEEN_LOOKS, this::pass);
    every(TICK, this::tell);
  }

  private void every(Duration time, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> guarded(task), time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// A schedule forgets a task that throws.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.log(Level.SEVERE, "a bug in Portcullis", bug);
    }
  }

  /// Empty where profiles arrive; else why they do not.
  String state() {
    return problem.why();
  }

  private void connect() {
    try {
      ClusterConnection connection = ClusterConnection.open(options.kubeconfig());
      try {
        connected = follow(connection);
      } catch (RuntimeException unusable) {
        connection.close();
        throw unusable;
      }
      LOG.log(
          Level.INFO,
          "watching profiles",
          new MappingBuilder()
              .put("namespace", options.namespace())
              .put("server", connection.server())
              .put("node", options.nodeName())
              .put("profileRoot", root.toString())
              .build());
    } catch (IOException | RuntimeException failed) {
      // The client throws what it likes about credentials; a task that throws is not begun again.
      problem.is(String.valueOf(failed.getMessage()));
      if (!closed) {
        var _ = executor.schedule(this::connect, RECONNECTING.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private Connected follow(ClusterConnection connection) {
    NodeUsage usage = new NodeUsage(connection, options.nodeName(), runtimeEndpoint);
    return new Connected(
        connection,
        ConfigMapWatch.follow(
            connection,
            options.namespace(),
            CONFIG_MAPS,
            WatchTarget.Need.NEEDED,
            WatchPace.ofNodes(),
            this::changed),
        usage,
        new ProfileReconciler(root, usage),
        new StatusPublisher(new NodeObject(connection, options.nodeName())));
  }

  private void changed() {
    if (passIsDue.compareAndSet(false, true) && !closed) {
      var _ =
          executor.schedule(
              () -> {
                passIsDue.set(false);
                guarded(this::pass);
              },
              SETTLING.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void pass() {
    Connected now = connected;
    if (now == null) {
      return;
    }
    Collection<ProfileConfigMap> maps = now.configMaps().all();
    if (maps == null) {
      return;
    }
    problem.clear();
    ProfileReconciler.Outcome outcome = now.distributor().pass(maps);
    if (!waiting.keySet().containsAll(outcome.waiting().keySet())) {
      now.usage().soon();
    }
    say(outcome);
    followEnds(now);
    Inventory.Found held = inventory.look(outcome.sources());
    List<ConfigMapProblem> found = new ArrayList<>(outcome.problems());
    found.addAll(held.problems());
    say(found);
    metrics.found(held.profiles().size(), found.size());
    now.publishing()
        .want(new ProfileReport(held.profiles(), found, alarms.getAsInt(), options.libseccomp()));
  }

  /// Only while files wait to be removed: all nodes do it, and an API server notifies each of every
  /// change of its pods.
  private void followEnds(Connected now) {
    if (waiting.isEmpty() && ends != null) {
      ends.close();
      ends = null;
    } else if (!waiting.isEmpty() && ends == null) {
      ends = PodEnds.follow(now.connection(), options.nodeName(), new Ends());
    }
  }

  private final class Ends implements PodEnds.Listener {
    @Override
    public void ended(Set<String> profiles) {
      if (!Collections.disjoint(profiles, waiting.keySet())) {
        usersMayHaveEnded();
      }
    }

    @Override
    public void anyMayHaveEnded() {
      usersMayHaveEnded();
    }
  }

  @Override
  public void removed() {
    usersMayHaveEnded();
  }

  @Override
  public String metrics() {
    return metrics.page();
  }

  /// Asks again before long whether files that wait can be removed.
  private void usersMayHaveEnded() {
    if (!waiting.isEmpty() && removalIsDue.compareAndSet(false, true) && !closed) {
      var _ =
          executor.schedule(
              () -> {
                removalIsDue.set(false);
                guarded(this::remove);
              },
              AFTER_ENDS.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void remove() {
    if (connected != null) {
      connected.usage().soon();
      pass();
    }
  }

  private void tell() {
    Connected now = connected;
    if (now != null) {
      if (!problem.why().isEmpty() && now.configMaps().all() != null) {
        // The first list came in after its last change was reported.
        pass();
      }
      now.publishing().tell();
    }
  }

  private void say(ProfileReconciler.Outcome outcome) {
    for (String path : outcome.written()) {
      metrics.written();
      LOG.log(
          Level.INFO,
          "profile written",
          new MappingBuilder()
              .put("path", path)
              .put("source", outcome.sources().getOrDefault(path, ""))
              .build());
    }
    for (String path : outcome.removed()) {
      metrics.removed();
      LOG.log(Level.INFO, "profile removed", new MappingBuilder().put("path", path).build());
    }
    outcome
        .waiting()
        .forEach((path, why) -> {
          if (!waiting.containsKey(path)) {
            LOG.log(
                Level.INFO,
                "profile is not removed yet",
                new MappingBuilder().put("path", path).put("reason", why).build());
          }
        });
    waiting = outcome.waiting();
  }

  private void say(List<ConfigMapProblem> found) {
    for (ConfigMapProblem problem : found) {
      if (!problems.contains(problem)) {
        LOG.log(
            Level.WARNING,
            "a profile has a problem",
            new MappingBuilder()
                .put("subject", problem.subject())
                .put("reason", problem.message())
                .build());
      }
    }
    problems = new HashSet<>(found);
  }

  @Override
  public void drain() {
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    executor.shutdownNow();
    try {
      // What is under way is one file, or one request.
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warning("distribution did not end in time");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    Connected now = connected;
    if (ends != null) {
      ends.close();
    }
    if (now != null) {
      now.configMaps().close();
      now.connection().close();
    }
  }
}

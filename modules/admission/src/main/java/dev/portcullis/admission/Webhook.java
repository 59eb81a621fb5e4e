package dev.portcullis.admission;

import dev.portcullis.admission.certificate.MountedAuthorities;
import dev.portcullis.admission.cluster.AccessReviews;
import dev.portcullis.admission.cluster.ClusterNamespaces;
import dev.portcullis.admission.cluster.ClusterNodes;
import dev.portcullis.admission.cluster.ClusterPods;
import dev.portcullis.admission.cluster.ClusterPolicies;
import dev.portcullis.admission.cluster.ClusterProfiles;
import dev.portcullis.admission.cluster.ClusterProvenPods;
import dev.portcullis.admission.cluster.PolicyStatus;
import dev.portcullis.admission.http.AnswerListener;
import dev.portcullis.admission.http.HttpRefusal;
import dev.portcullis.admission.http.HttpsEndpoint;
import dev.portcullis.admission.http.Options;
import dev.portcullis.admission.http.Response;
import dev.portcullis.admission.http.Route;
import dev.portcullis.admission.measure.Metrics;
import dev.portcullis.admission.proof.ContentProofs;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.DistributedProfiles;
import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A webhook that is up. It puts the packages together, and is the only one that knows them all.
public final class Webhook implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Webhook.class.getName());

  private static final String MUTATE = "mutate";
  private static final String VALIDATE = "validate";
  private static final String TEMPLATES = "templates";
  private static final String PROFILES = "profiles";

  /// How often the API server is tried until it answers for the first time.
  private static final Duration RETRY = Duration.ofSeconds(2);

  /// How long a review waits for the proofs of others: an API server waits five seconds for it.
  private static final Duration PROOF_PATIENCE = Duration.ofSeconds(2);

  /// That libseccomp has for a filter: a hundred times of what it takes for the default profiles.
  private static final Duration LIBSECCOMP = Duration.ofSeconds(1);

  /// What requests under way may still take once it stops.
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final WebhookOptions options;
  private final ClusterConnection connection;
  private final CertificateSource certificates;
  private final @Nullable MountedAuthorities clients;
  private final Metrics metrics;
  private final BoundedCompiler compiling = BoundedCompiler.ofServer(LIBSECCOMP);
  private final AccessReviews grants;
  private final PolicyStatus status;
  private final Thread follower;
  private volatile @Nullable Followed followed;
  private volatile boolean stopping;
  private @Nullable HttpsEndpoint endpoint;

  /// What is known of the cluster once it has answered.
  private record Followed(
      ClusterPolicies policies,
      ClusterNamespaces namespaces,
      ClusterNodes nodes,
      @Nullable ClusterProfiles profiles,
      Admission admission) {
    boolean synced() {
      return policies.synced() && namespaces.synced();
    }
  }

  private Webhook(WebhookOptions options, ClusterConnection connection) throws IOException {
    this.options = options;
    this.connection = connection;
    this.metrics =
        new Metrics(
            List.of(MUTATE, VALIDATE, TEMPLATES, PROFILES),
            Arrays.stream(Mode.values()).map(Mode::text).toList(),
            Arrays.stream(HttpRefusal.values()).map(HttpRefusal::text).toList());
    this.grants = new AccessReviews(connection, options.grantCache(), metrics::asked);
    this.status = new PolicyStatus(connection, InstantSource.system());
    WebhookOptions.Clients trusted = options.clients();
    this.clients =
        trusted == null ? null : MountedAuthorities.start(trusted.authorities(), trusted.names());
    this.certificates = CertificateSource.of(options.certificate(), connection);
    this.follower = Thread.ofPlatform().daemon().name("follower").unstarted(this::follow);
  }

  /// Listens, and begins to learn what the cluster has. It is ready some moments later.
  public static Webhook start(WebhookOptions options) throws IOException {
    ClusterConnection connection = ClusterConnection.open(options.kubeconfig());
    Webhook webhook;
    try {
      webhook = new Webhook(options, connection);
    } catch (IOException failed) {
      connection.close();
      throw failed;
    }
    try {
      webhook.listen();
    } catch (IOException failed) {
      webhook.close();
      throw failed;
    }
    LOG.log(
        Level.INFO,
        "serving on port {0}, for the API server at {1}, mode {2}",
        Integer.toString(webhook.port()),
        connection.server(),
        options.scope().mode().text());
    if (options.clients() == null) {
      LOG.log(
          Level.WARNING,
          "any client of this port can find out who may use which policy: allow only API servers,"
              + " with --client-ca-file or a NetworkPolicy");
    }
    if (options.leniency().privilegedByName()) {
      LOG.log(
          Level.WARNING,
          "--privileged-as name: privileged containers are admitted with profile names that have no"
              + " effect on them; the next version treats them as unconfined");
    }
    return webhook;
  }

  private void listen() throws IOException {
    endpoint =
        HttpsEndpoint.start(
            bounds(),
            certificates,
            routes(),
            new AnswerListener() {
              @Override
              public void answered(String path, int status, Duration took) {
                metrics.answered(path, status);
              }

              @Override
              public void refused(HttpRefusal why) {
                metrics.refused(why.text());
              }
            });
    show();
    follower.start();
  }

  private Options bounds() {
    Options usual = Options.on(options.listen());
    return usual
        .withInFlight(options.inFlight())
        .withConnections(usual.connections(), options.connectionsOfAddress())
        .withClients(clients);
  }

  /// The port that it listens on.
  public int port() {
    HttpsEndpoint listening = endpoint;
    return listening == null ? 0 : listening.port();
  }

  private Map<String, Route> routes() {
    return Map.of(
        "/mutate",
            Route.question(new ReviewHandler(MUTATE, this::admission, Admission::mutate, metrics)),
        "/validate",
            Route.question(
                new ReviewHandler(VALIDATE, this::admission, Admission::validate, metrics)),
        "/templates",
            Route.question(
                new ReviewHandler(TEMPLATES, this::admission, Admission::templates, metrics)),
        "/profiles",
            Route.question(
                new ReviewHandler(PROFILES, this::admission, Admission::profiles, metrics)),
        "/healthz", Route.page(_ -> Response.text(200, "ok")),
        "/readyz", Route.page(_ -> readiness()),
        "/metrics", Route.page(_ -> new Response(200, Metrics.CONTENT_TYPE, metrics.page())));
  }

  /// Null until everything is known that a decision needs.
  private @Nullable Admission admission() {
    Followed known = followed;
    return known != null && known.synced() ? known.admission() : null;
  }

  private Response readiness() {
    Followed known = followed;
    if (stopping) {
      return Response.text(503, "stopping");
    }
    if (known == null) {
      return Response.text(503, "the API server at " + connection.server() + " has not answered");
    }
    if (!known.synced()) {
      return Response.text(503, "the first list of policies and namespaces has not arrived yet");
    }
    return certificates.expired()
        ? Response.text(503, "the serving certificate has expired")
        : Response.text(200, "ok");
  }

  private void show() {
    metrics.gauge(
        "portcullis_policies",
        "Policies known to the webhook",
        () -> ofPolicies(policies -> policies.get().all().size()));
    metrics.gauge(
        "portcullis_policies_with_invalid_entries",
        "Policies with invalid entries",
        () -> ofPolicies(ClusterPolicies::invalid));
    metrics.gauge(
        "portcullis_ready",
        "1 if the webhook answers requests, else 0",
        () -> admission() == null ? 0 : 1);
    metrics.gauge(
        "portcullis_certificate_expiry_timestamp_seconds",
        "Expiry of the serving certificate, in seconds since 1970; 0 without one",
        certificates::expirySeconds);
    metrics.gauge(
        "portcullis_connections",
        "Open connections",
        () -> endpoint == null ? 0 : endpoint.connections());
    metrics.counter(
        "portcullis_grant_cache_hits_total", "Grants answered from the cache", grants::cacheHits);
    metrics.counter(
        "portcullis_grant_cache_misses_total",
        "Grants asked of the API server",
        grants::cacheMisses);
  }

  private int ofPolicies(ToIntFunction<ClusterPolicies> count) {
    Followed known = followed;
    return known == null ? 0 : count.applyAsInt(known.policies());
  }

  private void follow() {
    boolean said = false;
    while (!stopping) {
      try {
        ClusterPolicies policies = ClusterPolicies.follow(connection, status);
        ClusterNamespaces namespaces = ClusterNamespaces.follow(connection);
        ClusterNodes nodes = ClusterNodes.follow(connection);
        ClusterProfiles profiles =
            options.profilesNamespace() == null
                ? null
                : ClusterProfiles.follow(connection, namespaces, options.profilesNamespace());
        followed =
            new Followed(
                policies,
                namespaces,
                nodes,
                profiles,
                new Admission(
                    new Admission.Sources(
                        policies,
                        grants,
                        namespaces,
                        new ClusterPods(connection),
                        nodes,
                        new Admission.Contents(
                            profiles == null ? DistributedProfiles.none() : profiles,
                            new ContentProofs(Compiler.by(compiling), PROOF_PATIENCE),
                            new ClusterProvenPods(connection)),
                        grants),
                    options.scope(),
                    options.clusterDefault(),
                    options.leniency()));
        return;
      } catch (IOException failed) {
        if (!said) {
          LOG.log(
              Level.WARNING, "not ready, trying again every {0} s: {1}", RETRY.toSeconds(), failed);
          said = true;
        }
      }
      try {
        Thread.sleep(RETRY);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  /// Reports that it is not ready any more, so that API servers are sent to others, and ends each
  /// connection with its next answer, as those that they keep are not sent elsewhere.
  public void drain() {
    stopping = true;
    HttpsEndpoint listening = endpoint;
    if (listening != null) {
      listening.drain();
    }
    LOG.log(Level.INFO, "stopping");
  }

  /// Lets requests under way end, and closes everything.
  @Override
  public void close() {
    stopping = true;
    follower.interrupt();
    if (endpoint != null) {
      endpoint.close(GRACE);
    }
    certificates.close();
    if (clients != null) {
      clients.close();
    }
    compiling.close();
    Followed known = followed;
    if (known != null) {
      known.policies().close();
      known.namespaces().close();
      known.nodes().close();
      if (known.profiles() != null) {
        known.profiles().close();
      }
    }
    status.close();
    grants.close();
    connection.close();
  }
}

package dev.portcullis.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A connection to an API server.
public final class ClusterConnection implements AutoCloseable {
  /// Milliseconds that one request may take. Whoever waits for a pod waits for this.
  private static final int REQUEST_TIMEOUT = 4_000;

  private static final int CONNECTION_TIMEOUT = 3_000;

  /// The client library's, which writes what it then does not throw.
  private static final Logger LIBRARY_LOG = Logger.getLogger("io.fabric8.kubernetes.client");

  /// What a request has by which an API server leaves out all of objects but their metadata; one
  /// that cannot sends them whole (k8s.io/apiserver, `NegotiateOutputMediaType`).
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final KubernetesClient client;

  private ClusterConnection(KubernetesClient client) {
    this.client = client;
  }

  /// Connects as kubectl does, or as the service account of the pod this runs in. Nothing is sent
  /// yet.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  public static ClusterConnection open(@Nullable Path kubeconfig) throws IOException {
    return open(kubeconfig, null);
  }

  /// Connects to the cluster of a context.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  /// @param context null for the current one
  public static ClusterConnection open(@Nullable Path kubeconfig, @Nullable String context)
      throws IOException {
    return open(kubeconfig, context, _ -> {});
  }

  /// Connects for watches of objects whose metadata alone matters: it asks for nothing else.
  ///
  /// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
  public static ClusterConnection openForMetadata(@Nullable Path kubeconfig) throws IOException {
    return open(
        kubeconfig,
        null,
        http ->
            http.addOrReplaceInterceptor(
                "metadata",
                new Interceptor() {
                  @Override
                  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                    builder.setHeader("Accept", METADATA);
                  }
                }));
  }

  private static ClusterConnection open(
      @Nullable Path kubeconfig, @Nullable String context, Consumer<HttpClient.Builder> http)
      throws IOException {
    Kubeconfig files = Kubeconfig.find(kubeconfig, System.getenv());
    if (files == null && context != null) {
      throw new IOException(
          "there is no context \"" + context + "\": this is a pod, and has no kubeconfig");
    }
    Kubeconfig.Choice choice = files == null ? null : files.choose(context);
    Config config = choice == null ? Config.autoConfigure(null) : configured(kubeconfig, choice);
    config.setRequestTimeout(REQUEST_TIMEOUT);
    config.setConnectionTimeout(CONNECTION_TIMEOUT);
    // One more try is for a connection that the server closed; more would outlast the request that
    // waits for the answer. Watches try again for ever by themselves.
    config.setRequestRetryBackoffLimit(1);
    config.setRequestRetryBackoffInterval(100);
    // Thousands of nodes lose their watches in the same moment, when an API server ends.
    config.setWatchReconnectInterval(ThreadLocalRandom.current().nextInt(1_000, 3_000));
    if (ClientKey.isEllipticCurve(config.getClientKeyData(), config.getClientKeyFile())) {
      config.setClientKeyAlgo("EC");
    }
    try {
      return new ClusterConnection(
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientBuilderConsumer(http)
              .build());
    } catch (KubernetesClientException unusable) {
      throw new IOException(
          "cannot use the credentials for the API server at "
              + config.getMasterUrl()
              + ": "
              + reason(unusable),
          unusable);
    }
  }

  /// What went wrong at the bottom of it.
  public static String reason(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null && !(cause instanceof ConnectException)) {
      cause = cause.getCause();
    }
    if (cause instanceof ConnectException) {
      // The JDK's client says nothing more.
      return cause.getCause() instanceof UnresolvedAddressException
          ? "cannot connect: no host of this name is known"
          : "cannot connect";
    }
    if (cause instanceof CertificateExpiredException expired) {
      return "its certificate has expired: " + expired.getMessage();
    }
    if (cause instanceof KubernetesClientException answer) {
      // Without the request and all fields of the answer.
      String said = said(answer);
      if (said != null) {
        return said;
      }
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static @Nullable String said(KubernetesClientException failed) {
    return failed.getStatus() == null ? null : failed.getStatus().getMessage();
  }

  /// What the client library makes of a kubeconfig that is sound. It runs a plugin for credentials,
  /// too, and where that fails logs a trace and goes on as nobody.
  private static Config configured(@Nullable Path kubeconfig, Kubeconfig.Choice choice)
      throws IOException {
    ExecPlugin plugin = choice.plugin();
    Level level = LIBRARY_LOG.getLevel();
    if (plugin != null) {
      LIBRARY_LOG.setLevel(Level.OFF);
    }
    try {
      Config config =
          kubeconfig == null
              ? Config.autoConfigure(choice.context())
              : Config.fromKubeconfig(choice.context(), kubeconfig.toFile());
      if (plugin != null
          && config.getAutoOAuthToken() == null
          && config.getClientCertData() == null) {
        plugin.login(config);
      }
      return config;
    } catch (RuntimeException wrong) {
      if (plugin != null) {
        plugin.login(Config.empty());
      }
      throw new IOException("the kubeconfig cannot be used: " + reason(wrong), wrong);
    } finally {
      LIBRARY_LOG.setLevel(level);
    }
  }

  /// Where the API server is, for messages.
  public String server() {
    return client.getMasterUrl().toString();
  }

  /// The namespace of the kubeconfig's context, or of the pod this runs in; null where neither
  /// says.
  public @Nullable String namespace() {
    return client.getNamespace();
  }

  /// The client, for the packages that have to do with the cluster.
  public KubernetesClient client() {
    return client;
  }

  /// The text of a resource; null where there is none.
  public @Nullable String get(String path) throws IOException {
    try {
      return client.raw(path);
    } catch (KubernetesClientException failed) {
      throw failure("GET " + path, failed);
    }
  }

  /// The minor version of the server: 36 of Kubernetes 1.36.
  public int minorVersion() throws IOException {
    VersionInfo version;
    try {
      version = client.getKubernetesVersion();
    } catch (KubernetesClientException failed) {
      throw failure("GET /version", failed);
    }
    String minor = version == null ? "" : String.valueOf(version.getMinor());
    // Providers write `27+`.
    String digits = minor.replaceFirst("[^0-9].*", "");
    if (digits.isEmpty() || digits.length() > 4) {
      throw new IOException(
          "the API server at " + server() + ": its version is not known: \"" + minor + "\"");
    }
    return Integer.parseInt(digits);
  }

  /// A failure in words that name the server.
  public IOException failure(String what, KubernetesClientException failed) {
    String said = said(failed);
    String words = said == null ? reason(failed) : said;
    return new IOException("the API server at " + server() + ": " + what + ": " + words, failed);
  }

  @Override
  public void close() {
    client.close();
  }
}

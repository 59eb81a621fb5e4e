package dev.portcullis.cluster;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// The files by which kubectl finds a cluster. Of two entries with one name the first counts, as
/// for kubectl.
final class Kubeconfig {
  private static final int MOST_NAMED = 10;

  private final List<KubeconfigPart> files;
  private final Map<String, String> environment;

  private Kubeconfig(List<KubeconfigPart> files, Map<String, String> environment) {
    this.files = files;
    this.environment = environment;
  }

  /// The files that count.
  ///
  /// @param named by the user; null for those that kubectl takes
  /// @param environment of the process
  /// @return null where there is none and a pod's service account counts
  static @Nullable Kubeconfig find(@Nullable Path named, Map<String, String> environment)
      throws IOException {
    if (named != null) {
      return read(
          List.of(named),
          " cannot be read; --kubeconfig needs a kubeconfig file of kubectl",
          environment);
    }
    String variable = environment.getOrDefault("KUBECONFIG", "");
    if (!variable.isBlank()) {
      List<Path> there =
          Arrays.stream(variable.split(File.pathSeparator))
              .filter(text -> !text.isBlank())
              .map(Path::of)
              .filter(Files::exists)
              .toList();
      if (there.isEmpty()) {
        throw new IOException(variable + ": no such file; the variable KUBECONFIG names it");
      }
      return read(there, " cannot be read; the variable KUBECONFIG names it", environment);
    }
    Path usual =
        Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")))
            .resolve(".kube/config");
    if (Files.exists(usual)) {
      return read(List.of(usual), " cannot be read", environment);
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return null;
    }
    throw new IOException(
        "no cluster is known: there is no "
            + usual
            + ", KUBECONFIG is not set, and this is not a pod; name a kubeconfig with --kubeconfig");
  }

  private static Kubeconfig read(
      List<Path> paths, String unreadable, Map<String, String> environment) throws IOException {
    List<KubeconfigPart> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw new IOException(path + unreadable);
      }
      KubeconfigPart file = KubeconfigPart.read(path);
      for (String list : List.of("contexts", "clusters", "users")) {
        var _ = file.parts(list);
      }
      files.add(file);
    }
    return new Kubeconfig(files, environment);
  }

  /// What a context leads to, where all of it is there. A plugin for credentials is run.
  ///
  /// @param asked the context; null for the current one
  ServerAccess access(@Nullable String asked) throws IOException {
    String name = context(asked);
    KubeconfigPart context = find("contexts", name, "context");
    if (context == null) {
      throw new IOException(
          where() + " has no context \"" + name + "\"" + otherContexts("; it has "));
    }
    String clusterName = String.valueOf(context.text("cluster"));
    KubeconfigPart cluster = find("clusters", clusterName, "cluster");
    if (cluster == null) {
      throw new IOException(
          where()
              + ": context \""
              + name
              + "\" names cluster \""
              + clusterName
              + "\", which is not in it");
    }
    return access(
        cluster,
        where() + ": cluster \"" + clusterName + "\": ",
        user(context.text("user"), name),
        context.text("namespace"));
  }

  private ServerAccess access(
      KubeconfigPart cluster, String label, KubeconfigUser user, @Nullable String namespace)
      throws IOException {
    String server = server(cluster, label);
    if (cluster.text("tls-server-name") != null) {
      throw new IOException(
          label
              + "tls-server-name is not supported; name the server as its certificate does, or as"
              + " an address that it has");
    }
    byte[] authority = cluster.bytes(label, "certificate-authority");
    TrustManager[] trust =
        cluster.isTrue("insecure-skip-tls-verify")
            ? ServerTrust.anybody()
            : authority == null ? null : ServerTrust.authorities(label, authority);
    try {
      return new ServerAccess(
          server,
          namespace,
          user.token(),
          server.startsWith("https:") ? ServerTrust.context(trust, user.managers()) : null,
          ProxyRule.of(server, cluster.text("proxy-url"), environment));
    } catch (IOException wrong) {
      throw new IOException(label + wrong.getMessage(), wrong);
    }
  }

  /// With a slash at the end.
  private static String server(KubeconfigPart cluster, String label) throws IOException {
    String text = cluster.text("server");
    if (text == null || text.isBlank()) {
      throw new IOException(label + "it has no server");
    }
    // As kubectl takes it.
    String server = (text.contains("://") ? text : "http://" + text).strip();
    try {
      URI uri = URI.create(server);
      if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
        // Not shown: it may be a password, which would be in each message.
        throw new IOException(
            label + "server has a user, a query or a fragment; name a user under users");
      }
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return server.endsWith("/") ? server : server + "/";
      }
    } catch (IllegalArgumentException wrong) {
      throw new IOException(label + "server is not a URL: " + text, wrong);
    }
    throw new IOException(label + "server is not a URL of HTTP: " + text);
  }

  private KubeconfigUser user(@Nullable String wanted, String by) throws IOException {
    if (wanted == null) {
      return KubeconfigUser.NOBODY;
    }
    for (KubeconfigPart file : files) {
      for (KubeconfigPart each : file.parts("users")) {
        if (wanted.equals(each.text("name"))) {
          KubeconfigPart user = each.part("user");
          return user == null
              ? KubeconfigUser.NOBODY
              : KubeconfigUser.read(user, where() + ": user \"" + wanted + "\": ");
        }
      }
    }
    throw new IOException(
        where() + ": context \"" + by + "\" names user \"" + wanted + "\", who is not in it");
  }

  /// The name of a context.
  ///
  /// @param asked null for the current one
  String context(@Nullable String asked) throws IOException {
    if (asked != null) {
      return asked;
    }
    for (KubeconfigPart file : files) {
      String current = file.text("current-context");
      if (current != null && !current.isBlank()) {
        return current;
      }
    }
    throw new IOException(
        where() + " has no current-context" + otherContexts("; choose one with --context: "));
  }

  private String otherContexts(String before) throws IOException {
    List<String> names = new ArrayList<>();
    for (KubeconfigPart file : files) {
      for (KubeconfigPart each : file.parts("contexts")) {
        names.add(String.valueOf(each.text("name")));
      }
    }
    if (names.isEmpty()) {
      return ", and no other context";
    }
    return before
        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? ", ..." : "");
  }

  /// What stands under a key in the first entry of a name; null where there is none.
  private @Nullable KubeconfigPart find(String list, String name, String key) throws IOException {
    for (KubeconfigPart file : files) {
      for (KubeconfigPart each : file.parts(list)) {
        KubeconfigPart found = name.equals(each.text("name")) ? each.part(key) : null;
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private String where() {
    return files.stream()
        .map(file -> file.file().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}

package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The files by which kubectl finds a cluster, read before the client library reads them: of a
/// context or a user that is not there it says nothing, and goes on without, to another server or
/// as nobody. Of two entries with one name the first counts, as for kubectl.
final class Kubeconfig {
  private static final int MOST_NAMED = 10;

  private final List<Path> paths;
  private final List<Config> files;

  private Kubeconfig(List<Path> paths, List<Config> files) {
    this.paths = paths;
    this.files = files;
  }

  /// What a context names.
  ///
  /// @param plugin that has the user's credentials; null where the files have them
  record Choice(String context, @Nullable ExecPlugin plugin) {}

  /// The files that count.
  ///
  /// @param named by the user; null for those that kubectl takes
  /// @param environment of the process
  /// @return null where there is none and a pod's service account counts
  static @Nullable Kubeconfig find(@Nullable Path named, Map<String, String> environment)
      throws IOException {
    if (named != null) {
      return read(
          List.of(named), " cannot be read; --kubeconfig needs a kubeconfig file of kubectl");
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
      return read(there, " cannot be read; the variable KUBECONFIG names it");
    }
    Path usual =
        Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")))
            .resolve(".kube/config");
    if (Files.exists(usual)) {
      return read(List.of(usual), " cannot be read");
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")
        || environment.containsKey("KUBERNETES_MASTER")) {
      return null;
    }
    throw new IOException(
        "no cluster is known: there is no "
            + usual
            + ", KUBECONFIG is not set, and this is not a pod; name a kubeconfig with --kubeconfig");
  }

  private static Kubeconfig read(List<Path> paths, String unreadable) throws IOException {
    List<Config> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw new IOException(path + unreadable);
      }
      Config file;
      try {
        file = KubeConfigUtils.parseConfig(path.toFile());
      } catch (RuntimeException wrong) {
        // Of any kind: broken YAML is one of the parser's.
        throw new IOException(path + " is not a kubeconfig: " + firstLine(wrong), wrong);
      }
      if (file == null) {
        throw new IOException(path + " is not a kubeconfig: it is empty");
      }
      files.add(file);
    }
    return new Kubeconfig(paths, files);
  }

  private static String firstLine(RuntimeException wrong) {
    Throwable cause = wrong;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("it is empty");
  }

  /// What a context names, where all of it is there.
  ///
  /// @param asked the context; null for the current one
  Choice choose(@Nullable String asked) throws IOException {
    String name = asked == null ? current() : asked;
    List<NamedContext> contexts = all(Config::getContexts);
    Context context =
        contexts.stream()
            .filter(each -> name.equals(each.getName()) && each.getContext() != null)
            .map(NamedContext::getContext)
            .findFirst()
            .orElseThrow(() ->
                new IOException(
                    where() + " has no context \"" + name + "\"" + otherContexts("; it has ")));
    cluster(name, context);
    String user = context.getUser();
    if (user == null || user.isEmpty()) {
      return new Choice(name, null);
    }
    for (int i = 0; i < files.size(); i++) {
      for (NamedAuthInfo each : entries(files.get(i).getUsers())) {
        if (user.equals(each.getName())) {
          return new Choice(name, plugin(each, directory(i)));
        }
      }
    }
    throw new IOException(
        where() + ": context \"" + name + "\" names user \"" + user + "\", who is not in it");
  }

  private @Nullable ExecPlugin plugin(NamedAuthInfo user, Path directory) throws IOException {
    AuthInfo info = user.getUser();
    if (info == null) {
      return null;
    }
    String label = where() + ": user \"" + user.getName() + "\": ";
    requireFile(label + "client-certificate ", info.getClientCertificate(), directory);
    requireFile(label + "client-key ", info.getClientKey(), directory);
    ClientCertificate.requireValid(
        label, info.getClientCertificateData(), info.getClientCertificate(), directory);
    ExecConfig exec = info.getExec();
    return exec == null ? null : ExecPlugin.of(exec, directory, label);
  }

  private String current() throws IOException {
    for (Config file : files) {
      String current = file.getCurrentContext();
      if (current != null && !current.isBlank()) {
        return current;
      }
    }
    throw new IOException(
        where() + " has no current-context" + otherContexts("; choose one with --context: "));
  }

  private String otherContexts(String before) {
    List<String> names = all(Config::getContexts).stream().map(NamedContext::getName).toList();
    if (names.isEmpty()) {
      return ", and no other context";
    }
    return before
        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? ", ..." : "");
  }

  private void cluster(String context, Context named) throws IOException {
    String name = String.valueOf(named.getCluster());
    for (int i = 0; i < files.size(); i++) {
      for (NamedCluster each : entries(files.get(i).getClusters())) {
        Cluster cluster = each.getCluster();
        if (name.equals(each.getName()) && cluster != null) {
          String label = where() + ": cluster \"" + name + "\": ";
          if (cluster.getServer() == null || cluster.getServer().isBlank()) {
            throw new IOException(label + "it has no server");
          }
          requireFile(
              label + "certificate-authority ", cluster.getCertificateAuthority(), directory(i));
          return;
        }
      }
    }
    throw new IOException(
        where()
            + ": context \""
            + context
            + "\" names cluster \""
            + name
            + "\", which is not in it");
  }

  private static void requireFile(String label, @Nullable String path, Path directory)
      throws IOException {
    if (path != null && !path.isEmpty()) {
      try {
        Path file = directory.resolve(path);
        if (!Files.isReadable(file)) {
          throw new IOException(label + file + " cannot be read");
        }
      } catch (InvalidPathException wrong) {
        throw new IOException(label + path + " is not a path: " + wrong.getReason(), wrong);
      }
    }
  }

  private String where() {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /// What relative paths in a file are relative to.
  private Path directory(int file) {
    Path directory = paths.get(file).toAbsolutePath().getParent();
    return directory == null ? Path.of("/") : directory;
  }

  private <T> List<T> all(Function<Config, @Nullable List<T>> of) {
    return files.stream().flatMap(file -> entries(of.apply(file)).stream()).toList();
  }

  private static <T> List<T> entries(@Nullable List<T> entries) {
    return entries == null ? List.of() : entries;
  }
}

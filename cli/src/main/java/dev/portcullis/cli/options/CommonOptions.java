package dev.portcullis.cli.options;

import dev.portcullis.node.profiles.AllowedListeners;
import dev.portcullis.pods.decide.Leniency;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The options that mean the same in every verb. A verb that takes one takes it from here.
public final class CommonOptions {
  public static final Option POLICY =
      Option.values(
          "policy", "PATH", "file or directory of policies and RBAC objects; may be repeated");

  public static final Option AS =
      Option.value("as", "USER", "judge as this user, with what RBAC grants to the user");

  public static final Option AS_GROUP =
      Option.values("as-group", "GROUP", "a group that the user is in; may be repeated");

  public static final Option NAMESPACE =
      Option.value("namespace", "NAME", "namespace of objects that name none (default: default)")
          .or('n');

  public static final Option ROOT_DIR =
      Option.value("root-dir", "DIR", "the kubelet's directory (default: /var/lib/kubelet)");

  public static final Option SECCOMP_PROFILE_ROOT =
      Option.value(
          "seccomp-profile-root",
          "DIR",
          "where localhost/ profiles lie (default: seccomp below --root-dir)");

  public static final Option ALLOW_LISTENER =
      Option.values(
          "allow-listener",
          "PATH",
          "a socket that profiles may name as their listenerPath; may be repeated");

  public static final Option DEFAULT_PROFILE =
      Option.value(
          "default-profile",
          "NAME",
          "profile of containers that nothing else gives one (default: runtime/default)");

  public static final Option PRIVILEGED_AS =
      Option.value(
          "privileged-as",
          "name|unconfined",
          "judge privileged containers as unconfined, which they run as (default), or, in this"
              + " version only, by the name that has no effect");

  public static final Option TRUST_WINDOWS_PODS =
      Option.flag(
          "trust-windows-pods",
          "leave Windows pods alone; only where every kubelet is 1.24 or newer: older ones run them"
              + " on Linux, unconfined");

  public static final Option RUNTIME_ENDPOINT =
      Option.value("runtime-endpoint", "unix:///PATH", "socket of the container runtime");

  public static final Option RUNTIME_HANDLER =
      Option.value(
          "runtime-handler",
          "NAME",
          "the runtime's handler, such as crun, where it matters and nothing else says it");

  public static final Option CLUSTER =
      Option.flag("cluster", "take policies and RBAC from the cluster of the kubeconfig");

  public static final Option KUBECONFIG =
      Option.value(
          "kubeconfig",
          "FILE",
          "how to reach the API server (default: as kubectl, or the pod's service account)");

  public static final Option OUTPUT =
      Option.value("output", "table|json", "form of the output (default: table)").or('o');

  public static final Option HELP = Option.flag("help", "show this help").or('h');

  private static final Path USUAL_ROOT = Path.of("/var/lib/kubelet");

  private CommonOptions() {}

  /// What profiles may name as their `listenerPath`.
  public static AllowedListeners allowedListeners(Arguments arguments) throws UsageException {
    List<String> paths = arguments.values(ALLOW_LISTENER);
    for (String path : paths) {
      if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
        throw new UsageException(
            "--allow-listener: \"" + path + "\" must be an absolute path, as in the profile");
      }
    }
    return new AllowedListeners(Set.copyOf(paths));
  }

  /// Where pods are taken at their word, by {@link #PRIVILEGED_AS} and {@link #TRUST_WINDOWS_PODS}.
  public static Leniency leniency(Arguments arguments) throws UsageException {
    String privileged = arguments.value(PRIVILEGED_AS, "unconfined");
    return switch (privileged) {
      case "unconfined" -> new Leniency(false, arguments.has(TRUST_WINDOWS_PODS));
      case "name" -> new Leniency(true, arguments.has(TRUST_WINDOWS_PODS));
      default ->
          throw new UsageException(
              "--privileged-as \"" + privileged + "\" is not known; use unconfined or name");
    };
  }

  /// Where `localhost/` profiles lie, by {@link #SECCOMP_PROFILE_ROOT} and {@link #ROOT_DIR}.
  public static Path profileRoot(Arguments arguments) throws UsageException {
    List<Path> named = arguments.paths(SECCOMP_PROFILE_ROOT);
    if (!named.isEmpty()) {
      return named.getFirst();
    }
    List<Path> root = arguments.paths(ROOT_DIR);
    return (root.isEmpty() ? USUAL_ROOT : root.getFirst()).resolve("seccomp");
  }
}

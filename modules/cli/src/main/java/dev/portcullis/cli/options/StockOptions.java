package dev.portcullis.cli.options;

import static dev.portcullis.pods.resolve.StockKubernetes.NEWEST;
import static dev.portcullis.pods.resolve.StockKubernetes.OLDEST;
import static dev.portcullis.pods.resolve.StockKubernetes.SECCOMP_DEFAULT_SINCE;

import dev.portcullis.pods.resolve.StockKubernetes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which Kubernetes without Portcullis a verdict is compared with.
public final class StockOptions {
  public static final Option KUBERNETES =
      Option.value(
              "kubernetes",
              "VERSION",
              "show what a cluster of this version, 1."
                  + OLDEST
                  + " to 1."
                  + NEWEST
                  + ", does without Portcullis")
          .taking(Values.TEXT.or(StockOptions::versions))
          .usually("1." + NEWEST);

  public static final Option SECCOMP_DEFAULT =
      Option.flag("seccomp-default", "the kubelets of that cluster have seccompDefault on");

  private static final Pattern VERSION = Pattern.compile("v?1\\.([0-9]{1,3})(?:[.+-].*)?");

  private StockOptions() {}

  private static List<String> versions() {
    return IntStream.rangeClosed(OLDEST, NEWEST).mapToObj(minor -> "1." + minor).toList();
  }

  /// The Kubernetes that runs, where no other one is meant. Of one that is too new the newest is
  /// taken whose behaviour is known, which is the same as far as is known.
  ///
  /// @param minor the minor version of its API server
  public static StockKubernetes running(Arguments arguments, int minor) throws UsageException {
    if (arguments.has(KUBERNETES)) {
      return kubernetes(arguments);
    }
    int known = Math.max(OLDEST, Math.min(NEWEST, minor));
    return of("1." + known, known, arguments);
  }

  /// What to know about {@link #running} where it is not known what the one that runs does.
  public static List<String> notes(StockKubernetes shown, int minor) {
    return minor >= OLDEST && minor <= NEWEST
        ? List.of()
        : List.of(
            "what Kubernetes 1."
                + minor
                + " does is not known; shown is what 1."
                + shown.minor()
                + " does");
  }

  /// The Kubernetes that is meant.
  public static StockKubernetes kubernetes(Arguments arguments) throws UsageException {
    String version = arguments.text(KUBERNETES);
    Matcher matcher = VERSION.matcher(version);
    int minor = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    if (minor < OLDEST || minor > NEWEST) {
      throw new UsageException(
          KUBERNETES.text()
              + ": \""
              + version
              + "\" is not a version from 1."
              + OLDEST
              + " to 1."
              + NEWEST);
    }
    return of(version, minor, arguments);
  }

  private static StockKubernetes of(String version, int minor, Arguments arguments)
      throws UsageException {
    boolean seccompDefault = arguments.has(SECCOMP_DEFAULT);
    if (seccompDefault && minor < SECCOMP_DEFAULT_SINCE) {
      throw new UsageException(
          SECCOMP_DEFAULT.text()
              + ": kubelets have seccompDefault from 1."
              + SECCOMP_DEFAULT_SINCE
              + " on, and "
              + KUBERNETES.text()
              + " is "
              + version);
    }
    return new StockKubernetes(minor, seccompDefault);
  }
}

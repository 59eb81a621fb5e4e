package dev.portcullis.cli.options;

import dev.portcullis.pods.object.ObjectNames;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the verbs of a node share: what it serves, and what it keeps while the machine runs.
public final class NodeRunOptions {
  public static final Option RUN_DIR =
      Option.value("run-dir", "DIR", "where snapshots of profiles are kept for the runtime")
          .usually("/run/portcullis");

  public static final Option HEALTH_LISTEN =
      Option.value("health-listen", "[ADDR]:PORT", "where /healthz, /readyz and /metrics are")
          .usually("127.0.0.1:10289");

  public static final Option PROVE =
      Option.flag("prove", "prove that each container's filter is that of its profile");

  public static final Option DENIALS =
      Option.flag("denials", "count the system calls that seccomp refuses to containers");

  public static final Option RECORD =
      Option.flag("record", "record the containers of pods that ask for it by an annotation");

  public static final Option RECORDINGS_NAMESPACE =
      Option.value(
          "recordings-namespace",
          "NS",
          "also write what was recorded into ConfigMaps of this namespace (default: none)");

  private NodeRunOptions() {}

  /// The value of {@link #RUN_DIR}.
  public static Path runDirectory(Arguments arguments) throws UsageException {
    return arguments.pathOrUsual(RUN_DIR).toAbsolutePath().normalize();
  }

  /// Where the copies of profiles are that runtimes read.
  public static Path snapshots(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("profiles");
  }

  /// Where it is kept which calls are refused.
  public static Path denials(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("denials.json");
  }

  /// Where it is kept what was recorded of containers.
  public static Path recordings(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("recordings");
  }

  /// The value of {@link #RECORDINGS_NAMESPACE}; null where it was not given.
  public static @Nullable String recordingsNamespace(Arguments arguments) throws UsageException {
    String namespace = arguments.value(RECORDINGS_NAMESPACE);
    if (namespace == null) {
      return null;
    }
    String profiles = arguments.value(ClusterProfileOptions.PROFILES_NAMESPACE);
    if (!arguments.has(RECORD) || profiles == null) {
      throw new UsageException(
          "--recordings-namespace is for what is recorded, in the cluster that profiles come from;"
              + " give --record and --profiles-namespace, too");
    }
    if (!ObjectNames.isLabel(namespace)) {
      throw new UsageException(
          "--recordings-namespace \"" + namespace + "\" is not a valid namespace name");
    }
    if (namespace.equals(profiles)) {
      throw new UsageException(
          "--recordings-namespace \""
              + namespace
              + "\" is that of the profiles: who can write there decides what nodes have; give"
              + " another");
    }
    return namespace;
  }

  /// Where it is kept what was decided for containers.
  public static Path records(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("records");
  }
}

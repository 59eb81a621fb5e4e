package dev.portcullis.cli.options;

import java.nio.file.Path;

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

  private NodeRunOptions() {}

  /// The value of {@link #RUN_DIR}.
  public static Path runDirectory(Arguments arguments) throws UsageException {
    return arguments.pathOrUsual(RUN_DIR).toAbsolutePath().normalize();
  }

  /// Where the copies of profiles are that runtimes read.
  public static Path snapshots(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("profiles");
  }

  /// Where it is kept what was decided for containers.
  public static Path records(Arguments arguments) throws UsageException {
    return runDirectory(arguments).resolve("records");
  }
}

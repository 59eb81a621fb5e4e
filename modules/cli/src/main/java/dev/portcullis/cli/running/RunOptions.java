package dev.portcullis.cli.running;

import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.run.pod.OciRuntime;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How to run, beside what.
///
/// @param profileRoot where `localhost/` profiles lie; null where none is looked up
/// @param listeners the sockets that profiles may name
/// @param endpoint of the runtime; null for a containerd of our own
/// @param handler of the runtime, for pods that name none; empty for its default
/// @param images archives to load before
/// @param time after which the pods are ended; null for never
/// @param keep whether to leave everything running
/// @param prove whether each container's filter is proven to be that of its profile
/// @param output the form of the result
public record RunOptions(
    @Nullable Path profileRoot,
    AllowedListeners listeners,
    @Nullable String endpoint,
    String handler,
    List<Path> images,
    @Nullable Duration time,
    boolean keep,
    boolean prove,
    OutputFormat output) {
  /// What runs leave while they last: a directory for each.
  public static final Path STATE = Path.of("/var/lib/portcullis");

  public RunOptions {
    images = List.copyOf(images);
  }

  /// The same with profiles in another directory; null for none.
  public RunOptions withProfileRoot(@Nullable Path root) {
    return new RunOptions(root, listeners, endpoint, handler, images, time, keep, prove, output);
  }

  /// Whether the result is for people.
  public boolean table() {
    return output.forPeople();
  }

  /// What the runtime gives to containers by itself: the one that was named, or our own containerd,
  /// which is configured as usual.
  public DefaultCapabilities defaultCapabilities() {
    return endpoint == null
        ? DefaultCapabilities.always(
            new RuntimeCapabilities(FilterOptions.usualCapabilities(), CapabilityPrefix.ALWAYS))
        : DefaultCapabilities.behind(endpoint, null);
  }

  /// The handler of a pod's containers; empty for the runtime's default.
  public String handlerOf(PodPlan plan) {
    return plan.handler(handler);
  }

  /// What makes the containers of a pod. Only of our own containerd is known what its handlers are:
  /// without a name, and by the name `runc`, it is runc.
  public OciRuntime runtimeOf(PodPlan plan) {
    String named = handlerOf(plan);
    return endpoint == null && (named.isEmpty() || named.equals("runc"))
        ? OciRuntime.RUNC
        : OciRuntime.UNKNOWN;
  }

  /// Whose ways of making filters the maker of a pod's containers may have. Another runtime may
  /// give any name to anything.
  Set<Dialect> dialectsOf(PodPlan plan) {
    String named = handlerOf(plan);
    if (endpoint != null) {
      return EnumSet.allOf(Dialect.class);
    }
    return switch (named) {
      case "", "runc" -> EnumSet.of(Dialect.RUNC, Dialect.RUNC_1_1);
      case "crun" -> EnumSet.of(Dialect.CRUN, Dialect.CRUN_1_29);
      default -> EnumSet.allOf(Dialect.class);
    };
  }
}

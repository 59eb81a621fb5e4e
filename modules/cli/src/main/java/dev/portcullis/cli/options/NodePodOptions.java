package dev.portcullis.cli.options;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Of which pod, and which of its containers, it is asked what the agent of this node knows.
///
/// @param pod `shop/web`; null for all
/// @param container null for all of them
public record NodePodOptions(@Nullable String pod, @Nullable String container) {
  private static final Option POD =
      Option.value("pod", "NS/NAME", "of this pod alone (default: all of this node)");
  private static final Option CONTAINER =
      PodOptions.CONTAINER.meaning("of this container of --pod alone (default: all)");

  /// For a verb that takes a pod.
  ///
  /// @param help what `--pod` means there
  public static List<Option> all(String help) {
    return List.of(POD.meaning(help), CONTAINER, NodeRunOptions.RUN_DIR);
  }

  /// For a verb that shows all where no pod is named.
  public static List<Option> all() {
    return all(POD.help());
  }

  public static NodePodOptions of(Arguments arguments) throws UsageException {
    String pod = arguments.value(POD);
    String container = arguments.value(CONTAINER);
    if (pod != null && !pod.matches("[^/]+/[^/]+")) {
      throw new UsageException("--pod \"" + pod + "\" is not of the form NAMESPACE/NAME");
    }
    if (pod == null && container != null) {
      throw new UsageException("--container needs --pod: it names a container of that pod");
    }
    return new NodePodOptions(pod, container);
  }

  /// For messages: whose containers are meant.
  public String text() {
    return (container == null ? "" : "container \"" + container + "\" of ") + "pod \"" + pod + "\"";
  }

  /// That none of them is watched.
  public String unwatched() {
    return container == null
        ? "no container of " + text() + " is watched"
        : text() + " is not watched";
  }
}

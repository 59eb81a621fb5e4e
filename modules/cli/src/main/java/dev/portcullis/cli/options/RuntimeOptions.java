package dev.portcullis.cli.options;

import java.util.List;

/// Which container runtime is asked.
public final class RuntimeOptions {
  /// Without a usual value: a verb without a runtime asks none.
  public static final Option ENDPOINT =
      Option.value("runtime-endpoint", "unix:///PATH", "socket of the container runtime")
          .taking(
              Values.TEXT.or(() ->
                  List.of("unix:///run/containerd/containerd.sock", "unix:///run/crio/crio.sock")));

  /// The same for verbs that cannot do without one.
  public static final Option USUAL_ENDPOINT =
      ENDPOINT.usually("unix:///run/containerd/containerd.sock");

  /// The same for verbs that start a containerd of their own.
  public static final Option ENDPOINT_OR_OWN =
      ENDPOINT.meaning(ENDPOINT.help() + " (default: a containerd of its own)");

  public static final Option LOAD_IMAGE =
      Option.values("load-image", "FILE", "load the images of an archive first; may be repeated");

  public static final Option HANDLER =
      Option.value(
          "runtime-handler",
          "NAME",
          "the runtime's handler, such as crun, where it matters (default: the runtime's own)");

  /// For the grammar of a verb that cannot do without a runtime.
  public static final List<Option> ALL = List.of(USUAL_ENDPOINT, HANDLER);

  private RuntimeOptions() {}

  /// The value of {@link #HANDLER}; empty for the runtime's default.
  public static String handler(Arguments arguments) {
    String handler = arguments.value(HANDLER);
    return handler == null ? "" : handler;
  }
}

package dev.portcullis.cri;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.profile.Capabilities;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a runtime reports about its configuration in the verbose answer to `Status`, as far as it
/// matters to filters. containerd does (`internal/cri/server/status.go`), CRI-O from 1.33 on
/// (`server/runtime_status.go`).
///
/// @param defaultCapabilities of a container that asks for nothing, in names as `CAP_CHOWN`; null
///   where it does not report them
/// @param defaultHandler the handler that is meant by the empty name; empty where it does not
///   report it
/// @param privilegedProfile the file of the profile of privileged containers; empty where they have
///   none, or it does not report it
/// @param handlers by their names; empty where it does not report them
public record RuntimeConfiguration(
    @Nullable Set<String> defaultCapabilities,
    String defaultHandler,
    String privilegedProfile,
    Map<String, Handler> handlers) {
  /// Of a runtime that reports nothing.
  public static final RuntimeConfiguration UNTOLD =
      new RuntimeConfiguration(null, "", "", Map.of());

  public RuntimeConfiguration {
    defaultCapabilities = defaultCapabilities == null ? null : Set.copyOf(defaultCapabilities);
    handlers = Map.copyOf(handlers);
  }

  /// How containers of a handler are made.
  ///
  /// @param program the OCI runtime, a path or a name; empty where it does not report it
  /// @param defaultProfile the file of its default profile; empty for the runtime's own
  /// @param baseSpec the file of what its containers are before anybody asks for anything
  ///   (containerd's `base_runtime_spec`); empty where there is none
  public record Handler(String program, String defaultProfile, String baseSpec) {}

  static RuntimeConfiguration of(Map<String, String> info) {
    Value config = CriReplies.verbose(info, "config");
    if (CriReplies.at(config, "crio") instanceof Mapping crio) {
      return ofCrio(crio);
    }
    return CriReplies.at(config, "containerd") instanceof Mapping containerd
        ? ofContainerd(containerd)
        : UNTOLD;
  }

  /// The fields have the names that they have in Go.
  private static RuntimeConfiguration ofCrio(Mapping crio) {
    String common = text(crio.get("SeccompProfile"));
    Map<String, Handler> handlers = new TreeMap<>();
    if (crio.get("Runtimes") instanceof Mapping runtimes) {
      for (String name : runtimes.entries().keySet()) {
        String own = text(CriReplies.at(runtimes, name, "SeccompProfile"));
        handlers.put(
            name,
            new Handler(
                text(CriReplies.at(runtimes, name, "RuntimePath")),
                own.isEmpty() ? common : own,
                ""));
      }
    }
    return new RuntimeConfiguration(
        capabilities(crio.get("DefaultCapabilities")),
        text(crio.get("DefaultRuntime")),
        text(crio.get("PrivilegedSeccompProfile")),
        handlers);
  }

  private static RuntimeConfiguration ofContainerd(Mapping containerd) {
    Map<String, Handler> handlers = new TreeMap<>();
    if (containerd.get("runtimes") instanceof Mapping runtimes) {
      for (String name : runtimes.entries().keySet()) {
        handlers.put(
            name,
            new Handler(
                text(CriReplies.at(runtimes, name, "options", "BinaryName")),
                "",
                text(CriReplies.at(runtimes, name, "baseRuntimeSpec"))));
      }
    }
    return new RuntimeConfiguration(null, text(containerd.get("defaultRuntimeName")), "", handlers);
  }

  /// Full names of a list of them, with the prefix or without; null where it is not such a list.
  public static @Nullable Set<String> capabilities(@Nullable Value list) {
    if (list instanceof Value.Null) {
      // A list without entries, as Go writes it.
      return Set.of();
    }
    if (!(list instanceof Sequence sequence)) {
      return null;
    }
    Set<String> names = new TreeSet<>();
    for (Value item : sequence.items()) {
      if (!(item instanceof Value.Text(_, String name))) {
        return null;
      }
      names.add(Capabilities.fullName(name));
    }
    return names;
  }

  private static String text(@Nullable Value value) {
    return value instanceof Value.Text(_, String text) ? text : "";
  }
}

package dev.portcullis.run.pod;

import dev.portcullis.pods.object.GoQuote;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a container is told of the fields of its own pod: the downward API.
///
/// @param nodeName this machine's name
record PodFields(PodPlan.Identity pod, String nodeName) {
  /// Paths that [#value] knows, for messages.
  static final String KNOWN =
      "metadata.name, metadata.namespace, metadata.uid, metadata.labels['<key>'],"
          + " metadata.annotations['<key>'], spec.nodeName, spec.serviceAccountName";

  /// The value at a path; null where the path is not known.
  @Nullable String value(String path) {
    for (String map : List.of("metadata.labels", "metadata.annotations")) {
      if (path.startsWith(map + "['") && path.endsWith("']")) {
        return map(map).getOrDefault(path.substring(map.length() + 2, path.length() - 2), "");
      }
    }
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "spec.nodeName" -> nodeName;
      case "spec.serviceAccountName" -> pod.serviceAccount();
      default -> null;
    };
  }

  /// What a file of a volume has for a path: also all labels or annotations, as `FormatMap` of
  /// Kubernetes' `pkg/fieldpath` writes them; null where the path is not known.
  @Nullable String content(String path) {
    return path.equals("metadata.labels") || path.equals("metadata.annotations")
        ? lines(map(path))
        : value(path);
  }

  private Map<String, String> map(String path) {
    return path.equals("metadata.labels") ? pod.metadata().labels() : pod.metadata().annotations();
  }

  private static String lines(Map<String, String> map) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(map)
        .forEach((key, value) ->
            lines.append(key).append('=').append(GoQuote.quote(value)).append('\n'));
    return lines.toString();
  }
}

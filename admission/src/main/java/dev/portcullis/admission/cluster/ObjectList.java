package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Objects of one kind, listed once and in pages.
final class ObjectList {
  private static final int PAGE = 500;

  /// A cluster with more is beyond what one request can look through.
  private static final int MOST_PAGES = 400;

  private ObjectList() {}

  /// All objects at a path; none where the server has no such kind.
  ///
  /// @param query what they are chosen by, as a URL has it; empty for nothing
  static List<KubernetesObject> of(ClusterConnection connection, String path, String query)
      throws IOException {
    List<KubernetesObject> objects = new ArrayList<>();
    each(connection, path, query, objects::add);
    return objects;
  }

  /// Hands over each object, page by page.
  static void each(
      ClusterConnection connection, String path, String query, Consumer<KubernetesObject> taker)
      throws IOException {
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      String text =
          connection.get(
              path
                  + "?limit="
                  + PAGE
                  + (query.isEmpty() ? "" : "&" + query)
                  + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, UTF_8)));
      if (text == null) {
        return;
      }
      Mapping list = ObjectText.read(text, path);
      for (ObjectReader.Found found : ObjectReader.read(list)) {
        switch (found) {
          case KubernetesObject object -> taker.accept(object);
          case ObjectReader.Broken(var error) ->
              throw new IOException(path + ": " + error.field() + ": " + error.message());
          case ObjectReader.Foreign _ -> throw new IOException(path + " does not return a list");
        }
      }
      next = continuation(list);
      if (next == null || next.isEmpty()) {
        return;
      }
    }
    throw new IOException(path + " has more than " + MOST_PAGES * PAGE + " objects");
  }

  private static @Nullable String continuation(Mapping list) {
    return list.present("metadata") instanceof Mapping metadata
            && metadata.present("continue") instanceof Value.Text(_, String text)
        ? text
        : null;
  }
}

package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Objects of one kind, listed once and in pages.
final class ObjectList {
  private static final int PAGE = 500;

  /// A cluster with more is beyond what one request can look through.
  private static final int MOST_PAGES = 400;

  private static final int MOST_LISTS = 3;

  private ObjectList() {}

  /// All objects at a path; none where the server has no such kind.
  ///
  /// @param query what they are chosen by, as a URL has it; empty for nothing
  static List<KubernetesObject> of(ClusterConnection connection, String path, String query)
      throws IOException {
    return of(connection, path, query, UnaryOperator.identity());
  }

  /// The same, of each what is kept of it: no two pages are in memory as a whole.
  static List<KubernetesObject> of(
      ClusterConnection connection, String path, String query, UnaryOperator<KubernetesObject> kept)
      throws IOException {
    for (int lists = 1; ; lists++) {
      try {
        return once(connection, path, query, kept);
      } catch (ApiFailure failed) {
        // Between two pages the server forgot what it had begun to list.
        if (failed.code() != HttpURLConnection.HTTP_GONE || lists == MOST_LISTS) {
          throw failed;
        }
      }
    }
  }

  private static List<KubernetesObject> once(
      ClusterConnection connection, String path, String query, UnaryOperator<KubernetesObject> kept)
      throws IOException {
    List<KubernetesObject> objects = new ArrayList<>();
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      String asked =
          path
              + "?limit="
              + PAGE
              + (query.isEmpty() ? "" : "&" + query)
              + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, UTF_8));
      Mapping list = connection.get(asked, "GET " + asked, ClusterConnection.LIST);
      if (list == null) {
        return objects;
      }
      for (ObjectReader.Found found : ObjectReader.read(list)) {
        switch (found) {
          case KubernetesObject object -> objects.add(kept.apply(object));
          case ObjectReader.Broken(var error) ->
              throw new IOException(path + ": " + error.field() + ": " + error.message());
          case ObjectReader.Foreign _ -> throw new IOException(path + " does not return a list");
        }
      }
      next = continuation(list);
      if (next == null || next.isEmpty()) {
        return objects;
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

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
import org.jspecify.annotations.Nullable;

/// The policies and the RBAC of a cluster, listed once.
public final class ClusterObjects {
  private static final int PAGE = 500;

  /// A cluster with more is beyond what one command can look through.
  private static final int MOST_PAGES = 400;

  private static final List<String> RBAC =
      List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings");

  private ClusterObjects() {}

  /// All of them. A kind that the server does not have has no objects.
  ///
  /// @throws IOException also where the user may not list them
  public static List<KubernetesObject> policiesAndRbac(ClusterConnection connection)
      throws IOException {
    List<KubernetesObject> objects = new ArrayList<>();
    list(connection, "/apis/portcullis.dev/v1alpha1/seccomppolicies", objects);
    list(connection, "/apis/" + ServerVersion.POLICY_V1BETA1 + "/podsecuritypolicies", objects);
    for (String resource : RBAC) {
      list(connection, "/apis/rbac.authorization.k8s.io/v1/" + resource, objects);
    }
    return objects;
  }

  private static void list(ClusterConnection connection, String path, List<KubernetesObject> into)
      throws IOException {
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      String text =
          connection.get(
              path
                  + "?limit="
                  + PAGE
                  + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, UTF_8)));
      if (text == null) {
        return;
      }
      Mapping list = ObjectText.read(text, path);
      for (ObjectReader.Found found : ObjectReader.read(list)) {
        switch (found) {
          case KubernetesObject object -> into.add(object);
          case ObjectReader.Broken(var error) ->
              throw new IOException(path + ": " + error.field() + ": " + error.message());
          case ObjectReader.Foreign _ -> throw new IOException(path + " answers with no list");
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

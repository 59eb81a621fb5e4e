package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/// The objects of a kind, of the whole cluster or of one namespace, or those of them that are
/// chosen by their labels or fields.
///
/// @param path `/api/v1/namespaces`
/// @param query what they are chosen by, as a URL has it; empty for all
public record ApiCollection(String path, String query) {

  /// All of them.
  public static ApiCollection of(String path) {
    return new ApiCollection(path, "");
  }

  /// All of a namespace.
  ///
  /// @param group of the API with its version, as in a path: `/api/v1`
  public static ApiCollection of(String group, String namespace, String resource) {
    return of(group + "/namespaces/" + encoded(namespace) + "/" + resource);
  }

  /// Those that a selector of labels chooses: `a=b,c!=d`.
  public ApiCollection withLabels(String selector) {
    return and("labelSelector=" + encoded(selector));
  }

  /// Those that a selector of fields chooses.
  public ApiCollection withFields(String selector) {
    return and("fieldSelector=" + encoded(selector));
  }

  /// The path of one object.
  public String item(String name) {
    return path + "/" + encoded(name);
  }

  /// The path and the query of a request for them.
  ///
  /// @param more what else is in the query
  String request(String more) {
    return and(more).all();
  }

  private ApiCollection and(String more) {
    return new ApiCollection(path, query.isEmpty() ? more : query + "&" + more);
  }

  private String all() {
    return path + "?" + query;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}

package dev.portcullis.e2e.cluster;

import dev.portcullis.documents.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A kind of object that an API server has.
///
/// @param prefix of its paths, as `/apis/apps/v1`
/// @param group empty for the kinds that have none
record ApiResource(
    String prefix,
    String group,
    String plural,
    String singular,
    List<String> shortNames,
    boolean namespaced,
    boolean listed) {
  /// All of them, each in the version that its group prefers, where that has it.
  static List<ApiResource> discover(ApiClient client) throws IOException {
    Map<String, ApiResource> found = new LinkedHashMap<>();
    add("", "/api/v1", client, found);
    for (Value group : items(json("/apis", client), "groups")) {
      List<String> versions = new ArrayList<>();
      versions.add(text(JsonValues.at(group, "preferredVersion"), "groupVersion"));
      items(group, "versions").forEach(version -> versions.add(text(version, "groupVersion")));
      for (String version : versions) {
        add(text(group, "name"), "/apis/" + version, client, found);
      }
    }
    return List.copyOf(found.values());
  }

  private static void add(
      String group, String prefix, ApiClient client, Map<String, ApiResource> found)
      throws IOException {
    for (Value each : items(json(prefix, client), "resources")) {
      String plural = text(each, "name");
      if (!plural.contains("/")) {
        ApiResource resource =
            new ApiResource(
                prefix,
                group,
                plural,
                text(each, "kind").toLowerCase(Locale.ROOT),
                texts(each, "shortNames"),
                text(each, "namespaced").equals("true"),
                texts(each, "verbs").contains("list"));
        found.putIfAbsent(resource.name(), resource);
      }
    }
  }

  private static Value json(String path, ApiClient client) throws IOException {
    ApiClient.Answer answer = client.get(path);
    if (!answer.ok()) {
      throw new IOException("GET " + path + ": " + answer.error());
    }
    return JsonValues.read(answer.body());
  }

  private static List<Value> items(Value of, String key) {
    return JsonValues.items(JsonValues.at(of, key));
  }

  private static String text(Value of, String key) {
    return JsonValues.text(JsonValues.at(of, key));
  }

  private static List<String> texts(Value of, String key) {
    return items(of, key).stream().map(JsonValues::text).toList();
  }

  /// `deployments.apps`, as `kubectl api-resources -o name` has it.
  String name() {
    return plural + dotGroup();
  }

  /// `deployment.apps`, as it stands before the name of an object.
  String kind() {
    return singular + dotGroup();
  }

  private String dotGroup() {
    return group.isEmpty() ? "" : "." + group;
  }

  /// Whether somebody means it by a word.
  boolean isCalled(String word) {
    return List.of(plural, singular, name(), kind()).contains(word) || shortNames.contains(word);
  }

  /// The path of all its objects, or of those in a namespace.
  ///
  /// @param namespace empty for all
  String path(String namespace) {
    return prefix
        + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
        + "/"
        + plural;
  }
}

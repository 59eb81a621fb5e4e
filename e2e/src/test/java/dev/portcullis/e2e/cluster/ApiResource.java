package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
  private static final JsonMapper JSON = new JsonMapper();

  /// All of them, each in the version that its group prefers, where that has it.
  static List<ApiResource> discover(ApiClient client) throws IOException {
    Map<String, ApiResource> found = new LinkedHashMap<>();
    add("", "/api/v1", client, found);
    for (JsonNode group : json("/apis", client).path("groups")) {
      List<String> versions = new ArrayList<>();
      versions.add(group.path("preferredVersion").path("groupVersion").asString(""));
      group
          .path("versions")
          .forEach(version -> versions.add(version.path("groupVersion").asString("")));
      for (String version : versions) {
        add(group.path("name").asString(""), "/apis/" + version, client, found);
      }
    }
    return List.copyOf(found.values());
  }

  private static void add(
      String group, String prefix, ApiClient client, Map<String, ApiResource> found)
      throws IOException {
    for (JsonNode each : json(prefix, client).path("resources")) {
      String plural = each.path("name").asString("");
      if (!plural.contains("/")) {
        ApiResource resource =
            new ApiResource(
                prefix,
                group,
                plural,
                each.path("kind").asString("").toLowerCase(Locale.ROOT),
                texts(each.path("shortNames")),
                each.path("namespaced").asBoolean(),
                texts(each.path("verbs")).contains("list"));
        found.putIfAbsent(resource.name(), resource);
      }
    }
  }

  private static JsonNode json(String path, ApiClient client) throws IOException {
    ApiClient.Answer answer = client.get(path);
    if (!answer.ok()) {
      throw new IOException("GET " + path + ": " + answer.error());
    }
    return JSON.readTree(answer.body());
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asString).toList();
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

package dev.portcullis.cli.result;

import dev.portcullis.cli.input.ClosedDefault;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.PolicyDefault;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.seccomp.json.ProfileWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What makes a closed profile the default of a cluster: objects to apply, and what else is to do,
/// as comments.
///
/// @param closing the change
/// @param closed what it is for
/// @param namespace of the ConfigMaps with profiles
public record ClosingManifests(ClosingChange closing, ClosedDefault closed, String namespace) {
  private static final String KEY_SUFFIX = ".json";

  /// The profile as pods and policies name it.
  public ProfileName.Localhost profile() {
    return new ProfileName.Localhost(name() + KEY_SUFFIX);
  }

  private String name() {
    List<Vulnerability> all = List.copyOf(closing.after().keySet());
    return "default-"
        + (all.size() == 1
            ? all.getFirst()
                .id()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceFirst("-$", "")
            : "closed");
  }

  /// Everything, for `kubectl apply -f`.
  public String yaml() {
    List<YamlWriter.Document> documents = new ArrayList<>();
    documents.add(new YamlWriter.Document(head(), configMap()));
    List<Mapping> changed =
        closed.policies().stream()
            .flatMap(policy ->
                PolicyDefault.changed(policy, ProfileName.RUNTIME_DEFAULT, profile()).stream())
            .toList();
    List<Mapping> policies = closed.noPolicies() ? PolicyDefault.forEverybody(profile()) : changed;
    List<String> why =
        closed.noPolicies()
            ? List.of(
                "No policy was given: this one is for a cluster that has none. Where there are"
                    + " policies, give them with --policy or --cluster, and leave this out.")
            : List.of("The policies whose default is runtime/default, with the closed profile.");
    for (int i = 0; i < policies.size(); i++) {
      documents.add(new YamlWriter.Document(i == 0 ? why : List.of(), policies.get(i)));
    }
    return YamlWriter.stream(documents);
  }

  private List<String> head() {
    List<String> lines = new ArrayList<>();
    String names =
        closing.after().keySet().stream()
            .map(each -> each.id() + " " + each.title())
            .collect(Collectors.joining(", "));
    lines.add(
        "The profile "
            + closed.base()
            + " without what reaches "
            + names
            + ": "
            + ExposureText.effect(closing)
            + ".");
    ExposureText.loses(closing).forEach(loss -> lines.add("It takes away: " + loss + "."));
    lines.add("");
    lines.add(
        "1. Apply the ConfigMap, the first document, and wait until each node has the profile:");
    lines.add("   kubectl get nodeprofiles -o yaml | grep " + profile().text());
    lines.add("2. Apply the rest. Containers that name no profile get this one from then on.");
    lines.add(
        "   Nodes that choose the default themselves want --default-profile " + profile().text());
    lines.add("3. Restart these: running containers keep the filter that they have.");
    list(closed.restarted(), "none of the pods that were given", lines);
    if (!closed.written().isEmpty()) {
      lines.add(
          "   The webhook admitted these, which may have written runtime/default into them. Restart"
              + " them, too; they keep it where their own manifest names it:");
      list(closed.written(), "", lines);
    }
    lines.add(
        "   These name runtime/default themselves, and keep it until they name another profile:");
    list(closed.named(), "none of the pods that were given", lines);
    lines.add(
        "4. To go back: "
            + (closed.noPolicies()
                ? "kubectl delete seccomppolicy,clusterrole,clusterrolebinding of the names below,"
                : "apply the policies as they were,")
            + " restart the pods, and then delete the ConfigMap: kubectl delete configmap "
            + name()
            + " -n "
            + namespace);
    return lines;
  }

  private static void list(List<String> names, String none, List<String> lines) {
    if (names.isEmpty()) {
      lines.add("   - " + none);
    }
    names.forEach(name -> lines.add("   - " + name));
  }

  private Mapping configMap() {
    return new MappingBuilder()
        .put("apiVersion", "v1")
        .put("kind", "ConfigMap")
        .put(
            "metadata",
            new MappingBuilder()
                .put("name", name())
                .put("namespace", namespace)
                .put("labels", new MappingBuilder().put(ProfileConfigMap.LABEL, "true").build())
                .build())
        .put(
            "data",
            new MappingBuilder()
                .put(name() + KEY_SUFFIX, ProfileWriter.write(closing.profile()))
                .build())
        .build();
  }
}

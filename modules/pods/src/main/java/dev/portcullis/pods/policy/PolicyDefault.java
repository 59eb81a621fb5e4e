package dev.portcullis.pods.policy;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// SeccompPolicies with another default profile.
public final class PolicyDefault {
  private static final String ALLOWED = "allowedProfiles";
  private static final String DEFAULT = "defaultProfile";
  private static final List<String> MATTERS = List.of(ALLOWED, "stricterThan", DEFAULT);

  private PolicyDefault() {}

  /// A policy whose default is a profile, with another one in its place, which it then allows, too;
  /// for an update of the object. Nothing of an object that is no such policy.
  ///
  /// @param policy as a file or the API server has it
  public static Optional<Mapping> changed(
      KubernetesObject policy, ProfileName from, ProfileName to) {
    boolean concerned =
        PolicyReader.read(policy) instanceof PolicyReader.Usable(Policy read)
            && read.kind() == Policy.Kind.SECCOMP_POLICY
            && from.equals(read.defaultProfile());
    if (!concerned || !(policy.manifest().present("spec") instanceof Mapping spec)) {
      return Optional.empty();
    }
    MappingBuilder changed = new MappingBuilder();
    List<Value> allowed = new ArrayList<>();
    if (spec.present(ALLOWED) instanceof Sequence sequence) {
      allowed.addAll(sequence.items());
    }
    // The API server refuses an entry that stands twice.
    if (allowed.stream()
        .noneMatch(each -> each instanceof Value.Text(_, String name) && name.equals(to.text()))) {
      allowed.add(new Value.Text(Position.NONE, to.text()));
    }
    changed.put(ALLOWED, allowed);
    for (String field : MATTERS) {
      Value value = spec.present(field);
      if (value != null && !field.equals(ALLOWED) && !field.equals(DEFAULT)) {
        changed.put(field, value);
      }
    }
    changed.put(DEFAULT, to.text());
    return Optional.of(
        object("SeccompPolicy", PolicyReader.OUR_VERSION, name(policy))
            .put("spec", changed.build())
            .build());
  }

  /// A policy that everybody may use, with its grant: for a cluster that has none. As there, it
  /// allows `runtime/default`.
  public static List<Mapping> forEverybody(ProfileName defaultProfile) {
    String role = "use-seccomp-policy-everybody";
    String group = "rbac.authorization.k8s.io";
    Mapping rule =
        new MappingBuilder()
            .put("apiGroups", texts("portcullis.dev"))
            .put("resources", texts(Policy.Kind.SECCOMP_POLICY.resource()))
            .put("resourceNames", texts("everybody"))
            .put("verbs", texts("use"))
            .build();
    return List.of(
        object("SeccompPolicy", PolicyReader.OUR_VERSION, "everybody")
            .put(
                "spec",
                new MappingBuilder()
                    .put(ALLOWED, texts(ProfileName.RUNTIME_DEFAULT.text(), defaultProfile.text()))
                    .put(DEFAULT, defaultProfile.text())
                    .build())
            .build(),
        object("ClusterRole", group + "/v1", role).put("rules", List.of(rule)).build(),
        object("ClusterRoleBinding", group + "/v1", role)
            .put(
                "roleRef",
                new MappingBuilder()
                    .put("apiGroup", group)
                    .put("kind", "ClusterRole")
                    .put("name", role)
                    .build())
            .put(
                "subjects",
                Stream.of("system:authenticated", "system:serviceaccounts")
                    .map(name ->
                        new MappingBuilder()
                            .put("apiGroup", group)
                            .put("kind", "Group")
                            .put("name", name)
                            .build())
                    .toList())
            .build());
  }

  private static String name(KubernetesObject policy) {
    return policy.manifest().present("metadata") instanceof Mapping metadata
            && metadata.present("name") instanceof Value.Text(_, String name)
        ? name
        : "";
  }

  private static MappingBuilder object(String kind, String version, String name) {
    return new MappingBuilder()
        .put("apiVersion", version)
        .put("kind", kind)
        .put("metadata", new MappingBuilder().put("name", name).build());
  }

  private static List<Value> texts(String... texts) {
    return List.of(texts).stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterProfiles;
import dev.portcullis.cel.ProvenName;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.profiles.configmap.ConfigMapStore;
import dev.portcullis.profiles.configmap.DesiredProfile;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.store.ProfileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `stricterThan` of policies allows beside the profiles that it names, by the contents of
/// profiles that there are.
///
/// @param proven by policy and profile
/// @param notes what could not be compared
public record ProvenProfiles(List<ProvenName> proven, List<String> notes) {
  /// Comparisons in all; each takes milliseconds.
  private static final int MOST = 20_000;

  public static final ProvenProfiles NONE = new ProvenProfiles(List.of(), List.of());

  public ProvenProfiles {
    proven = List.copyOf(proven);
    notes = List.copyOf(notes);
  }

  /// By the files below a profile root.
  public static ProvenProfiles ofDirectory(List<Policy> policies, Path root) throws IOException {
    List<ProfileName.Localhost> names = new ArrayList<>();
    for (Path file : DirectoryFiles.below(root)) {
      names.add(new ProfileName.Localhost(root.relativize(file).toString()));
    }
    return of(policies, names, new ProfileRoot(root));
  }

  /// By the ConfigMaps of a cluster.
  ///
  /// @param namespace that they are in
  public static ProvenProfiles ofCluster(
      List<Policy> policies, ClusterConnection connection, String namespace) throws IOException {
    DesiredProfiles desired = DesiredProfiles.of(ClusterProfiles.list(connection, namespace));
    List<ProfileName.Localhost> names = new ArrayList<>();
    desired
        .byPath()
        .forEach((path, profile) -> {
          switch (profile) {
            case DesiredProfile.Sound _ -> names.add(new ProfileName.Localhost(path));
            case DesiredProfile.Broken _ -> {}
          }
        });
    return of(policies, names, new ConfigMapStore(desired, namespace));
  }

  /// Whether some policy allows more than it names.
  public static boolean matter(List<Policy> policies) {
    return policies.stream().anyMatch(policy -> !policy.stricterThan().isEmpty());
  }

  private static ProvenProfiles of(
      List<Policy> policies, List<ProfileName.Localhost> names, ProfileStore store) {
    StrictnessOfFiles strictness = new StrictnessOfFiles(store);
    List<ProvenName> proven = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int compared = 0;
    for (Policy policy : policies) {
      for (ProfileName.Localhost name : names) {
        if (policy.allows(name) || policy.stricterThan().contains(name)) {
          continue;
        }
        for (ProfileName than : policy.stricterThan()) {
          if (compared++ >= MOST) {
            notes.add(
                "after "
                    + MOST
                    + " comparisons, the other profiles were not compared; name them in"
                    + " allowedProfiles");
            return new ProvenProfiles(proven, notes);
          }
          if (strictness.compare(name, than)
              instanceof Strictness.NoWeaker(String sha256, String base)) {
            proven.add(new ProvenName(policy.name(), name, sha256, than, base));
            break;
          }
        }
      }
    }
    return new ProvenProfiles(proven, notes);
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.admission.cluster.ClusterProfiles;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.profiles.configmap.ConfigMapStore;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.Profile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Where the `localhost/` profiles are of what is asked about.
@FunctionalInterface
interface SubjectProfiles {
  /// What there is under a key.
  Answer lookup(ProfileKey key);

  /// What came of a question.
  sealed interface Answer {}

  /// There is one.
  ///
  /// @param file that `profile derive --from` takes
  /// @param source where the content is, if that file is yet to be written: a ConfigMap and its
  ///   key; empty where the file is there
  record Found(Profile profile, String file, String source) implements Answer {}

  /// There is none that can be used.
  record None(String why) implements Answer {}

  /// Those of a directory of this machine.
  static SubjectProfiles of(ProfileStore root) {
    return key ->
        switch (root.lookup(key)) {
          case UsableProfile usable -> new Found(usable.profile(), usable.source(), "");
          case ProfileLookup.None none -> new None(none.why());
        };
  }

  /// Those of a cluster's ConfigMaps. What nodes have besides is seen only in a copy of it.
  ///
  /// @param copy of the profile root of a node, for what the ConfigMaps do not have; null for none
  static SubjectProfiles of(
      ClusterConnection connection, String namespace, @Nullable ProfileStore copy) {
    ProfileStore maps;
    try {
      maps =
          new ConfigMapStore(
              DesiredProfiles.of(ClusterProfiles.list(connection, namespace)), namespace);
    } catch (IOException failed) {
      String why = String.valueOf(failed.getMessage());
      maps = _ -> new ProfileLookup.Undecided(why);
    }
    ProfileStore first = maps;
    return key ->
        switch (first.lookup(key)) {
          case UsableProfile usable ->
              new Found(
                  usable.profile(),
                  key.path().substring(key.path().lastIndexOf('/') + 1),
                  usable.source());
          case ProfileLookup.Absent _ when copy != null -> of(copy).lookup(key);
          case ProfileLookup.None none ->
              new None(
                  none.why()
                      + (copy == null
                          ? "; a copy of the profiles of a node is named with"
                              + " --seccomp-profile-root"
                          : ""));
        };
  }
}

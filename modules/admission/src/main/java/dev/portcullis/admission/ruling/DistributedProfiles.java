package dev.portcullis.admission.ruling;

import dev.portcullis.profiles.configmap.ConfigMapStore;
import dev.portcullis.profiles.configmap.DesiredProfiles;
import dev.portcullis.profiles.configmap.ProfileConfigMap;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ConfigMaps from which nodes have their profiles.
public interface DistributedProfiles {

  /// The namespace that they are in; null where none are followed.
  @Nullable String namespace();

  /// What they want together, as they were last seen; null while that is unknown.
  @Nullable DesiredProfiles desired();

  /// All of them, as the API server has them now.
  Collection<ProfileConfigMap> stored() throws IOException;

  /// Whether their namespace is being deleted, and all of them with it.
  boolean areGoing() throws IOException;

  /// The profiles that they want, as they were last seen; undecided while they are unknown.
  default ProfileStore store() {
    return key -> {
      DesiredProfiles desired = desired();
      String namespace = namespace();
      if (namespace == null) {
        return new ProfileLookup.Undecided(
            "this webhook does not watch ConfigMaps with profiles (--profiles-namespace)");
      }
      return desired == null
          ? new ProfileLookup.Undecided(
              "the ConfigMaps with profiles in namespace \""
                  + namespace
                  + "\" have not been read yet, or the webhook may not read them (see its log)")
          : new ConfigMapStore(desired, namespace).lookup(key);
    };
  }

  /// Where none are followed.
  static DistributedProfiles none() {
    return new DistributedProfiles() {
      @Override
      public @Nullable String namespace() {
        return null;
      }

      @Override
      public @Nullable DesiredProfiles desired() {
        return null;
      }

      @Override
      public Collection<ProfileConfigMap> stored() {
        return List.of();
      }

      @Override
      public boolean areGoing() {
        return false;
      }
    };
  }
}

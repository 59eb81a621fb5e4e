package dev.portcullis.profiles.configmap;

import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import java.util.List;

/// The profiles that ConfigMaps want on nodes.
///
/// @param desired what they want together
/// @param namespace that they are in
public record ConfigMapStore(DesiredProfiles desired, String namespace) implements ProfileStore {
  @Override
  public ProfileLookup lookup(ProfileKey key) {
    return switch (desired.byPath().get(key.path())) {
      case DesiredProfile.Sound sound ->
          UsableProfile.of(sound.source(), sound.content(), sound.findings());
      case DesiredProfile.Broken(String source) ->
          new ProfileLookup.Unusable(
              source + " is not a usable profile, or not the only one with this path", List.of());
      case null ->
          new ProfileLookup.Absent(
              "no ConfigMap in namespace \"" + namespace + "\" has " + key.text());
    };
  }
}

package dev.portcullis.profiles.store;

import dev.portcullis.profiles.key.ProfileKey;

/// What has profiles: a directory of a node, ConfigMaps.
@FunctionalInterface
public interface ProfileStore {
  /// What there is under a key, now.
  ProfileLookup lookup(ProfileKey key);
}

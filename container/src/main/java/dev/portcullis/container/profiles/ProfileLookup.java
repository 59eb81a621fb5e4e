package dev.portcullis.container.profiles;

/// What came of looking for a profile below the root.
public sealed interface ProfileLookup permits CheckedProfile, UnusableProfile {}

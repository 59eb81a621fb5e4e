package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.resolve.ResolvedProfile;

/// A profile to put together with others.
///
/// @param name what it is called in reasons
/// @param beside what decides beside its filter
public record NamedProfile(String name, ResolvedProfile profile, Beside beside) {}

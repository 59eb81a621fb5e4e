package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;

/// One entry of `flags`, as it was written.
public record Flag(Position at, String name) {}

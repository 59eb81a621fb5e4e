package dev.portcullis.node.distribution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A profile below the root that can be used.
///
/// @param path what follows `localhost/` in its name
/// @param sha256 of its content, in hexadecimal
/// @param since when the file came to be as it is
/// @param source the key of the ConfigMap it was written for; null where Portcullis did not write
///   it
public record PinnedProfile(String path, String sha256, Instant since, @Nullable String source) {}

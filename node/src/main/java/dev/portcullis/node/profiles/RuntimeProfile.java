package dev.portcullis.node.profiles;

import dev.portcullis.seccomp.profile.Profile;
import java.nio.file.Path;

/// What a runtime is given.
public sealed interface RuntimeProfile {

  /// The file itself.
  record AsWritten(Path file) implements RuntimeProfile {}

  /// An OCI profile to be written to a file that nobody else can change, because the runtime would
  /// read the original as something else.
  record Converted(Profile profile, String json) implements RuntimeProfile {}
}

package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;

/// What profile is to be made of a recording.
///
/// @param arguments which arguments it has conditions on
/// @param ociRuntimes what is added is what these need to start a container under it
/// @param machine the architecture that comes first
public record ProfileWish(
    ArgumentConditions arguments, List<String> ociRuntimes, Architecture machine) {
  public ProfileWish {
    ociRuntimes = List.copyOf(ociRuntimes);
  }
}

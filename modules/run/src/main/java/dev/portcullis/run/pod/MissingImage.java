package dev.portcullis.run.pod;

import dev.portcullis.run.containerd.ImageArchive;
import java.util.Set;

/// How an image gets to a runtime that does not have it and cannot pull it.
final class MissingImage {
  private static final Set<String> LOADED_BY_RUN = Set.of("containerd", "cri-o");

  private MissingImage() {}

  /// What to do, in words that follow a semicolon.
  ///
  /// @param runtime what the runtime calls itself (CRI, VersionResponse.runtime_name)
  static String remedy(String reference, String runtime) {
    String load =
        LOADED_BY_RUN.contains(runtime)
            ? "load it from a file with --load-image"
            : "load it with the tools of the runtime, which is " + runtime;
    return reference.equals(ImageArchive.BUSYBOX)
        ? load + ": portcullis image save --output-file busybox.tar writes this one"
        : load;
  }
}

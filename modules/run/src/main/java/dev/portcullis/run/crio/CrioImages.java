package dev.portcullis.run.crio;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.run.containerd.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Loads images from files into CRI-O's storage. CRI has no call for it, and CRI-O has no tool, but
/// skopeo writes that storage, and CRI-O looks into it whenever it is asked.
public final class CrioImages {
  private static final Duration COPY = Duration.ofMinutes(10);

  private CrioImages() {}

  /// Loads an archive as `docker save` or an OCI tool writes it.
  ///
  /// @param endpoint `unix:///...`, of the CRI-O that `cri` speaks to
  /// @param say gets one line
  /// @return the names of the images
  public static List<String> load(Path archive, String endpoint, Cri cri, Consumer<String> say)
      throws IOException, CriException {
    return load(archive, endpoint, cri, Commands.ofSystem(), say);
  }

  static List<String> load(
      Path archive, String endpoint, Cri cri, Commands commands, Consumer<String> say)
      throws IOException, CriException {
    Path file = archive.toAbsolutePath();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException(archive + ": not a readable file");
    }
    if (file.toString().contains(":")) {
      throw new IOException(
          file + ": skopeo does not accept a path with a colon; copy the archive to another path");
    }
    List<ImageNames.Named> images = ImageNames.of(file);
    CrioStorage storage = CrioStorage.of(endpoint);
    say.accept("loading " + archive);
    List<String> names = new ArrayList<>();
    for (ImageNames.Named image : images) {
      copy(archive, image, storage, commands);
      if (cri.image(image.name()).isEmpty()) {
        throw new IOException(
            "the image " + image.name() + " was loaded, but the runtime does not list it");
      }
      names.add(image.name());
    }
    return names;
  }

  private static void copy(
      Path archive, ImageNames.Named image, CrioStorage storage, Commands commands)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    if (!storage.signaturePolicy().isEmpty()) {
      command.addAll(List.of("--policy", storage.signaturePolicy()));
    }
    command.addAll(List.of("copy", "--quiet", image.source(), storage.image(image.name())));
    Commands.Outcome outcome;
    try {
      outcome = commands.run(command, COPY);
    } catch (IOException e) {
      throw new IOException(
          archive
              + " cannot be loaded into CRI-O's storage without skopeo (apt-get install skopeo), or"
              + " with podman: podman load --input "
              + archive
              + " ("
              + e.getMessage()
              + ")",
          e);
    }
    if (!outcome.ok()) {
      throw new IOException(
          archive + " cannot be loaded into CRI-O's storage: " + outcome.output().strip());
    }
  }
}

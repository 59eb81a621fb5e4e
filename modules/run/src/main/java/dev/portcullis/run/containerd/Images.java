package dev.portcullis.run.containerd;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loads images from files. CRI has no call for it, so containerd's own tool does it.
public final class Images {
  private static final Duration IMPORT = Duration.ofMinutes(10);
  private static final Duration NOTICED = Duration.ofSeconds(10);
  // What ctr prints of each image: `unpacking localhost/a/b:1 (sha256:...)...done`.
  private static final Pattern UNPACKING = Pattern.compile("unpacking (\\S+) \\(sha256:");

  private Images() {}

  /// Loads an archive as `docker save` or an OCI tool writes it into the containerd behind an
  /// endpoint.
  ///
  /// @param endpoint `unix:///...`, of the runtime that `cri` speaks to
  /// @param say gets one line
  /// @return the names of the images
  public static List<String> load(Path archive, String endpoint, Cri cri, Consumer<String> say)
      throws IOException, CriException {
    if (!Files.isRegularFile(archive) || !Files.isReadable(archive)) {
      throw new IOException(archive + ": not a readable file");
    }
    say.accept("loading " + archive);
    return load(archive, endpoint, "", cri, Commands.ofSystem());
  }

  static List<String> load(
      Path archive, String endpoint, String snapshotter, Cri cri, Commands commands)
      throws IOException, CriException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ctr",
                "--address",
                endpoint.substring("unix://".length()),
                "--namespace",
                "k8s.io",
                "images",
                "import"));
    if (!snapshotter.isEmpty()) {
      command.addAll(List.of("--snapshotter", snapshotter));
    }
    command.add(archive.toString());
    Commands.Outcome outcome = commands.run(command, IMPORT);
    if (!outcome.ok()) {
      throw new IOException(
          archive + " cannot be loaded as an image archive: " + outcome.output().strip());
    }
    List<String> names = new ArrayList<>();
    Matcher matcher = UNPACKING.matcher(outcome.output());
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    for (String name : names) {
      awaitNoticed(name, cri);
    }
    return names;
  }

  /// CRI learns of an image by an event, shortly after the import.
  private static void awaitNoticed(String name, Cri cri) throws IOException, CriException {
    long deadline = System.nanoTime() + NOTICED.toNanos();
    while (cri.image(name).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the image " + name + " was loaded, but the runtime does not list it");
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}

package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Asks a [HelmProcess], which lives as long as this.
final class HelmClient implements AutoCloseable {
  /// What Helm said, and whether it did what it was asked.
  record Answer(boolean worked, String said) {}

  private final Path directory;
  private final Process process;
  private final DataOutputStream to;
  private final DataInputStream from;

  /// @param directory for its files, the native library among them
  HelmClient(Path directory) throws IOException {
    this.directory = directory;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djna.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                HelmProcess.class.getName())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    to = new DataOutputStream(process.getOutputStream());
    from = new DataInputStream(process.getInputStream());
  }

  /// `helm template`, by the values in a text.
  Answer template(Path chart, String namespace, String server, String values) throws IOException {
    Path file = Files.writeString(directory.resolve("values.yaml"), values);
    return ask("template", chart, namespace, server, file);
  }

  /// `helm lint --strict`.
  Answer lint(Path chart) throws IOException {
    return ask("lint", chart, "", "", directory);
  }

  /// `helm package`; its archive goes into a directory.
  Answer archive(Path chart, Path destination) throws IOException {
    return ask("package", chart, "", "", destination);
  }

  private Answer ask(String verb, Path chart, String namespace, String server, Path file)
      throws IOException {
    to.writeBoolean(true);
    for (String text : new String[] {verb, chart.toString(), namespace, server, file.toString()}) {
      to.writeUTF(text);
    }
    to.flush();
    boolean worked = from.readBoolean();
    return new Answer(worked, new String(from.readNBytes(from.readInt()), UTF_8));
  }

  @Override
  public void close() throws IOException {
    try (to;
        from) {
      to.writeBoolean(false);
    } finally {
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      process.destroyForcibly();
    }
  }
}

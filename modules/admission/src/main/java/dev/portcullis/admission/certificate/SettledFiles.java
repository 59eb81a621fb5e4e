package dev.portcullis.admission.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Files that somebody else keeps, looked at now and then. For one thread.
///
/// A volume of a Secret changes by one rename of the symbolic link `..data` (Kubernetes,
/// AtomicWriter), about a minute after the Secret. A look may fall between, or into somebody's
/// half-written file: so new content counts when two looks in a row have seen the same.
final class SettledFiles {
  private static final int LARGEST_FILE = 1024 * 1024;

  private final List<Path> files;
  private List<String> used;
  private List<String> seen;

  SettledFiles(Path... files) throws IOException {
    this.files = List.of(files);
    used = read();
    seen = used;
  }

  /// What was taken last, at first what was there at the beginning; a text for each file.
  List<String> used() {
    return used;
  }

  /// Reads the files. Null unless they have changed and settled; [#take] confirms that the new
  /// content is used.
  @Nullable List<String> changed() throws IOException {
    List<String> content = read();
    boolean settled = content.equals(seen);
    seen = content;
    return settled && !content.equals(used) ? content : null;
  }

  void take(List<String> content) {
    used = content;
  }

  private List<String> read() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(text(file));
    }
    return List.copyOf(texts);
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new IOException(file + " is larger than " + LARGEST_FILE + " bytes");
      }
      return new String(bytes, ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
  }
}

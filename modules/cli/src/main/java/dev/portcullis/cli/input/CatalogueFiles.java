package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.documents.Position;
import dev.portcullis.profiles.exposure.Catalogue;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.profiles.exposure.VulnerabilityReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The catalogue of a command: the one that comes with Portcullis, and entries of one's own.
///
/// @param complaints where there are any, entries are missing
public record CatalogueFiles(Catalogue catalogue, List<Diagnostic> complaints) {
  private static final int MOST_ENTRIES = 10_000;

  public CatalogueFiles {
    complaints = List.copyOf(complaints);
  }

  /// By {@link ExposureOptions#CATALOGUE}.
  public static CatalogueFiles read(Arguments arguments, VulnerabilityReader reader, InputStream in)
      throws IOException {
    StandardInput input = new StandardInput(in);
    List<Vulnerability> own = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    for (String path : arguments.values(ExposureOptions.CATALOGUE)) {
      for (String file : files(path)) {
        ProfileFiles.Content content = ProfileFiles.read(file, input);
        byte[] bytes = content.bytes();
        Diagnostic complaint = content.complaint();
        if (complaint != null) {
          complaints.add(complaint);
        }
        if (bytes == null) {
          continue;
        }
        VulnerabilityReader.Read read = reader.read(bytes);
        read.errors()
            .forEach(error -> complaints.add(Diagnostic.malformed(file, error.at(), error.text())));
        for (Vulnerability entry : read.entries()) {
          String first = seen.putIfAbsent(entry.id().toLowerCase(Locale.ROOT), file);
          if (first != null) {
            complaints.add(
                Diagnostic.malformed(
                    file,
                    Position.NONE,
                    entry.id() + " occurs twice; first in " + first + ". Remove one of them"));
          }
          own.add(entry);
        }
        if (own.size() > MOST_ENTRIES) {
          throw new IOException(path + ": more than " + MOST_ENTRIES + " entries");
        }
      }
    }
    return new CatalogueFiles(Catalogue.builtIn(reader).with(own), complaints);
  }

  /// Below a directory, other files may lie beside the entries.
  private static List<String> files(String path) throws IOException {
    Path root = Path.of(path);
    return Files.isDirectory(root)
        ? DirectoryFiles.below(root).stream()
            .map(Path::toString)
            .filter(file -> file.endsWith(".yaml") || file.endsWith(".yml"))
            .toList()
        : List.of(path);
  }
}

package dev.portcullis.profiles.exposure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The vulnerabilities that there are questions about, the newest first.
///
/// @param entries each id once
public record Catalogue(List<Vulnerability> entries) {
  private static final String LIST = "catalogue.txt";

  public Catalogue {
    entries =
        entries.stream()
            .sorted((a, b) -> {
              int newest = b.date().compareTo(a.date());
              return newest != 0 ? newest : a.id().compareTo(b.id());
            })
            .toList();
  }

  /// Those that come with Portcullis.
  public static Catalogue builtIn(VulnerabilityReader reader) {
    List<Vulnerability> entries = new ArrayList<>();
    for (String file : text(LIST).lines().filter(line -> !line.startsWith("#")).toList()) {
      VulnerabilityReader.Read read = reader.read(text(file).getBytes(UTF_8));
      if (!read.errors().isEmpty()) {
        throw new IllegalStateException(file + ": " + read.errors());
      }
      entries.addAll(read.entries());
    }
    return new Catalogue(entries);
  }

  private static String text(String file) {
    try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + file);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(file, broken);
    }
  }

  /// With more; one with an id that is there already takes its place.
  public Catalogue with(List<Vulnerability> more) {
    List<Vulnerability> all = new ArrayList<>(entries);
    for (Vulnerability each : more) {
      all.removeIf(known -> known.id().equalsIgnoreCase(each.id()));
      all.add(each);
    }
    return new Catalogue(all);
  }

  /// The one with an id, in any case.
  public Optional<Vulnerability> find(String id) {
    return entries.stream().filter(each -> each.id().equalsIgnoreCase(id)).findFirst();
  }
}

package dev.portcullis.run.crio;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/// The images in an archive, by the names that stand in it.
///
/// Two forms are read: that of `docker save`, with `manifest.json`, and an OCI image layout, with
/// `index.json` (image-layout.md of the OCI image specification). An archive of both is read as the
/// first.
final class ImageNames {
  private static final int GZIP = 0x1f8b;
  private static final String MANIFEST = "manifest.json";
  private static final String INDEX = "index.json";

  /// An image.
  ///
  /// @param source where it is, as skopeo has it (containers-transports(5))
  /// @param name what it is called
  record Named(String source, String name) {}

  private ImageNames() {}

  /// Reads them.
  ///
  /// @param archive a tar, or one that gzip has compressed
  /// @throws IOException where it is none, or names no image
  static List<Named> of(Path archive) throws IOException {
    byte[] manifest = null;
    byte[] index = null;
    try (TarArchiveInputStream tar = new TarArchiveInputStream(plain(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        if (name.equals(MANIFEST) || name.equals("./" + MANIFEST)) {
          manifest = tar.readNBytes(Limits.MANIFEST.bytes() + 1);
        } else if (name.equals(INDEX) || name.equals("./" + INDEX)) {
          index = tar.readNBytes(Limits.MANIFEST.bytes() + 1);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(archive + " cannot be read as a tar: " + e.getMessage(), e);
    }
    List<Named> named =
        manifest != null
            ? ofDocker(archive, json(archive, MANIFEST, manifest))
            : ofOci(archive, index == null ? null : json(archive, INDEX, index));
    if (named.isEmpty()) {
      throw new IOException(
          archive
              + " names no image: it has no RepoTags in manifest.json, as `docker save NAME` writes"
              + " them, and no org.opencontainers.image.ref.name in index.json");
    }
    return named;
  }

  private static InputStream plain(Path archive) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(archive), 64 * 1024);
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP ? new BufferedInputStream(new GZIPInputStream(in), 64 * 1024) : in;
  }

  private static Value json(Path archive, String name, byte[] content) throws IOException {
    return switch (Documents.readJson(content, Limits.MANIFEST)) {
      case ParseResult.Documents(var values) when values.size() == 1 -> values.getFirst();
      case ParseResult.Documents _ ->
          throw new IOException(archive + ": " + name + " is not one JSON value");
      case ParseResult.Malformed(var at, var message) ->
          throw new IOException(archive + ": " + name + ":" + at + ": " + message);
    };
  }

  private static List<Named> ofDocker(Path archive, Value manifest) {
    List<Named> named = new ArrayList<>();
    for (Value image : items(manifest)) {
      for (Value tag : items(at(image, "RepoTags"))) {
        if (tag instanceof Value.Text(_, String name)) {
          named.add(new Named("docker-archive:" + archive + ":" + name, name));
        }
      }
    }
    return named;
  }

  private static List<Named> ofOci(Path archive, @Nullable Value index) {
    List<Named> named = new ArrayList<>();
    for (Value image : items(at(index, "manifests"))) {
      Value annotations = at(image, "annotations");
      if (at(annotations, "org.opencontainers.image.ref.name")
          instanceof Value.Text(_, String reference)) {
        // Tools that write a tag alone for it write the whole name for containerd.
        String name =
            at(annotations, "io.containerd.image.name") instanceof Value.Text(_, String whole)
                ? whole
                : reference;
        named.add(new Named("oci-archive:" + archive + ":" + reference, name));
      }
    }
    return named;
  }

  private static @Nullable Value at(@Nullable Value value, String key) {
    return value instanceof Mapping mapping ? mapping.get(key) : null;
  }

  private static List<Value> items(@Nullable Value value) {
    return value instanceof Sequence sequence ? sequence.items() : List.of();
  }
}

package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// An image archive as its readers see it.
record OciArchive(Map<String, byte[]> entries) {
  private static final String BLOBS = "blobs/sha256/";

  static OciArchive read(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (var tar = new TarArchiveInputStream(Files.newInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          entries.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    return new OciArchive(entries);
  }

  private byte[] entry(String name) {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new AssertionError("no " + name + " in " + entries.keySet());
    }
    return content;
  }

  private byte[] blob(String digest) {
    return entry(BLOBS + digest.substring("sha256:".length()));
  }

  private Tree described() {
    return Tree.of(entry("index.json")).objects("manifests").getFirst();
  }

  private Tree manifest() {
    return Tree.of(blob(described().text("digest")));
  }

  /// The document that `docker load` reads is a list of one.
  private Tree docker() {
    String list = new String(entry("manifest.json"), UTF_8);
    return Tree.of(list.substring(1, list.length() - 1).getBytes(UTF_8));
  }

  /// What containerd, podman and Docker will call the image.
  List<String> names() {
    Tree annotations = described().at("annotations");
    List<String> names = new ArrayList<>(docker().texts("RepoTags"));
    names.add(annotations.text("io.containerd.image.name"));
    names.add(annotations.text("org.opencontainers.image.ref.name"));
    return names;
  }

  Tree config() {
    return Tree.of(blob(manifest().at("config").text("digest")));
  }

  /// The digests of the layers.
  List<String> layers() {
    return manifest().objects("layers").stream().map(layer -> layer.text("digest")).toList();
  }

  List<String> dockerLayers() {
    return docker().texts("Layers").stream()
        .map(path -> "sha256:" + path.substring(BLOBS.length()))
        .toList();
  }

  void checkDigests() {
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().startsWith(BLOBS)
          && !digest(entry.getValue())
              .equals("sha256:" + entry.getKey().substring(BLOBS.length()))) {
        throw new AssertionError(entry.getKey() + " has other content");
      }
    }
    List<Tree> descriptors = new ArrayList<>(manifest().objects("layers"));
    descriptors.add(manifest().at("config"));
    descriptors.add(described());
    for (Tree descriptor : descriptors) {
      int size = blob(descriptor.text("digest")).length;
      if (Integer.parseInt(descriptor.text("size")) != size) {
        throw new AssertionError(descriptor + " has " + size + " bytes");
      }
    }
  }

  /// What the configuration must say of the layers.
  List<String> uncompressedDigests() throws IOException {
    List<String> digests = new ArrayList<>();
    for (String layer : layers()) {
      digests.add(digest(uncompressed(layer)));
    }
    return digests;
  }

  private byte[] uncompressed(String layer) throws IOException {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(blob(layer)))) {
      return gzip.readAllBytes();
    }
  }

  /// The entries of a layer.
  List<TarArchiveEntry> tarEntries(int layer) throws IOException {
    List<TarArchiveEntry> found = new ArrayList<>();
    byte[] bytes = uncompressed(layers().get(layer));
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        found.add(entry);
      }
    }
    return found;
  }

  List<String> files(int layer) throws IOException {
    return tarEntries(layer).stream().map(TarArchiveEntry::getName).toList();
  }

  private static String digest(byte[] bytes) {
    return "sha256:" + Checksum.sha256(bytes);
  }
}

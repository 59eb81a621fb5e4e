package dev.portcullis.site;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of a checkout, by their paths from its top, with `/`. What a build makes there is not
/// among them, nor is what is hidden.
final class Checkout {
  private static final long LARGEST = 2_000_000;
  private static final Pattern MADE = Pattern.compile("(.*/)?(target|\\.[^/]*)(/.*)?");
  private static final Pattern VERSION = Pattern.compile("(?m)^ {2}<version>([^<]+)</version>$");

  private final Path root;

  Checkout(Path root) {
    this.root = root;
  }

  boolean isFile(String path) {
    return !MADE.matcher(path).matches() && Files.isRegularFile(root.resolve(path));
  }

  boolean isDirectory(String path) {
    return !MADE.matcher(path).matches() && Files.isDirectory(root.resolve(path));
  }

  /// A file's text.
  ///
  /// @throws IOException if it cannot be read, is larger than two megabytes, or is not UTF-8
  String text(String path) throws IOException {
    limit(path);
    try {
      return Files.readString(root.resolve(path));
    } catch (CharacterCodingException other) {
      throw new IOException(path + " is not text in UTF-8", other);
    }
  }

  /// A file's bytes.
  ///
  /// @throws IOException if it cannot be read, or is larger than two megabytes
  byte[] bytes(String path) throws IOException {
    limit(path);
    return Files.readAllBytes(root.resolve(path));
  }

  private void limit(String path) throws IOException {
    long size = Files.size(root.resolve(path));
    if (size > LARGEST) {
      throw new IOException(path + " has " + size + " bytes, more than " + LARGEST);
    }
  }

  /// What is in a directory, by its path, in the order of names.
  List<String> children(String directory) throws IOException {
    List<String> children = new ArrayList<>();
    try (Stream<Path> entries = Files.list(root.resolve(directory))) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        String path = directory.isEmpty() ? name : directory + "/" + name;
        if (isFile(path) || (isDirectory(path) && !isLink(path))) {
          children.add(path);
        }
      }
    }
    return children;
  }

  /// One to a directory could lead round in a circle.
  private boolean isLink(String path) {
    return !Files.isDirectory(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /// The documents at the top, and all below `docs`: these have to have a place on the site.
  List<String> documents() throws IOException {
    List<String> documents = new ArrayList<>();
    for (String path : children("")) {
      if (path.endsWith(".md")) {
        documents.add(path);
      }
    }
    collect("docs", documents);
    return documents;
  }

  private void collect(String directory, List<String> documents) throws IOException {
    for (String path : children(directory)) {
      if (isDirectory(path)) {
        collect(path, documents);
      } else if (path.endsWith(".md")) {
        documents.add(path);
      }
    }
  }

  /// The version that the sources have.
  String version() throws IOException {
    Matcher version = VERSION.matcher(text("pom.xml"));
    if (!version.find()) {
      throw new IOException("pom.xml has no <version>");
    }
    return version.group(1);
  }
}

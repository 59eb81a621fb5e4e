package dev.portcullis.cluster;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An object in a kubeconfig. What is of another type than its reader wants is an error with its
/// line.
///
/// @param file in which it is
record KubeconfigPart(Path file, Mapping content) {
  private static final Limits LIMITS = new Limits(8 * 1024 * 1024, 100, 500_000);

  /// A whole file.
  static KubeconfigPart read(Path file) throws IOException {
    return switch (Documents.read(Files.readAllBytes(file), LIMITS)) {
      case ParseResult.Malformed(Position at, String message) ->
          throw new IOException(
              file + " is not a kubeconfig: " + (at.line() == 0 ? "" : at + ": ") + message);
      case ParseResult.Documents(List<Value> values) ->
          switch (values.isEmpty() ? null : values.getFirst()) {
            case null -> throw new IOException(file + " is not a kubeconfig: it is empty");
            case Mapping whole -> new KubeconfigPart(file, whole);
            case Value other ->
                throw new IOException(file + " is not a kubeconfig: it is " + other.kind());
          };
    };
  }

  /// A text; null where there is none, or an empty one.
  @Nullable String text(String key) throws IOException {
    return switch (content.present(key)) {
      case null -> null;
      case Value.Text(_, String text) -> text.isEmpty() ? null : text;
      case Value other -> throw wrong(key, other, "a string");
    };
  }

  boolean isTrue(String key) throws IOException {
    return switch (content.present(key)) {
      case null -> false;
      case Value.Truth(_, boolean truth) -> truth;
      case Value other -> throw wrong(key, other, "a boolean");
    };
  }

  /// An object; null where there is none.
  @Nullable KubeconfigPart part(String key) throws IOException {
    return switch (content.present(key)) {
      case null -> null;
      case Mapping found -> new KubeconfigPart(file, found);
      case Value other -> throw wrong(key, other, "an object");
    };
  }

  /// A list of objects.
  List<KubeconfigPart> parts(String key) throws IOException {
    List<KubeconfigPart> parts = new ArrayList<>();
    for (Value each : items(key)) {
      if (!(each instanceof Mapping part)) {
        throw wrong(key, each, "a list of objects");
      }
      parts.add(new KubeconfigPart(file, part));
    }
    return parts;
  }

  /// A list of texts.
  List<String> texts(String key) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Value each : items(key)) {
      if (!(each instanceof Value.Text(_, String text))) {
        throw wrong(key, each, "a list of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  private List<Value> items(String key) throws IOException {
    return switch (content.present(key)) {
      case null -> List.of();
      case Sequence(_, List<Value> items) -> items;
      case Value other -> throw wrong(key, other, "a list");
    };
  }

  private IOException wrong(String key, Value value, String right) {
    return new IOException(
        file
            + " is not a kubeconfig: "
            + value.at()
            + ": "
            + key
            + " is "
            + value.kind()
            + ", not "
            + right);
  }

  /// What stands in it in base64 (`KEY-data`), or in a file that it names (`KEY`); null where
  /// neither does.
  ///
  /// @param label what to begin a message with
  byte @Nullable [] bytes(String label, String key) throws IOException {
    // A file that is named has to exist, also where it is not needed.
    Path named = path(label, key);
    String data = text(key + "-data");
    if (data != null) {
      try {
        return Base64.getMimeDecoder().decode(data);
      } catch (IllegalArgumentException garbage) {
        throw new IOException(label + key + "-data is not base64", garbage);
      }
    }
    return named == null ? null : Files.readAllBytes(named);
  }

  /// A file that is there; null where none is named.
  ///
  /// @param label what to begin a message with
  @Nullable Path path(String label, String key) throws IOException {
    String text = text(key);
    if (text == null) {
      return null;
    }
    Path path;
    try {
      path = directory().resolve(text);
    } catch (InvalidPathException wrong) {
      throw new IOException(
          label + key + " " + text + " is not a path: " + wrong.getReason(), wrong);
    }
    if (!Files.isReadable(path)) {
      throw new IOException(label + key + " " + path + " cannot be read");
    }
    return path;
  }

  /// What relative paths are relative to.
  Path directory() {
    Path directory = file.toAbsolutePath().getParent();
    return directory == null ? Path.of("/") : directory;
  }
}

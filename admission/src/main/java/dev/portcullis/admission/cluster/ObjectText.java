package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import java.io.IOException;

/// Objects of the API server as the tree that the one reader of pods and policies takes.
final class ObjectText {
  /// A list of policies may be large; each object in it is bounded by the server (1.5 MiB in etcd).
  private static final Limits LIST = new Limits(256 * 1024 * 1024, 100, 50_000_000);

  private ObjectText() {}

  static Mapping read(String json, String what) throws IOException {
    return switch (Documents.readJson(json.getBytes(UTF_8), LIST)) {
      case ParseResult.Documents(var values)
          when values.size() == 1 && values.getFirst() instanceof Mapping object ->
          object;
      case ParseResult.Documents _ -> throw new IOException(what + " is not a JSON object");
      case ParseResult.Malformed(var at, String message) ->
          throw new IOException(what + " cannot be read: " + at + ": " + message);
    };
  }
}

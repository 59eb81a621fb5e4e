package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import java.util.List;

/// What was not judged, in a document for programs: without it a file that cannot be read would
/// look like one without pods.
final class ErrorsJson {
  private ErrorsJson() {}

  static List<Mapping> of(List<Diagnostic> errors) {
    return errors.stream().map(ErrorsJson::one).toList();
  }

  private static Mapping one(Diagnostic error) {
    MappingBuilder json = new MappingBuilder();
    if (!error.file().isEmpty()) {
      json.put("source", error.file());
    }
    return place(error.at(), json).put("message", error.message()).build();
  }

  /// `line` and `column`; nothing where there is no place.
  static MappingBuilder place(Position at, MappingBuilder json) {
    return at.line() == 0 ? json : json.put("line", at.line()).put("column", at.column());
  }
}

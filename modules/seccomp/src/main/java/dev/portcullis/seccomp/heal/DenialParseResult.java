package dev.portcullis.seccomp.heal;

import dev.portcullis.documents.Position;
import java.util.List;

/// What came of reading denials.
public sealed interface DenialParseResult {
  /// Some, or none where nothing was refused.
  ///
  /// @param lost how many events are known to be missing
  record Read(List<DenialRecord> denials, long lost) implements DenialParseResult {
    public Read {
      denials = List.copyOf(denials);
    }
  }

  /// It is something else, or damaged.
  ///
  /// @param message without the file's name
  record Rejected(Position at, String message) implements DenialParseResult {}
}

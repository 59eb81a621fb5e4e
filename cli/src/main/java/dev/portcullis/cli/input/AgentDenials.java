package dev.portcullis.cli.input;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.node.denial.DenialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the agent of this node knows of refused calls, as its file has it.
///
/// @param age since the agent's last sign of life
public record AgentDenials(Mapping document, Duration age) {
  /// An agent writes 5,000 kinds at most.
  private static final Limits LIMITS = new Limits(16 * 1024 * 1024, 20, 1_000_000);

  /// Of a sign of life of the agent.
  private static final Duration OLDEST = DenialFile.BETWEEN_SIGNS.multipliedBy(4);

  /// Reads it.
  ///
  /// @throws IOException where it is not there, or no such file, with what to do
  public static AgentDenials read(Path file) throws IOException {
    byte[] content;
    Duration age;
    try {
      age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new IOException(
          file
              + " is not there: portcullis node does not run with --denials (or with another"
              + " --run-dir), or cannot watch; its log says why",
          missing);
    }
    @Nullable Mapping document =
        Documents.readJson(content, LIMITS) instanceof ParseResult.Documents(List<Value> values)
                && values.size() == 1
                && values.getFirst() instanceof Mapping mapping
            ? mapping
            : null;
    if (document == null) {
      throw new IOException(file + " is no document of portcullis node --denials");
    }
    return new AgentDenials(document, age);
  }

  /// Whether the agent has given no sign of life for so long that it is gone, or hangs.
  public boolean isStale() {
    return age.compareTo(OLDEST) > 0;
  }
}

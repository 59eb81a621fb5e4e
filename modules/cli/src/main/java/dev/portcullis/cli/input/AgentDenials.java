package dev.portcullis.cli.input;

import dev.portcullis.cli.print.Plural;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.node.denial.DenialFile;
import java.io.IOException;
import java.io.InputStream;
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
  /// An agent writes 10,000 kinds at most, some hundred bytes each.
  private static final Limits LIMITS = new Limits(16 * 1024 * 1024, 20, 1_000_000);

  /// An agent that gave no sign of life for longer is gone, or hangs.
  private static final Duration OLDEST = DenialFile.BETWEEN_SIGNS.multipliedBy(4);

  /// Reads it.
  ///
  /// @throws IOException where it is not there, or no such file, with what to do
  public static AgentDenials read(Path file) throws IOException {
    byte[] content;
    Duration age;
    try (InputStream in = Files.newInputStream(file)) {
      age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
      // One more than it may have, which the parser refuses.
      content = in.readNBytes(LIMITS.bytes() + 1);
    } catch (NoSuchFileException missing) {
      throw new IOException(
          file
              + " is not there: neither portcullis node --denials nor portcullis node watch runs"
              + " with this --run-dir, or it cannot watch; its log says why",
          missing);
    }
    @Nullable Mapping document =
        Documents.readJson(content, LIMITS) instanceof ParseResult.Documents(List<Value> values)
                && values.size() == 1
                && values.getFirst() instanceof Mapping mapping
            ? mapping
            : null;
    if (document == null) {
      throw new IOException(
          file + " was not written by portcullis node --denials or portcullis node watch");
    }
    return new AgentDenials(document, age);
  }

  /// Whether the agent is gone, or hangs.
  public boolean isStale() {
    return age.compareTo(OLDEST) > 0;
  }

  /// What a document that is stale means, and where to look.
  public String staleness() {
    return Plural.of(age.toSeconds(), "second")
        + " old: the agent no longer runs, or hangs (journalctl -u portcullis-node, or kubectl logs"
        + " of the pod of portcullis-denials)";
  }
}

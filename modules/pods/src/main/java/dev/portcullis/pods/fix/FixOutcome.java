package dev.portcullis.pods.fix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Position;
import dev.portcullis.documents.TextEdit;
import java.util.List;

/// What became of a file.
public sealed interface FixOutcome {

  /// It cannot be read, and stays as it is.
  ///
  /// @param at where, or {@link Position#NONE} where it is not about one place
  /// @param message what is wrong and what to do, without the file's name
  record Unreadable(Position at, String message) implements FixOutcome {}

  /// It was read.
  ///
  /// @param before the text as it is, without a byte order mark
  /// @param byteOrderMark whether one stands before the text
  /// @param edits in the order of the text; none where nothing changes
  /// @param changes what the edits do
  /// @param obstacles why objects stay as they are
  /// @param pods how many there are, with templates of pods
  record Edited(
      String before,
      boolean byteOrderMark,
      List<TextEdit> edits,
      List<PodChange> changes,
      List<Obstacle> obstacles,
      int pods)
      implements FixOutcome {
    public Edited {
      edits = List.copyOf(edits);
      changes = List.copyOf(changes);
      obstacles = List.copyOf(obstacles);
    }

    /// Whether anything changes.
    public boolean changed() {
      return !edits.isEmpty();
    }

    /// The text after the edits.
    public String after() {
      return TextEdit.apply(before, edits);
    }

    /// The content of the file after the edits.
    public byte[] content() {
      return ((byteOrderMark ? "\uFEFF" : "") + after()).getBytes(UTF_8);
    }
  }
}

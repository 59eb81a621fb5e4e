package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingParseResult;
import dev.portcullis.seccomp.recording.RecordingReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Recordings in files.
///
/// @param recordings in the order of the files
/// @param complaints why there are none, or not all
public record RecordingFiles(List<Recording> recordings, List<Diagnostic> complaints) {
  /// What the names of recordings end with.
  public static final String SUFFIX = ".recording.json";

  public RecordingFiles {
    recordings = List.copyOf(recordings);
    complaints = List.copyOf(complaints);
  }

  /// Reads them.
  ///
  /// @param in what `-` stands for
  public static RecordingFiles read(List<String> files, InputStream in) {
    StandardInput input = new StandardInput(in);
    List<Recording> recordings = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>();
    for (String file : files) {
      ProfileFiles.Content content = ProfileFiles.read(file, input);
      byte[] bytes = content.bytes();
      Diagnostic unreadable = content.complaint();
      if (bytes == null) {
        if (unreadable != null) {
          complaints.add(unreadable);
        }
        continue;
      }
      switch (RecordingReader.read(bytes)) {
        case RecordingParseResult.Read(Recording recording) -> recordings.add(recording);
        case RecordingParseResult.Rejected(Position at, String message) ->
            complaints.add(Diagnostic.malformed(file, at, message));
      }
    }
    return new RecordingFiles(recordings, complaints);
  }
}

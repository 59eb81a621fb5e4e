package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingParseResult;
import dev.portcullis.seccomp.recording.RecordingReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /// Whether a file is a recording; standard input is not looked at.
  public static boolean isRecording(String file) {
    byte[] bytes = file.equals(Diagnostic.STANDARD_INPUT) ? null : ProfileFiles.read(file).bytes();
    return bytes != null && RecordingReader.read(bytes) instanceof RecordingParseResult.Read;
  }

  /// Reads them.
  ///
  /// @param in what `-` stands for
  public static RecordingFiles read(List<String> files, InputStream in) {
    List<Recording> recordings = new ArrayList<>();
    List<Diagnostic> complaints =
        InputFiles.each(
            files,
            in,
            ProfileReader.LIMITS.bytes(),
            "recording is",
            (file, bytes) ->
                switch (RecordingReader.read(bytes)) {
                  case RecordingParseResult.Read(Recording recording) -> {
                    recordings.add(recording);
                    yield Optional.empty();
                  }
                  case RecordingParseResult.Rejected(Position at, String message) ->
                      Optional.of(Diagnostic.malformed(file, at, message));
                });
    return new RecordingFiles(recordings, complaints);
  }
}

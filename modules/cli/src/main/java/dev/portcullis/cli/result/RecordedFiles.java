package dev.portcullis.cli.result;

import dev.portcullis.cli.input.RecordingFiles;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The two files that are made of a recording: the profile, and beside it what was seen.
///
/// @param profile absolute
public record RecordedFiles(Path profile, boolean overwrite) {
  private static final String JSON = ".json";

  /// The files of one of several containers: its name is put into that of the profile.
  public RecordedFiles of(String container) {
    return new RecordedFiles(profile.resolveSibling(stem() + "-" + container + JSON), overwrite);
  }

  /// The files of a container that has a name of its own in the same directory.
  public RecordedFiles named(String name) {
    return new RecordedFiles(profile.resolveSibling(name + JSON), overwrite);
  }

  private String stem() {
    String name = profile.getFileName().toString();
    return name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
  }

  /// Where the recording goes.
  public Path recording() {
    return profile.resolveSibling(stem() + RecordingFiles.SUFFIX);
  }

  /// Makes sure that both can be written.
  ///
  /// @throws IOException where one of them is there already: thrown before the work whose result
  ///   they are
  public void requireFree() throws IOException {
    for (Path each : new Path[] {profile, recording()}) {
      if (!overwrite && Files.exists(each)) {
        throw new IOException(each + ": the file exists; use --overwrite to replace it");
      }
    }
  }

  /// Writes both.
  public void write(Recording seen, RecordedProfile made, Terminal terminal) throws IOException {
    new NewFile(profile, overwrite).write(ProfileWriter.write(made.profile()), terminal);
    new NewFile(recording(), overwrite).write(RecordingWriter.write(seen, made), terminal);
  }
}

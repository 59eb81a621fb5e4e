package dev.portcullis.cli.running;

import dev.portcullis.cli.input.FileFailure;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file of a profile that the runtime reads, too.
final class SnapshotFile {
  private SnapshotFile() {}

  /// The profile in it.
  ///
  /// @throws IOException which names the file
  static ResolvedProfile read(Path file) throws IOException {
    int most = ProfileReader.RUNTIME_LIMITS.bytes();
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(most + 1);
    } catch (IOException unreadable) {
      throw new IOException(file + ": " + FileFailure.why(unreadable), unreadable);
    }
    if (content.length > most) {
      throw new IOException(file + ": larger than " + most + " bytes; no profile is");
    }
    if (!(ProfileReader.readOfRuntime(content)
        instanceof ProfileParseResult.Read(Profile profile, _))) {
      throw new IOException(file + ": is no longer a profile; it was one when it was checked");
    }
    return ResolvedProfile.of(profile)
        .orElseThrow(() ->
            new IOException(
                file + ": has conditions of Docker, which no runtime reads from a file"));
  }
}

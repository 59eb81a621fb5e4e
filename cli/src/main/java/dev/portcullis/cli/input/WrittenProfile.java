package dev.portcullis.cli.input;

import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileReading;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A profile on the command line, as it is written.
///
/// @param text as it was given
/// @param profile null where there is none
/// @param complaints why not
public record WrittenProfile(String text, @Nullable Profile profile, List<Complaint> complaints) {
  public WrittenProfile {
    complaints = List.copyOf(complaints);
  }

  /// The profile of a file.
  public static WrittenProfile read(String file) {
    ProfileFiles.Content content = ProfileFiles.read(file);
    byte[] bytes = content.bytes();
    Complaint complaint = content.complaint();
    if (bytes == null) {
      return new WrittenProfile(file, null, complaint == null ? List.of() : List.of(complaint));
    }
    return of(file, bytes);
  }

  /// A profile that came from elsewhere.
  ///
  /// @param text what it is called in complaints
  static WrittenProfile of(String text, byte[] bytes) {
    return switch (ProfileReader.read(bytes)) {
      case ProfileReading.Read(Profile profile, _) -> new WrittenProfile(text, profile, List.of());
      case ProfileReading.Rejected rejected ->
          new WrittenProfile(
              text,
              null,
              rejected.findings().stream()
                  .map(finding ->
                      Complaint.malformed(
                          text,
                          finding.at(),
                          finding.message() + " [" + finding.problem().id() + "]"))
                  .toList());
    };
  }
}

package dev.portcullis.cli.input;

import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.Resolver;
import java.util.ArrayList;
import java.util.List;

/// Profiles of the command line that are to be put together.
///
/// @param profiles in their order, without those that are complained about
public record ComposedInput(
    List<NamedProfile> profiles, List<Diagnostic> complaints, List<String> notes) {
  public ComposedInput {
    profiles = List.copyOf(profiles);
    complaints = List.copyOf(complaints);
    notes = List.copyOf(notes);
  }

  /// Reads them all.
  ///
  /// @throws UsageException where one is said by what has no text: `unconfined`, `pid:N`
  public static ComposedInput read(List<String> operands, ProfileSource source)
      throws UsageException {
    List<NamedProfile> profiles = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String operand : operands) {
      ProfileOperand written = source.read(operand);
      complaints.addAll(written.complaints());
      notes.addAll(written.notes());
      Profile profile = written.profile();
      if (profile != null) {
        profiles.add(
            new NamedProfile(
                written.text(), Resolver.resolve(profile, source.target()), written.beside()));
        if (!profile.dockerOnly().isEmpty()) {
          notes.add(
              written.text() + ": Docker's conditions are decided for this machine and container");
        }
      }
    }
    return new ComposedInput(profiles, complaints, notes);
  }
}

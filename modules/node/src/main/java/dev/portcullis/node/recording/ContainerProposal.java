package dev.portcullis.node.recording;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ArgumentConditions;
import dev.portcullis.seccomp.recording.NeededCalls;
import dev.portcullis.seccomp.recording.ProfileWish;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingCheck;
import dev.portcullis.seccomp.recording.RecordingWay;
import dev.portcullis.seccomp.recording.RecordingWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile that a recording of a container proposes, as texts of files.
///
/// @param profile null where the recording is none to make a profile of
/// @param recording what was seen, for review, with all that is to be known of it
/// @param remarks that stand in the recording, too
record ContainerProposal(@Nullable String profile, String recording, List<String> remarks) {
  private static final int MOST_REFUSED = 5;

  ContainerProposal {
    remarks = List.copyOf(remarks);
  }

  /// Makes it, which takes some tens of milliseconds where there is a profile.
  static ContainerProposal of(ProposalDraft draft, Architecture machine, Compiler compiler) {
    Recording seen = draft.seen();
    RecordedProfile made =
        RecordedProfile.of(
            seen,
            new ProfileWish(
                ArgumentConditions.USUAL, NeededCalls.ociRuntimes(), machine, RecordingWay.TRACE));
    List<String> remarks = new ArrayList<>(draft.errors());
    remarks.addAll(draft.doubts());
    remarks.addAll(made.remarks());
    boolean isUsable = draft.errors().isEmpty() && !seen.program().isEmpty();
    if (seen.program().isEmpty()) {
      remarks.add("no call of a program of the container was seen: there is no profile");
    }
    if (isUsable) {
      isUsable = isAllowed(seen, made, compiler, remarks);
    }
    return new ContainerProposal(
        isUsable ? ProfileWriter.write(made.profile()) : null,
        RecordingWriter.write(seen, new RecordedProfile(made.profile(), made.additions(), remarks)),
        remarks);
  }

  /// Whether the filters of the profile let through what was seen, as far as libseccomp can answer.
  private static boolean isAllowed(
      Recording seen, RecordedProfile made, Compiler compiler, List<String> remarks) {
    boolean all = true;
    for (Dialect dialect : List.of(Dialect.RUNC, Dialect.CRUN)) {
      switch (compiler.compile(made.profile(), dialect)) {
        case Compilation.Compiled compiled -> {
          List<String> refused = RecordingCheck.refused(seen, Filters.of(compiled.program()));
          if (!refused.isEmpty()) {
            all = false;
            remarks.add(
                "libseccomp makes a filter of the profile that refuses "
                    + String.join(", ", refused.subList(0, Math.min(MOST_REFUSED, refused.size())))
                    + ": there is no profile");
          }
        }
        case Compilation.Refused(String reason) -> {
          all = false;
          remarks.add("libseccomp does not take the profile, so there is none: " + reason);
        }
        case Compilation.Undecided undecided -> remarks.add(unchecked(undecided.text()));
        case Compilation.Unavailable(String reason) -> remarks.add(unchecked(reason));
      }
      if (!all) {
        return false;
      }
    }
    return true;
  }

  private static String unchecked(String reason) {
    return "whether the profile allows what was seen is not checked: " + reason;
  }
}

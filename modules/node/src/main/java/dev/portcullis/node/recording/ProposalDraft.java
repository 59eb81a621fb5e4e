package dev.portcullis.node.recording;

import dev.portcullis.seccomp.recording.Recording;
import java.util.List;

/// What a proposal is made of.
///
/// @param seen the calls
/// @param doubts what may be missing
/// @param errors why no profile may be made of it; none where it may
record ProposalDraft(Recording seen, List<String> doubts, List<String> errors) {
  ProposalDraft {
    doubts = List.copyOf(doubts);
    errors = List.copyOf(errors);
  }
}

package dev.portcullis.node.recording;

import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Writes what was recorded: again and again while it goes on, and at its end with the profiles
/// that are proposed, which it then reports.
final class RecordingStore implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RecordingStore.class.getName());

  private final ProposalDirectory directory;
  private final ProposalMaker maker;
  private final Consumer<Proposal> listener;
  private final Runnable wake;

  /// Of those that are over, until they are written.
  private final Map<RecordedPod, CompletableFuture<Map<RecordedPart, ContainerProposal>>> made =
      new HashMap<>();

  /// @param listener gets each result; must not block
  /// @param wake is run, by another thread, when {@link #finish} can go on
  RecordingStore(
      ProposalDirectory directory,
      ProposalMaker maker,
      Consumer<Proposal> listener,
      Runnable wake) {
    this.directory = directory;
    this.maker = maker;
    this.listener = listener;
    this.wake = wake;
  }

  /// What an agent before this one has left.
  List<RecordedPod> restore() throws IOException {
    List<RecordedPod> all = new ArrayList<>();
    for (String file : directory.sessions()) {
      try {
        all.add(RecordedPod.read(file, directory));
      } catch (IOException broken) {
        LOG.log(Level.WARNING, "a recording is given up: {0}", broken.getMessage());
        directory.remove(file);
      }
    }
    return all;
  }

  /// The recordings so far, without a profile.
  void save(RecordedPod pod) throws IOException {
    for (RecordedPart part : pod.parts()) {
      write(pod, part, maker.unfinished(draft(pod, part, "it is not over")));
    }
    saveSession(pod);
  }

  /// What an agent after this one has to know.
  void saveSession(RecordedPod pod) throws IOException {
    directory.write(ProposalDirectory.session(pod.uid()), pod.text());
  }

  /// No agent has to know of it.
  void removeSession(RecordedPod pod) throws IOException {
    directory.remove(ProposalDirectory.session(pod.uid()));
  }

  /// Ends one that is over: it has ended once its proposals are made and written, which takes
  /// further calls. Nothing is reported before all of it is written: what cannot be written is
  /// tried again.
  void finish(RecordedPod pod) throws IOException {
    Map<RecordedPart, ContainerProposal> proposals =
        made.computeIfAbsent(pod, this::begin).getNow(Map.of());
    if (proposals.size() < pod.parts().size()) {
      return;
    }
    for (Map.Entry<RecordedPart, ContainerProposal> each : proposals.entrySet()) {
      write(pod, each.getKey(), each.getValue());
    }
    pod.end();
    try {
      saveSession(pod);
    } catch (IOException failed) {
      pod.resume();
      throw failed;
    }
    made.remove(pod);
    proposals.forEach((part, proposal) -> tell(pod, part, proposal));
    prune();
  }

  private CompletableFuture<Map<RecordedPart, ContainerProposal>> begin(RecordedPod pod) {
    Map<RecordedPart, ProposalDraft> drafts = new LinkedHashMap<>();
    for (RecordedPart part : pod.parts()) {
      part.end(_ -> true);
      drafts.put(part, draft(pod, part, pod.why()));
    }
    CompletableFuture<Map<RecordedPart, ContainerProposal>> proposals = maker.make(drafts);
    var _ = proposals.thenRun(wake);
    return proposals;
  }

  private static ProposalDraft draft(RecordedPod pod, RecordedPart part, String why) {
    List<String> doubts = new ArrayList<>(part.doubts());
    doubts.add(pod.span(why));
    doubts.add(
        "recorded by the kernel's trace: what the container's own profile refuses is not allowed,"
            + " and the count of a call whose arguments are not kept is a lower bound");
    return new ProposalDraft(part.recording(), doubts, part.errors());
  }

  private void write(RecordedPod pod, RecordedPart part, ContainerProposal proposal)
      throws IOException {
    String stem = pod.stem(part);
    directory.write(stem + ProposalDirectory.RECORDING, proposal.recording());
    String profile = proposal.profile();
    if (profile == null) {
      directory.remove(stem + ProposalDirectory.PROFILE);
    } else {
      directory.write(stem + ProposalDirectory.PROFILE, profile);
    }
  }

  private void tell(RecordedPod pod, RecordedPart part, ContainerProposal proposal) {
    String profile = proposal.profile();
    listener.accept(pod.proposal(part, profile, proposal.recording()));
    LOG.log(
        part.doubts().isEmpty() && profile != null ? Level.INFO : Level.WARNING,
        profile == null
            ? "container \"{0}\" of pod {1} was recorded, and there is no profile: {3}"
            : "container \"{0}\" of pod {1} was recorded, and {2} is proposed{3}",
        part.name(),
        pod.label(),
        directory.path(pod.stem(part) + ProposalDirectory.PROFILE),
        profile == null
            ? String.join("; ", proposal.remarks())
            : part.doubts().isEmpty()
                ? ""
                : ", which may lack calls: " + String.join("; ", part.doubts()));
  }

  private void prune() throws IOException {
    List<String> removed = directory.prune();
    if (!removed.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "the oldest recordings are removed, as there are more than {0}: {1}",
          ProposalDirectory.MOST,
          String.join(", ", removed));
    }
  }

  @Override
  public void close() {
    maker.close();
  }
}

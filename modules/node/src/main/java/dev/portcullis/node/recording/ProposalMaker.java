package dev.portcullis.node.recording;

import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.profile.Architecture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the proposals of recordings that are over, on a thread of its own: libseccomp takes its
/// time, in which no trace would be read.
final class ProposalMaker implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ProposalMaker.class.getName());

  private final Architecture machine;
  private final Compiler compiler;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("recorded profiles").factory());

  ProposalMaker(Architecture machine, Compiler compiler) {
    this.machine = machine;
    this.compiler = compiler;
  }

  /// Those of one recording that goes on, without a profile: at once.
  ContainerProposal unfinished(ProposalDraft draft) {
    return without(draft, "the recording goes on: there is no profile yet");
  }

  private ContainerProposal without(ProposalDraft draft, String why) {
    List<String> errors = new ArrayList<>(draft.errors());
    errors.add(why);
    return ContainerProposal.of(
        new ProposalDraft(draft.seen(), draft.doubts(), errors), machine, compiler);
  }

  /// Those of some that are over.
  <K> CompletableFuture<Map<K, ContainerProposal>> make(Map<K, ProposalDraft> drafts) {
    Map<K, ProposalDraft> all = new LinkedHashMap<>(drafts);
    return CompletableFuture.supplyAsync(
        () -> {
          Map<K, ContainerProposal> made = new LinkedHashMap<>();
          all.forEach((key, draft) -> made.put(key, make(draft)));
          return made;
        },
        thread);
  }

  private ContainerProposal make(ProposalDraft draft) {
    try {
      return ContainerProposal.of(draft, machine, compiler);
    } catch (RuntimeException bug) {
      LOG.log(Level.ERROR, "a bug in Portcullis", bug);
      return without(draft, "no profile could be made, by a bug in Portcullis: " + bug);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

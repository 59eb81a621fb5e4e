package dev.portcullis.node.denial;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.denial.ContainerDenials;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.DenialDocument;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.kernel.denial.RefusedCalls;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.heal.DenialReader;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is reported of refused and logged calls: to a listener what is new since the last report,
/// and to a file all that is known. For one thread.
final class DenialReports {
  private static final Logger LOG = System.getLogger(DenialReports.class.getName());
  private static final int MOST_NAMED = 500;

  private final Architecture machine;
  private final DenialFile file;
  private final DenialMonitor.Listener listener;

  /// What was reported last.
  private final Map<DeniedContainer, Map<Kind, NamedDenial<DeniedContainer>>> told =
      new HashMap<>();

  private long toldLost;
  private long toldOmitted;
  private long toldUndecided;
  private @Nullable RefusedCalls names;
  private int named;

  private record Kind(long number, Verdict verdict) {}

  DenialReports(Architecture machine, DenialFile file, DenialMonitor.Listener listener) {
    this.machine = machine;
    this.file = file;
    this.listener = listener;
  }

  /// A watch begins, which has seen nothing: what one before it knew is not true any more.
  void begin() {
    told.clear();
    toldLost = 0;
    toldOmitted = 0;
    toldUndecided = 0;
    try {
      file.remove();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove the file of refused calls: {0}", e);
    }
  }

  /// Others have gone.
  void retain(Set<DeniedContainer> containers) {
    told.keySet().retainAll(containers);
  }

  /// Reports all of them.
  ///
  /// @param running all containers
  /// @param remarks for people
  void report(
      ContainerDenials<DeniedContainer> denials,
      List<DeniedContainer> running,
      List<String> remarks) {
    List<Mapping> all = new ArrayList<>();
    for (Denial<DeniedContainer> denial : denials.denials()) {
      DeniedContainer container = denial.subject();
      Map<Kind, NamedDenial<DeniedContainer>> kinds =
          told.computeIfAbsent(container, _ -> new HashMap<>());
      Kind kind = new Kind(denial.number(), denial.verdict());
      NamedDenial<DeniedContainer> before = kinds.get(kind);
      NamedDenial<DeniedContainer> now =
          before == null
              ? name(denial, denials.filters(container))
              : new NamedDenial<>(denial, before.name(), machine, before.changes());
      kinds.put(kind, now);
      all.add(
          DenialDocument.of(now, container.document())
              .put("command", denial.command())
              .putTexts("allow", now.changes())
              .build());
      long more = denial.count() - (before == null ? 0 : before.denial().count());
      if (more > 0) {
        listener.seen(now, more);
      }
    }
    reportIncomplete(denials);
    write(
        new MappingBuilder()
            .put("apiVersion", DenialReader.VERSION)
            .put("denials", all)
            .put("lost", denials.lost())
            .put("undecided", denials.undecided())
            .put("omitted", denials.omitted())
            .put(
                "watched",
                running.stream().filter(denials::follows).map(DeniedContainer::document).toList())
            .putTexts("remarks", remarks)
            .build());
  }

  private NamedDenial<DeniedContainer> name(Denial<DeniedContainer> denial, Filters filters) {
    RefusedCalls calls = names;
    // It keeps what it has understood of each profile, and those may come and go.
    if (calls == null || named == MOST_NAMED) {
      calls = new RefusedCalls(machine, SyscallTable.ofThisMachine(), Bounds.SMALL);
      names = calls;
      named = 0;
    }
    named++;
    return calls.of(denial, Set.of(filters));
  }

  private void reportIncomplete(ContainerDenials<DeniedContainer> denials) {
    if (denials.lost() > 0 && toldLost == 0) {
      LOG.log(
          Level.WARNING,
          "the kernel had no room for {0} events of system calls; counts of refused calls are"
              + " too low",
          Long.toString(denials.lost()));
    }
    listener.incomplete(
        denials.lost() - toldLost,
        denials.omitted() - toldOmitted,
        denials.undecided() - toldUndecided);
    toldLost = denials.lost();
    toldOmitted = denials.omitted();
    toldUndecided = denials.undecided();
  }

  private void write(Mapping document) {
    try {
      file.write(document);
    } catch (ClosedByInterruptException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot write the file of refused calls: {0}", e);
    }
  }

  /// Removes the file: there is no agent any more that writes it.
  void end() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove the file of refused calls: {0}", e);
    }
  }
}

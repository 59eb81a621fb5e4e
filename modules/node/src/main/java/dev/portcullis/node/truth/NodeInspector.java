package dev.portcullis.node.truth;

import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.rights.AskedRights;
import dev.portcullis.cri.ContainerStatus;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.proxy.RecordStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Looks at the containers of a node: at the runtime's list of them and at their processes.
///
/// For one thread.
public final class NodeInspector {
  private static final Logger LOG = System.getLogger(NodeInspector.class.getName());

  // The kubelet's labels: pkg/kubelet/types/labels.go.
  private static final String POD = "io.kubernetes.pod.name";
  private static final String POD_UID = "io.kubernetes.pod.uid";
  private static final String NAMESPACE = "io.kubernetes.pod.namespace";

  private final ContainerProofs proofs;
  private final RecordStore records;

  /// A container has the same process all its life, so the runtime is asked once.
  private final Map<String, Long> pids = new HashMap<>();

  /// The capabilities that the runtime reports as given.
  private final Map<String, Set<String>> given = new HashMap<>();

  /// @param records what was decided, whatever the runtime reports about it
  public NodeInspector(ContainerProofs proofs, RecordStore records) {
    this.proofs = proofs;
    this.records = records;
  }

  /// The kernel's word about a process, and what is proven of it, where it is that of a container.
  interface Kernel {
    @Nullable Word ask(long pid, String container, @Nullable ContainerRecord record)
        throws IOException, InterruptedException;
  }

  /// @param inherited how many filters its parent has
  /// @param excess what it may do beyond what was asked for
  record Word(
      int inherited, @Nullable SeccompState state, List<String> excess, @Nullable Proof proof) {}

  /// The containers that run, and the snapshots that the runtime's containers need, those that do
  /// not run included.
  ///
  /// @param snapshots digests in hexadecimal
  /// @param ids of all that the runtime has
  /// @param pods the uids of their pods
  public record Look(
      List<ContainerFacts> running, Set<String> snapshots, Set<String> ids, Set<String> pods) {
    public Look {
      pods = Set.copyOf(pods);
      ids = Set.copyOf(ids);
      running = List.copyOf(running);
      snapshots = Set.copyOf(snapshots);
    }
  }

  /// One that cannot be asked about does not keep the others from being looked at.
  public Look look(Cri cri) throws CriException, InterruptedException {
    return look(cri.all(), id -> pid(cri, id), (pid, id, record) -> word(cri, pid, id, record));
  }

  Look look(List<KnownContainer> all, Function<String, @Nullable Long> pid, Kernel kernel)
      throws InterruptedException {
    List<ContainerFacts> running = new ArrayList<>();
    Set<String> snapshots = new HashSet<>();
    Set<String> alive = new HashSet<>();
    Set<String> ids = new HashSet<>();
    Set<String> pods = new HashSet<>();
    for (KnownContainer container : all) {
      ids.add(container.id());
      String podUid = container.labels().get(POD_UID);
      if (podUid != null) {
        pods.add(podUid);
      }
      ContainerRecord told = ContainerRecord.read(container.annotations());
      ContainerRecord kept = kept(container.id());
      ContainerRecord record = kept == null ? told : kept;
      if (record != null && record.snapshot() != null) {
        snapshots.add(record.snapshot());
      }
      if (container.running()) {
        alive.add(container.id());
        running.add(
            truth(
                container,
                record,
                kept != null && !kept.equals(told),
                pid.apply(container.id()),
                kernel));
      }
    }
    pids.keySet().retainAll(alive);
    given.keySet().retainAll(alive);
    proofs.forgetOthersThan(alive);
    return new Look(running, snapshots, ids, pods);
  }

  private @Nullable ContainerRecord kept(String id) {
    try {
      return records.of(id);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the record of container {0}: {1}", id, e);
      return null;
    }
  }

  private ContainerFacts truth(
      KnownContainer container,
      @Nullable ContainerRecord record,
      boolean changed,
      @Nullable Long pid,
      Kernel kernel)
      throws InterruptedException {
    Word word = pid == null ? null : ask(kernel, pid, container.id(), record);
    Map<String, String> labels = container.labels();
    String name = labels.getOrDefault(POD, container.sandboxId());
    return new ContainerFacts(
        container.id(),
        labels.containsKey(NAMESPACE) ? labels.get(NAMESPACE) + "/" + name : name,
        labels.get(POD_UID),
        container.name(),
        record,
        changed,
        pid,
        word == null ? 0 : word.inherited(),
        word == null ? null : word.state(),
        word == null ? List.of() : word.excess(),
        word == null ? null : word.proof());
  }

  private @Nullable Long pid(Cri cri, String id) {
    Long known = pids.get(id);
    if (known != null) {
      return known;
    }
    try {
      ContainerStatus status = cri.containerStatus(id);
      Long pid = status.pid();
      Set<String> bounding = status.bounding();
      if (bounding != null) {
        given.put(id, bounding);
      }
      if (pid != null) {
        pids.put(id, pid);
      }
      return pid;
    } catch (CriException e) {
      // Removed since it was listed; or it is broken, and the others are to be seen all the same.
      if (e.kind() != CriException.Kind.NOT_FOUND) {
        LOG.log(
            Level.WARNING, "cannot get the status of container {0} from the runtime: {1}", id, e);
      }
      return null;
    }
  }

  private static @Nullable Word ask(
      Kernel kernel, long pid, String id, @Nullable ContainerRecord record)
      throws InterruptedException {
    try {
      return kernel.ask(pid, id, record);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read /proc/{0} of container {1}: {2}", pid, id, e);
      return null;
    }
  }

  private static List<String> excess(
      LiveProcess process, @Nullable ContainerRecord record, @Nullable Set<String> given)
      throws IOException {
    AskedRights asked = record == null ? null : record.rights();
    if (asked == null) {
      return List.of();
    }
    return process
        .rightsOfProgram()
        .map(rights -> asked.exceededBy(rights, given))
        .orElse(List.of());
  }

  private @Nullable Word word(Cri cri, long pid, String id, @Nullable ContainerRecord record)
      throws IOException, InterruptedException {
    Optional<LiveProcess> found = LiveProcess.open(pid);
    if (found.isEmpty()) {
      return null;
    }
    try (LiveProcess process = found.get()) {
      // The number may be another process' by now.
      if (!process.inContainer(id)) {
        return null;
      }
      int inherited = process.inheritedFilters();
      SeccompState state = process.seccompOfProgram(inherited).orElse(null);
      boolean filtered = state != null && state.exceeds(inherited);
      return new Word(
          inherited,
          state,
          excess(process, record, given.get(id)),
          filtered && record != null ? proofs.of(cri, id, record, process) : null);
    }
  }
}

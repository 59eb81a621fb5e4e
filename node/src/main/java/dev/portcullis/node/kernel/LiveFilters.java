package dev.portcullis.node.kernel;

import dev.portcullis.seccomp.bpf.Checked;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// The filters of a living process, as the kernel gives them back (ptrace(2),
/// `PTRACE_SECCOMP_GET_FILTER`).
///
/// Each thread has its own: those that it had when it began, and those that it added (seccomp(2)).
///
/// @param filters of one thread
/// @param stopped for how long that thread stood still, at the most
public record LiveFilters(Filters filters, Duration stopped) {
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EINVAL = 22;
  private static final int EMEDIUMTYPE = 124;

  /// Reads those of the first thread of a process. {@link LiveProcess#filteredOtherwise} names the
  /// threads that have others.
  ///
  /// The thread stands still meanwhile, for well under a millisecond; a call that it waits in may
  /// end with EINTR, as after SIGSTOP and SIGCONT (signal(7)).
  ///
  /// Needs CAP_SYS_ADMIN in the first user namespace and CAP_SYS_PTRACE, that no filter is on who
  /// asks, and a kernel with `CONFIG_CHECKPOINT_RESTORE`, which distributions have.
  ///
  /// @param process no child of this one: the JVM waits for its children itself
  /// @return empty where it has ended, before or meanwhile
  /// @throws IOException where it is traced already, runs in strict mode, or may not be asked
  public static Optional<LiveFilters> read(LiveProcess process)
      throws IOException, InterruptedException {
    return read(process, process.pid());
  }

  /// The same of one of its threads.
  public static Optional<LiveFilters> read(LiveProcess process, long thread)
      throws IOException, InterruptedException {
    // A tracer is a thread, not a process. This one does nothing else: when it ends, whatever
    // happened, the kernel lets the other go on.
    FutureTask<Optional<LiveFilters>> task = new FutureTask<>(() -> readHere(process, thread));
    Thread.ofPlatform().name("tracer of " + thread).daemon().start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException("reading the filters of process " + thread, e.getCause());
    }
  }

  private static Optional<LiveFilters> readHere(LiveProcess process, long thread)
      throws IOException {
    List<byte[]> oldestFirst = List.of();
    Duration stopped;
    // Its directory is held: where it is still there after the thread of that number was seized,
    // the thread is its own.
    try (Tracee tracee = Tracee.seize(Math.toIntExact(thread))) {
      if (process.read("task/" + thread + "/status") == null) {
        return Optional.empty();
      }
      long begin = System.nanoTime();
      tracee.stop();
      tracee.collect();
      tracee.letGo();
      stopped = Duration.ofNanos(System.nanoTime() - begin);
      oldestFirst = tracee.filters();
    } catch (Tracee.GoneException gone) {
      return Optional.empty();
    } catch (Tracee.RefusedException refused) {
      String status = process.read("task/" + thread + "/status");
      if (status == null || isDead(status)) {
        return Optional.empty();
      }
      if (refused.errno() != EINVAL || !unfiltered(status)) {
        throw failed(thread, refused.errno(), status);
      }
      stopped = Duration.ZERO;
    }
    List<Program> newestFirst = new ArrayList<>();
    for (byte[] program : oldestFirst) {
      newestFirst.addFirst(decoded(thread, program));
    }
    return Optional.of(new LiveFilters(new Filters(newestFirst), stopped));
  }

  private static Program decoded(long pid, byte[] bytes) throws IOException {
    return switch (Program.decode(bytes, ByteOrder.nativeOrder())) {
      case Checked.Accepted(Program program) -> program;
      case Checked.Refused refused ->
          throw new IOException(
              "process " + pid + " has a filter that no kernel takes: " + refused);
    };
  }

  /// It has ended and its parent has not asked how (proc(5), State): ptrace(2) says EPERM.
  private static boolean isDead(String status) {
    String state = SeccompState.field(status, "State");
    return state != null && (state.startsWith("Z") || state.startsWith("X"));
  }

  /// The kernel says EINVAL both of a task without filters and where it cannot tell at all.
  private static boolean unfiltered(String status) {
    SeccompState state = SeccompState.parse(status);
    return state != null && state.mode() == SeccompState.Mode.DISABLED;
  }

  private static IOException failed(long pid, int errno, String status) {
    return new IOException(
        "the filters of process " + pid + " cannot be read: " + reason(errno, status));
  }

  private static String reason(int errno, String status) {
    return switch (errno) {
      case EPERM -> notStopped(status);
      case EACCES ->
          "that takes CAP_SYS_ADMIN outside of containers, and no filter on the one who asks";
      case EINVAL -> notTold(SeccompState.parse(status));
      case EMEDIUMTYPE -> "one of them is no classic BPF program";
      default -> "errno " + errno;
    };
  }

  private static String notStopped(String status) {
    String tracer = SeccompState.field(status, "TracerPid");
    if (tracer != null && !tracer.equals("0")) {
      return "it is traced already (TracerPid: "
          + tracer
          + "), by a debugger or strace; end that first";
    }
    // Threads of the kernel have no memory of their own (proc(5), VmSize).
    return SeccompState.field(status, "VmSize") == null
        ? "it is a thread of the kernel, which has no filters; name a process"
        : "it may not be stopped; that takes root outside of containers (CAP_SYS_PTRACE), and no"
            + " security module, such as Yama, that forbids it";
  }

  private static String notTold(@Nullable SeccompState state) {
    return state != null && state.mode() == SeccompState.Mode.STRICT
        ? "it runs in strict mode (Seccomp: 1), which no program describes: only read, write, exit"
            + " and sigreturn are open"
        : "this kernel is built without CONFIG_CHECKPOINT_RESTORE";
  }
}

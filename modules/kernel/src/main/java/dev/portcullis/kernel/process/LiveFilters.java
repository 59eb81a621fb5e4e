package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.libc.ErrorNumbers.EACCES;
import static dev.portcullis.kernel.libc.ErrorNumbers.EINVAL;
import static dev.portcullis.kernel.libc.ErrorNumbers.EMEDIUMTYPE;
import static dev.portcullis.kernel.libc.ErrorNumbers.EPERM;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The filters of a living process, as the kernel gives them back (ptrace(2),
/// `PTRACE_SECCOMP_GET_FILTER`).
///
/// Each thread has its own: those that it had when it began, and those that it added (seccomp(2)).
///
/// @param filters of one thread
/// @param stopped for how long that thread stood still, at the most
public record LiveFilters(Filters filters, Duration stopped) {
  /// For a thread to be stopped, read, and brought back into its wait. One that is to stop at once
  /// needs less than a millisecond, and another one must not hold up who reads it.
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /// For the kernel to know of the end of a thread of Java.
  private static final Duration LONGEST_RELEASE = Duration.ofSeconds(1);

  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

  private static final ReentrantLock ONE_BY_ONE = new ReentrantLock(true);

  /// Of which one is chosen.
  private static final int MOST_THREADS = 64;

  /// Reads those of the first thread of a process, or of another that has as many, where the first
  /// would notice. {@link LiveProcess#filteredOtherwise} names the threads that have others.
  ///
  /// The thread stands still meanwhile, for well under a millisecond. On x86_64 a call that it
  /// waits in goes on as if nothing had been, with what is left of its time, whatever the filters
  /// say of restart_syscall ({@link Resumption}); of the calls that signal(7) lists as ended by a
  /// stop, those with a time-out end with EINTR, and a call that has moved a part of its bytes
  /// returns their number. Elsewhere a thread is not stopped that waits in a call which goes on by
  /// restart_syscall.
  ///
  /// Needs CAP_SYS_ADMIN in the first user namespace and CAP_SYS_PTRACE, that no filter is on who
  /// asks, and a kernel with `CONFIG_CHECKPOINT_RESTORE`, which distributions have.
  ///
  /// @param process no child of this one: the JVM waits for its children itself
  /// @return empty where it has ended, before or meanwhile
  /// @throws IOException where it is traced already, runs in strict mode, may not be asked, or
  ///   might come to harm
  public static Optional<LiveFilters> read(LiveProcess process)
      throws IOException, InterruptedException {
    return read(process, leastDisturbed(process));
  }

  /// The same of one of its threads.
  public static Optional<LiveFilters> read(LiveProcess process, long thread)
      throws IOException, InterruptedException {
    String harm = harm(process, thread);
    if (harm != null) {
      throw notRead(thread, harm);
    }
    // A thread has one tracer: a second one would be refused.
    if (!ONE_BY_ONE.tryLock(LONGEST_TURN.toNanos(), NANOSECONDS)) {
      throw notRead(
          thread,
          "those of other processes are being read since "
              + LONGEST_TURN.toSeconds()
              + " s; try again");
    }
    try {
      // A tracer is a thread, not a process. This one does nothing else: when it ends, whatever
      // happened, the kernel lets the other go on.
      Deadline deadline = Deadline.in(LONGEST);
      FutureTask<Optional<LiveFilters>> task =
          new FutureTask<>(() -> readHere(process, thread, deadline));
      Thread tracer = Thread.ofPlatform().name("tracer of " + thread).daemon().start(task);
      Optional<LiveFilters> read = task.get(LONGEST.multipliedBy(2).toNanos(), NANOSECONDS);
      tracer.join();
      awaitRelease(process, thread);
      return read;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException("reading the filters of process " + thread, e.getCause());
    } catch (TimeoutException e) {
      // It is let go as soon as the kernel answers.
      throw notRead(
          thread,
          "the kernel does not trace it yet: it may be about to execute a program; try again");
    } finally {
      ONE_BY_ONE.unlock();
    }
  }

  /// The first thread, or one of the next with as many filters that does not notice a stop.
  private static long leastDisturbed(LiveProcess process) throws IOException {
    long first = process.pid();
    if (ThreadCall.of(process, first).isUnnoticed()) {
      return first;
    }
    return process.filteredAlike(MOST_THREADS).stream()
        .filter(thread -> ThreadCall.of(process, thread).isUnnoticed())
        .findFirst()
        .orElse(first);
  }

  /// Why a thread must not be stopped; null where nothing is known against it.
  private static @Nullable String harm(LiveProcess process, long thread) throws IOException {
    Deadline deadline = Deadline.in(LONGEST);
    for (int i = 0; process.isUnstoppable(thread); i++) {
      if (deadline.isOver()) {
        return "it waits in the kernel, or its control group is frozen (a paused container); let it"
            + " continue, and try again";
      }
      Tracee.pause(i);
    }
    if (ThreadCall.of(process, thread).isResumedByTheKernelAlone()) {
      return "thread "
          + thread
          + " waits in a call with a timeout, which a stop could end early on this architecture;"
          + " try again when it has left this call";
    }
    return process.waitsFor(thread).contains("seccomp")
        ? "thread "
            + thread
            + " waits for the seccomp agent of its profile (SCMP_ACT_NOTIFY), which would get the"
            + " call a second time; try again when the agent has answered"
        : null;
  }

  /// Java knows of the end of a thread before the kernel does.
  private static void awaitRelease(LiveProcess process, long thread) throws IOException {
    Deadline deadline = Deadline.in(LONGEST_RELEASE);
    for (int i = 0; !deadline.isOver(); i++) {
      String status = process.read("task/" + thread + "/status");
      if (status == null || "0".equals(SeccompState.field(status, "TracerPid"))) {
        return;
      }
      Tracee.pause(i);
    }
  }

  private static Optional<LiveFilters> readHere(LiveProcess process, long thread, Deadline deadline)
      throws IOException {
    Filters filters = Filters.NONE;
    Duration stopped;
    // Its directory is held: where it is still there after the thread of that number was seized,
    // the thread is its own.
    try (Tracee tracee = Tracee.seize(Math.toIntExact(thread))) {
      if (process.read("task/" + thread + "/status") == null) {
        return Optional.empty();
      }
      long begin = System.nanoTime();
      tracee.stop(deadline);
      tracee.collect();
      if (Resumption.asksTheFilters(tracee)) {
        filters = decoded(thread, tracee.filters());
        Resumption.goOn(tracee, filters, process, thread, deadline);
        stopped = Duration.ofNanos(System.nanoTime() - begin);
      } else {
        Resumption.goOn(tracee);
        stopped = Duration.ofNanos(System.nanoTime() - begin);
        filters = decoded(thread, tracee.filters());
      }
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
    return Optional.of(new LiveFilters(filters, stopped));
  }

  private static Filters decoded(long thread, List<byte[]> oldestFirst) throws IOException {
    List<Program> newestFirst = new ArrayList<>();
    for (byte[] program : oldestFirst) {
      newestFirst.addFirst(decoded(thread, program));
    }
    return new Filters(newestFirst);
  }

  private static Program decoded(long pid, byte[] bytes) throws IOException {
    return switch (Program.decode(bytes, ByteOrder.nativeOrder())) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused ->
          throw new IOException(
              "process " + pid + " has a filter that no kernel accepts: " + refused);
    };
  }

  /// It has ended and its parent has not asked how (proc(5), State): ptrace(2) fails with EPERM.
  private static boolean isDead(String status) {
    String state = SeccompState.field(status, "State");
    return state != null && (state.startsWith("Z") || state.startsWith("X"));
  }

  /// The kernel returns EINVAL both for a task without filters and where it cannot report filters
  /// at all.
  private static boolean unfiltered(String status) {
    SeccompState state = SeccompState.parse(status);
    return state != null && state.mode() == SeccompState.Mode.DISABLED;
  }

  private static IOException failed(long pid, int errno, String status) {
    return notRead(pid, reason(errno, status));
  }

  private static IOException notRead(long pid, String why) {
    return new IOException("the filters of process " + pid + " cannot be read: " + why);
  }

  private static String reason(int errno, String status) {
    return switch (errno) {
      case EPERM -> notStopped(status);
      case EACCES ->
          "this needs CAP_SYS_ADMIN in the initial user namespace, and a Portcullis without a"
              + " filter";
      case EINVAL -> notTold(SeccompState.parse(status));
      case EMEDIUMTYPE -> "one of them is not a classic BPF program";
      default -> "errno " + errno;
    };
  }

  private static String notStopped(String status) {
    String tracer = SeccompState.field(status, "TracerPid");
    if (tracer != null && !tracer.equals("0")) {
      return "another process traces it (TracerPid: "
          + tracer
          + "), such as a debugger or strace; end that first";
    }
    // Threads of the kernel have no memory of their own (proc(5), VmSize).
    return SeccompState.field(status, "VmSize") == null
        ? "it is a kernel thread, which has no filters; name a process"
        : "cannot attach with ptrace: permission denied; this needs root in the initial user"
            + " namespace (CAP_SYS_PTRACE), and a security module such as Yama must allow it";
  }

  private static String notTold(@Nullable SeccompState state) {
    return state != null && state.mode() == SeccompState.Mode.STRICT
        ? "it runs in strict mode (Seccomp: 1), which has no filter program: only read, write, exit"
            + " and sigreturn are allowed"
        : "this kernel is built without CONFIG_CHECKPOINT_RESTORE";
  }
}

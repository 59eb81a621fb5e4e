package dev.portcullis.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A program whose signals keep it from the wait that it was stopped in.
@EnabledIf(value = "possible", disabledReason = "needs root on Linux, x86_64")
class HeldResumptionTest {
  private static final int RESTART_SYSCALL = 219;
  private static final int FIRST_SIGNAL = 40;
  private static final int LAST_SIGNAL = 60;

  /// Each handler is two bytes of code that jump to themselves: no system call ends it.
  private static final String PROGRAM =
      """
      import ctypes, mmap, time
      c = ctypes.CDLL(None)
      code = mmap.mmap(-1, 4096, prot=7)
      code.write(b"\\xeb\\xfe")
      at = ctypes.addressof(ctypes.c_char.from_buffer(code))
      c.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
      for number in range(40, 61):
          c.signal(number, at)
      c.poll(0, 0, 600000)
      """;

  static boolean possible() {
    return LiveFiltersTest.possible();
  }

  private static void signal(long pid, int number) throws Exception {
    new ProcessBuilder("kill", "-" + number, Long.toString(pid)).start().waitFor();
  }

  @Test
  void signalsHoldNoTracerUp() throws Exception {
    Process shell =
        FilteredThread.call(
            List.of(FilteredThread.answering(RESTART_SYSCALL, 0x50001)),
            () ->
                new ProcessBuilder("sh", "-c", "python3 -c '" + PROGRAM + "' & echo $!; wait")
                    .start());
    long pid = Long.parseLong(shell.inputReader().readLine());
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      // poll(2)
      Wait.until(
          "it waits",
          () -> Files.readString(Path.of("/proc/" + pid + "/syscall")).startsWith("7 0x0 0x0 "));
      FutureTask<Duration> held = new FutureTask<>(() -> resume(process, pid));
      Thread tracer = Thread.ofPlatform().daemon().start(held);
      for (int number = FIRST_SIGNAL + 1; number <= LAST_SIGNAL && !held.isDone(); number++) {
        Thread.sleep(500);
        signal(pid, number);
      }
      assertThat(held.get()).isLessThan(Duration.ofSeconds(5));
      tracer.join();
      Wait.until(
          "it goes on without a tracer",
          () ->
              "0".equals(SeccompState.field(String.valueOf(process.read("status")), "TracerPid")));
      assertThat(process.read("status")).contains("State:\tR");
    } finally {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      shell.destroyForcibly().waitFor();
    }
  }

  /// For how long it takes.
  private static Duration resume(LiveProcess process, long pid) throws Exception {
    try (Tracee tracee = Tracee.seize((int) pid)) {
      tracee.stop(Deadline.in(Duration.ofSeconds(10)));
      assertThat(Resumption.asksTheFilters(tracee)).isTrue();
      signal(pid, FIRST_SIGNAL);
      long begin = System.nanoTime();
      Filters filters = Filters.of(FilteredThread.answering(RESTART_SYSCALL, 0x50001));
      Resumption.goOn(tracee, filters, process, pid, Deadline.in(Duration.ofSeconds(1)));
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }
}

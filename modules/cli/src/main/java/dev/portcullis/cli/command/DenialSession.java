package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.DenialPlace;
import dev.portcullis.cli.input.OpenProcess;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.DenialsReport;
import dev.portcullis.kernel.denial.CallAnswer;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.DenialTally;
import dev.portcullis.kernel.denial.DenialWatch;
import dev.portcullis.kernel.denial.DeniedProcess;
import dev.portcullis.kernel.denial.FilterInstallation;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.kernel.denial.RefusedCalls;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One process, watched from here.
final class DenialSession implements AutoCloseable {
  /// Kinds of refused calls that are told apart.
  private static final int MOST = 1000;

  /// A program can give itself ever new names.
  private static final int MOST_PLACES = 100;

  private static final Duration BETWEEN_RATES = Duration.ofSeconds(10);

  private final OpenProcess subject;
  private final Reporter reporter;
  private final Terminal terminal;
  private final boolean follow;
  private final DenialWatch watch;
  private final RefusedCalls names;
  private final DenialPlace others;
  private final DenialTally<DenialPlace> tally;
  private final Map<String, DenialPlace> places = new HashMap<>();
  private final List<String> remarks = new ArrayList<>();
  private final Map<Integer, Long> shown = new HashMap<>();
  private long lastRates = System.nanoTime();

  private DenialSession(
      OpenProcess subject,
      Reporter reporter,
      Terminal terminal,
      boolean follow,
      DenialWatch watch,
      RefusedCalls names) {
    this.subject = subject;
    this.reporter = reporter;
    this.terminal = terminal;
    this.follow = follow;
    this.watch = watch;
    this.names = names;
    others = subject.container() != null ? subject.container() : new DenialPlace.OfOthers();
    tally = new DenialTally<>(MOST, others);
  }

  static DenialSession begin(
      OpenProcess subject, Reporter reporter, Terminal terminal, boolean follow)
      throws IOException, InterruptedException {
    ThisMachine machine = ThisMachine.ask(System.getProperty("os.arch"));
    SyscallTable table = SyscallTable.ofThisMachine();
    RefusedCalls names = new RefusedCalls(machine.architecture(), table, Bounds.USUAL);
    DenialWatch watch =
        DenialWatch.begin(
            subject.process(),
            machine.architecture(),
            FilterInstallation.of(machine.architecture(), table));
    return new DenialSession(subject, reporter, terminal, follow, watch, names);
  }

  /// Watches until the time is over, the processes have ended, or this thread is interrupted.
  ///
  /// @param longest null for as long as there is a process
  void watch(@Nullable Duration longest) throws IOException {
    if (!watch.isFiltered()) {
      reporter.note(
          subject.text() + " has no filter: nothing is refused unless it gives itself one");
    }
    reporter.note("watching " + subject.text() + " and what it starts");
    long begin = System.nanoTime();
    try {
      while (longest == null || System.nanoTime() - begin < longest.toNanos()) {
        boolean ended = watch.hasEnded();
        poll();
        if (ended) {
          break;
        }
        Thread.sleep(watch.pause());
      }
    } catch (InterruptedException signal) {
      // It is what was waited for.
    }
    try {
      // What is young is given by the call after the next.
      poll();
      poll();
    } catch (InterruptedException again) {
      reporter.warn("interrupted again: the last refusals may be missing");
    }
  }

  private void poll() throws IOException, InterruptedException {
    Instant now = Instant.now();
    long nanos = System.nanoTime();
    for (CallAnswer refusal : watch.poll()) {
      Denial<DenialPlace> denial =
          tally.add(
              place(watch.process(refusal)), refusal, now.minusNanos(nanos - refusal.nanos()));
      if (follow && denial != null && denial.count() == 1) {
        DenialsReport.first(names.of(denial, watch.filters()), terminal);
      }
    }
    for (String remark : watch.remarks()) {
      remarks.add(remark);
      reporter.warn(remark);
    }
    long seconds = Duration.ofNanos(nanos - lastRates).toSeconds();
    if (follow && seconds >= BETWEEN_RATES.toSeconds()) {
      lastRates = nanos;
      rates(seconds);
    }
  }

  private DenialPlace place(DeniedProcess process) {
    return subject.container() != null
            || (places.size() >= MOST_PLACES && !places.containsKey(process.command()))
        ? others
        : places.computeIfAbsent(
            process.command(), command -> new DenialPlace.OfProcess(process.pid(), command));
  }

  private void rates(long seconds) {
    int index = 0;
    for (Denial<DenialPlace> denial : tally.denials()) {
      long before = shown.getOrDefault(index, 1L);
      if (denial.count() > before) {
        DenialsReport.more(
            names.of(denial, watch.filters()), denial.count() - before, seconds, terminal);
      }
      shown.put(index, denial.count());
      index++;
    }
  }

  DenialsReport report() {
    List<NamedDenial<DenialPlace>> calls = new ArrayList<>();
    for (Denial<DenialPlace> denial : tally.denials()) {
      calls.add(names.of(denial, watch.filters()));
    }
    return new DenialsReport(calls, watch.lost(), watch.undecided(), tally.omitted(), remarks);
  }

  /// Reports what is not in the report, and sets the exit code.
  void conclude(DenialsReport report) {
    if (watch.lost() > 0) {
      reporter.warn(
          "the kernel had no room for "
              + Plural.of(watch.lost(), "event")
              + " or more; the counts are too low");
    }
    if (watch.undecided() > 0) {
      reporter.note(
          Plural.of(watch.undecided(), "call")
              + " failed as if refused, and may also have begun before the watch did or before"
              + " events were lost, or have been refused by a filter that is not known; not"
              + " counted");
    }
    if (tally.omitted() > 0) {
      reporter.warn(
          Plural.of(tally.omitted(), "refused or logged call")
              + " of further kinds are not listed; "
              + MOST
              + " kinds are");
    }
    if (!report.isClean()) {
      reporter.worsen(ExitCode.REFUSED);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}

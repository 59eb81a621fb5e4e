package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Has filters made within limits of time and memory, no matter who wrote the profiles. What takes
/// too long is not decided, and not tried again for a while.
///
/// Rulesets of {@link Effort#SMALL} never wait for others: they have a process of their own, or, in
/// a command that ends, this one.
public final class BoundedCompiler implements RulesetCompiler, AutoCloseable {
  /// How long it is remembered that a ruleset took too long.
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  /// On a machine that has much else to do.
  private static final Duration START = Duration.ofSeconds(10);

  /// How long a caller waits beside the time of libseccomp: for others, and for a process to start.
  private static final Duration BESIDE = Duration.ofSeconds(2);

  /// After so long without use, a process is ended.
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final int WAITING = 64;

  /// Of a process that may use a processor for seconds: what else there is goes first.
  private static final int NICER = 10;

  private final RulesetCompiler usual;
  private final Lane hard;
  private final List<Lane> lanes;
  private final ScheduledThreadPoolExecutor clock;

  private BoundedCompiler(
      RulesetCompiler usual, Lane hard, List<Lane> lanes, ScheduledThreadPoolExecutor clock) {
    this.usual = usual;
    this.hard = hard;
    this.lanes = lanes;
    this.clock = clock;
  }

  /// For a process that serves: libseccomp is never called in it.
  ///
  /// @param time that libseccomp has for a filter
  public static BoundedCompiler ofServer(Duration time) {
    CompilationLimits limits = new CompilationLimits(time, time.plus(BESIDE), START, IDLE, WAITING);
    return ofServer(
        limits,
        Launch.ofThisRuntime(time.toSeconds() + 1, 0),
        Launch.ofThisRuntime(time.toSeconds() + 1, NICER));
  }

  static BoundedCompiler ofServer(CompilationLimits limits, Launch usual, Launch hard) {
    ScheduledThreadPoolExecutor clock = clock();
    SlowRulesets tooLong = new SlowRulesets(REMEMBERED);
    Lane ofUsual = new Lane(limits, usual, clock, tooLong);
    Lane ofHard = new Lane(limits, hard, clock, tooLong);
    return new BoundedCompiler(ofUsual, ofHard, List.of(ofUsual, ofHard), clock);
  }

  /// For a process that does one thing and ends: a second one is started for rulesets only that may
  /// not be of {@link Effort#SMALL}.
  public static BoundedCompiler ofCommand(Duration time) {
    ScheduledThreadPoolExecutor clock = clock();
    Lane hard =
        new Lane(
            new CompilationLimits(time, time.plus(START), START, IDLE, WAITING),
            Launch.ofThisRuntime(time.toSeconds() + 1, 0),
            clock,
            new SlowRulesets(REMEMBERED));
    return new BoundedCompiler(new Aside(time), hard, List.of(hard), clock);
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "compiling-time");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    clock.allowCoreThreadTimeOut(true);
    return clock;
  }

  @Override
  public Answer compile(Ruleset ruleset) {
    return switch (Effort.of(ruleset)) {
      case SMALL -> usual.compile(ruleset);
      case UNKNOWN -> hard.compile(ruleset);
    };
  }

  /// Ends its processes.
  @Override
  public void close() {
    lanes.forEach(Lane::close);
    // What was to be killed still is.
    clock.shutdown();
  }
}

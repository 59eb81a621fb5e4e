package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One compiling process, and those who wait for it. It is started when it is needed, again when it
/// was killed, and ended when it was not needed for a while.
final class Lane implements RulesetCompiler, AutoCloseable {
  private static final String PROCESS = "the process that calls libseccomp failed: ";

  private final CompilationLimits limits;
  private final Launch launch;
  private final ScheduledExecutorService clock;
  private final SlowRulesets tooLong;
  private final ThreadPoolExecutor turns;

  /// The thread that asks the process, and has it.
  private static final class CompilerThread extends Thread {
    @Nullable Child child;

    CompilerThread(Runnable work) {
      super(work, "compiling");
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        end();
      }
    }

    void end() {
      if (child != null) {
        child.close();
        child = null;
      }
    }
  }

  Lane(
      CompilationLimits limits,
      Launch launch,
      ScheduledExecutorService clock,
      SlowRulesets tooLong) {
    this.limits = limits;
    this.launch = launch;
    this.clock = clock;
    this.tooLong = tooLong;
    turns =
        new ThreadPoolExecutor(
            1,
            1,
            limits.idle().toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(limits.waiting()),
            CompilerThread::new);
    turns.allowCoreThreadTimeOut(true);
  }

  /// Has a ruleset compiled. May be called by threads of any kind, virtual ones too: it waits on
  /// nothing but locks.
  @Override
  public Answer compile(Ruleset ruleset) {
    byte[] frame;
    try {
      frame = Frames.ofRuleset(ruleset);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    if (frame.length > Frames.LONGEST_REQUEST) {
      return new Undecided(
          "its rules need more than " + (Frames.LONGEST_REQUEST >> 20) + " MiB in a request");
    }
    Request request = new Request(frame, ruleset.entries().size());
    Undecided before = tooLong.get(request.digest);
    return before != null ? before : compile(request);
  }

  private static final class Request {
    final byte[] frame;
    final String digest;

    /// How many the ruleset has.
    final int entries;

    Request(byte[] frame, int entries) {
      this.frame = frame;
      this.digest = SlowRulesets.digest(frame);
      this.entries = entries;
    }
  }

  private Answer compile(Request request) {
    FutureTask<Answer> task =
        new FutureTask<>(() -> ask((CompilerThread) Thread.currentThread(), request));
    try {
      turns.execute(task);
    } catch (RejectedExecutionException tooMany) {
      return busy();
    }
    try {
      return task.get(limits.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      // One that runs goes on: the next caller is told that it took too long.
      forget(task);
      return busy();
    } catch (InterruptedException late) {
      forget(task);
      Thread.currentThread().interrupt();
      return new Undecided("no time was left; try again");
    } catch (ExecutionException | CancellationException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private void forget(FutureTask<?> task) {
    boolean _ = task.cancel(false);
    boolean _ = turns.remove(task);
  }

  private static Undecided busy() {
    return new Undecided("too many filters are being compiled; try again");
  }

  private Answer ask(CompilerThread thread, Request request) {
    Undecided meanwhile = tooLong.get(request.digest);
    if (meanwhile != null) {
      return meanwhile;
    }
    // One that has ended since the last request did not end because of this one.
    boolean fresh = thread.child == null;
    try {
      return answer(thread, request);
    } catch (IOException ended) {
      thread.end();
      if (fresh) {
        return new Undecided(PROCESS + ended.getMessage());
      }
    }
    try {
      return answer(thread, request);
    } catch (IOException ended) {
      thread.end();
      return new Undecided(PROCESS + ended.getMessage());
    }
  }

  private Answer answer(CompilerThread thread, Request request) throws IOException {
    Child child = thread.child;
    if (child == null) {
      try {
        child = Child.start(launch, limits.start(), clock);
      } catch (Child.LateException late) {
        throw new IOException("it was not ready in " + words(limits.start()), late);
      }
      thread.child = child;
    }
    try {
      return Frames.answer(child.ask(request.frame, limits.time()), request.entries);
    } catch (Child.LateException late) {
      thread.end();
      Undecided undecided = new Undecided("libseccomp did not finish in " + words(limits.time()));
      tooLong.put(request.digest, undecided);
      return undecided;
    }
  }

  static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /// Ends the process; where one is being asked, when that has ended.
  @Override
  public void close() {
    turns.shutdownNow();
  }
}

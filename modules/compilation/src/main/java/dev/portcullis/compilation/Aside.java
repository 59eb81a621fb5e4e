package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls libseccomp in this process, on a thread that callers need not wait for. For rulesets of
/// little effort, in a process that will end.
final class Aside implements RulesetCompiler {
  private final Duration time;
  private @Nullable RulesetCompiler calls;

  Aside(Duration time) {
    this.time = time;
  }

  @Override
  public Answer compile(Ruleset ruleset) {
    FutureTask<Answer> task = new FutureTask<>(() -> calls().compile(ruleset));
    Thread thread = new Thread(task, "compiling");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return new Undecided("libseccomp did not finish in " + Lane.words(time));
    } catch (InterruptedException late) {
      Thread.currentThread().interrupt();
      return new Undecided("no time was left");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  private synchronized RulesetCompiler calls() {
    if (calls == null) {
      calls =
          LibseccompCalls.ofThisMachine()
              .<RulesetCompiler>map(found -> found)
              .orElse(_ -> new Undecided("libseccomp cannot be loaded any more"));
    }
    return calls;
  }
}

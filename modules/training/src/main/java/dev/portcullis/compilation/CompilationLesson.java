package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Ruleset;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Has the compiling process make its start-up cache. It is in that package because it starts it
/// with the options there, and speaks to it as the product does.
public final class CompilationLesson {
  private static final Duration TIME = Duration.ofMinutes(2);

  private CompilationLesson() {}

  /// Starts the process, asks it three times, and ends it.
  ///
  /// @param cache that is made
  /// @param java what runs Java with the class path of the compiling process
  public static void take(Path cache, List<String> java) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java);
    command.addAll(Launch.OPTIONS);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + cache,
            CompilingProcess.class.getName(),
            Long.toString(TIME.toSeconds()),
            "1"));
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (Child child = Child.start(() -> process, TIME, clock)) {
      for (int number = 0; number < 3; number++) {
        Ruleset.Condition condition = new Ruleset.Condition(0, 4, number, 0);
        Ruleset ruleset =
            new Ruleset(
                0x7fff0000,
                List.of(),
                true,
                List.of(
                    new Ruleset.Entry(0x00050001, number, List.of()),
                    new Ruleset.Entry(0x00050001, number + 100, List.of(condition))));
        var _ = Frames.answer(child.ask(Frames.ofRuleset(ruleset), TIME), 2);
      }
      process.getOutputStream().close();
      if (!process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the compiling process does not end");
      }
    } catch (Child.LateException late) {
      throw new IOException("the compiling process took too long", late);
    } finally {
      clock.shutdownNow();
    }
  }
}

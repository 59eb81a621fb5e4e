package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Ruleset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// The start-up cache of the compiling process (JEP 514), which only a process with its options and
/// its class path can make.
public final class StartupCache {
  /// The property that names the cache's file to a process that asks.
  public static final String PROPERTY = Launch.CACHE;

  private static final Duration TIME = Duration.ofMinutes(2);

  private StartupCache() {}

  /// Makes it.
  ///
  /// @param file that is written
  public static void make(Path file) throws IOException, InterruptedException {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
    Launch launch =
        Launch.ofThisRuntime(List.of("-XX:AOTCacheOutput=" + file), TIME.toSeconds(), 1);
    try (Child child = Child.start(launch, TIME, clock)) {
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
      child.end(TIME);
    } catch (Child.LateException late) {
      throw new IOException("the compiling process took too long", late);
    } finally {
      clock.shutdownNow();
    }
    if (!Files.exists(file)) {
      throw new IOException("the compiling process made no " + file);
    }
  }
}

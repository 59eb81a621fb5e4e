package dev.portcullis.kernel.trace;

import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The call that a thread is in, by proc(5), `syscall`: when a trace begins, the beginning of that
/// call has been missed.
public final class CallInProgress {
  /// The number and six arguments at least. A thread that is in no call has the number -1 and two
  /// registers alone.
  private static final int WORDS = 7;

  private CallInProgress() {}

  /// Asks for it.
  ///
  /// @return of whatever architecture, at no time; null where the thread is in none, has ended, or
  ///   runs: it is then seen when it makes its next call
  public static @Nullable CallEntry of(long thread) {
    try {
      String[] words =
          Files.readString(Path.of("/proc/" + thread + "/syscall")).strip().split(" ", -1);
      return words.length < WORDS
          ? null
          : new CallEntry(
              0,
              (int) thread,
              Long.parseLong(words[0]),
              unsigned(words[1]),
              unsigned(words[2]),
              unsigned(words[3]),
              unsigned(words[4]),
              unsigned(words[5]),
              unsigned(words[6]));
    } catch (IOException | NumberFormatException endedOrNotTold) {
      return null;
    }
  }

  private static long unsigned(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal.substring(2), 16);
  }
}

package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import java.time.Instant;

/// The calls of one number that a filter refused, or logged.
///
/// @param subject whose they are
/// @param number on this machine's architecture
/// @param result as the program got it the first time
/// @param command what the process of the first calls itself; empty where the subject names it
/// @param first when the first was
/// @param last when the last was
/// @param <S> whose calls they are
public record Denial<S>(
    S subject,
    long number,
    Verdict verdict,
    long result,
    String command,
    long count,
    Instant first,
    Instant last) {
  /// Whether the calls went on, and were only logged.
  public boolean isLogged() {
    return verdict.kind() == Kind.LOG;
  }

  Denial<S> again(Instant when) {
    return new Denial<>(subject, number, verdict, result, command, count + 1, first, when);
  }
}

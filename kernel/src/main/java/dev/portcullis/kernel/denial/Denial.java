package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Verdict;
import java.time.Instant;

/// The refused calls of one number.
///
/// @param subject whose they are
/// @param number on this machine's architecture
/// @param result as the program got it the first time
/// @param first when the first was
/// @param last when the last was
/// @param <S> whose calls they are
public record Denial<S>(
    S subject, long number, Verdict verdict, long result, long count, Instant first, Instant last) {
  Denial<S> again(Instant when) {
    return new Denial<>(subject, number, verdict, result, count + 1, first, when);
  }
}

package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Verdict;

/// A system call that a filter did not let through, or let through and logged.
///
/// @param nanos when, by `System.nanoTime`
/// @param result as the program got it; of a call that is logged it is not known yet, and 0
public record CallAnswer(long nanos, int thread, long number, Verdict verdict, long result) {}

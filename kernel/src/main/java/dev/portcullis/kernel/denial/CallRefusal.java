package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Verdict;

/// A system call that a filter did not let through.
///
/// @param nanos when, by `System.nanoTime`
/// @param result as the program got it
public record CallRefusal(long nanos, int thread, long number, Verdict verdict, long result) {}

package dev.portcullis.compilation;

import java.time.Duration;

/// What a ruleset may take.
///
/// @param time that libseccomp has for one
/// @param patience how long a caller waits for an answer, with those before and the start of a
///   process
/// @param start that a process has to be ready
/// @param idle after which time without use a process is ended
/// @param waiting how many may wait for one process
record CompilationLimits(
    Duration time, Duration patience, Duration start, Duration idle, int waiting) {}

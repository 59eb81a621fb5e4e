package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;

/// The name of a system call, where a rule names it. Whether there is such a call is not known
/// here.
public record SyscallName(Position at, String name) {}

package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;

/// Two calls that the kernel takes for the same, because they differ only in bits of arguments that
/// it ignores, and of which one gets a less severe answer.
///
/// @param denied in which the ignored bits are as C programs leave them: zero, or the sign
/// @param passed in which some are not
public record Bypass(Call denied, Call passed) {}

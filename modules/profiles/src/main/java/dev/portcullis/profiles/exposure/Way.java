package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.profile.Architecture;

/// A call that passes a filter: it was run through the program.
///
/// @param name of the call that the filter sees
/// @param behind the call that it stands for, whose arguments lie behind a pointer; empty where it
///   stands for itself
public record Way(Architecture architecture, String name, Call call, String behind) {}

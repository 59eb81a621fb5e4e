package dev.portcullis.seccomp.syscall;

import java.util.List;

/// System calls that are for the same.
///
/// @param name as `files`
/// @param title what they are for, in some words
/// @param names of all architectures, in alphabetical order
public record SyscallGroup(String name, String title, List<String> names) {
  public SyscallGroup {
    names = List.copyOf(names);
  }
}

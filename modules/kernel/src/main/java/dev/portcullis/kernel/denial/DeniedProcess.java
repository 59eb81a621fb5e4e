package dev.portcullis.kernel.denial;

/// Whose call was refused.
///
/// @param pid of the process; of the thread, where that ended before it could be asked
/// @param command what it calls itself: by itself the name of what it executes (proc(5), `comm`)
public record DeniedProcess(int pid, String command) {}

package dev.portcullis.kernel.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of single calls: `sys_enter_openat`, `sys_exit_openat` and so on. The kernel makes
/// them for calls of its own architecture alone: that of a call of 32 bits, or of x32, has another
/// table, and is none of these (kernel/trace/trace_syscalls.c, `trace_get_syscall_nr`). A call that
/// the kernel is built without has none.
///
/// @param entries the kernel's names of the calls, by the ids of the events of their beginnings
/// @param exits the same of their ends
/// @param number where the number of the call is
/// @param first where its first argument is
/// @param result where what it gave is
record CallEvents(
    Map<Integer, String> entries, Map<Integer, String> exits, int number, int first, int result) {
  static final CallEvents NONE = new CallEvents(Map.of(), Map.of(), 0, 0, 0);

  static final String ALL = "syscalls";
  private static final String ENTRY = "sys_enter_";
  private static final String EXIT = "sys_exit_";

  /// The kernel gives the ids out when it boots, and there are hundreds to read.
  private static volatile @Nullable CallEvents known;

  CallEvents {
    entries = Map.copyOf(entries);
    exits = Map.copyOf(exits);
  }

  /// Those of this kernel.
  ///
  /// @param events the directory `events` of tracefs
  static CallEvents ofThisKernel(Path events) throws IOException {
    CallEvents read = known;
    if (read == null) {
      read = read(events.resolve(ALL));
      known = read;
    }
    return read;
  }

  /// @param calls the directory of the events
  static CallEvents read(Path calls) throws IOException {
    Map<Integer, String> entries = new HashMap<>();
    Map<Integer, String> exits = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(calls, "sys_*")) {
      for (Path event : all) {
        String name = event.getFileName().toString();
        if (name.startsWith(ENTRY)) {
          entries.put(id(event), name.substring(ENTRY.length()));
        } else if (name.startsWith(EXIT)) {
          exits.put(id(event), name.substring(EXIT.length()));
        }
      }
    } catch (NoSuchFileException missing) {
      throw new IOException(
          calls + " is missing: the kernel is built without CONFIG_FTRACE_SYSCALLS", missing);
    } catch (DirectoryIteratorException e) {
      throw new IOException(calls + " cannot be listed", e);
    }
    // Of one with an argument that is as wide as a register, as all are there.
    EventFormat entry = EventFormat.read(calls.resolve(ENTRY + "close"));
    EventFormat exit = EventFormat.read(calls.resolve(EXIT + "close"));
    if (entry.offset("__syscall_nr") != exit.offset("__syscall_nr")) {
      throw new IOException("the events of calls have their numbers at different places");
    }
    return new CallEvents(
        entries, exits, entry.offset("__syscall_nr"), entry.offset("fd"), exit.offset("ret"));
  }

  private static int id(Path event) throws IOException {
    return Integer.parseInt(Files.readString(event.resolve("id"), US_ASCII).strip());
  }

  static String entry(String call) {
    return ALL + "/" + ENTRY + call;
  }

  static String exit(String call) {
    return ALL + "/" + EXIT + call;
  }
}

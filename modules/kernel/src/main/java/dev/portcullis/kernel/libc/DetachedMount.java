package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A file system that is mounted nowhere: a descriptor of this process is the only way to it, and
/// it is gone with the process (fsopen(2), fsmount(2)).
public final class DetachedMount {
  // The same numbers on all architectures, since Linux 5.2.
  private static final long FSOPEN = 430;
  private static final long FSCONFIG = 431;
  private static final long FSMOUNT = 432;
  // linux/mount.h
  private static final long CLOEXEC = 1;
  private static final long FSCONFIG_CMD_CREATE = 6;

  // The fifth is only of fsconfig: a kernel does not look at more than a call has.
  private static final MethodHandle SYSCALL =
      Libc.variadic(
          1, "syscall", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private DetachedMount() {}

  /// Mounts one, for which CAP_SYS_ADMIN is needed.
  ///
  /// @param type as /proc/filesystems has it: `tracefs`
  /// @return its root
  /// @throws SystemCallException with ENODEV where the kernel has no such type, EPERM without the
  ///   right
  public static PathDescriptor of(String type) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      int context = call(arena, "fsopen", FSOPEN, arena.allocateFrom(type), CLOEXEC, 0);
      try {
        MemorySegment first = MemorySegment.ofAddress(context);
        int _ = call(arena, "fsconfig", FSCONFIG, first, FSCONFIG_CMD_CREATE, 0);
        return new PathDescriptor(call(arena, "fsmount", FSMOUNT, first, CLOEXEC, 0));
      } finally {
        PathDescriptor.close(context);
      }
    }
  }

  private static int call(
      Arena arena, String name, long number, MemorySegment first, long second, long third)
      throws SystemCallException {
    MemorySegment state = Libc.state(arena);
    long answer;
    try {
      answer = (long) SYSCALL.invokeExact(state, number, first, second, third, 0L, 0L);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (answer < 0) {
      throw new SystemCallException(name, Libc.errno(state));
    }
    return (int) answer;
  }
}

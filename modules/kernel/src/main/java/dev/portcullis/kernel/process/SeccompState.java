package dev.portcullis.kernel.process;

import org.jspecify.annotations.Nullable;

/// How a process is filtered, in the kernel's words: the lines `Seccomp:` and `Seccomp_filters:` of
/// /proc/PID/status.
///
/// @param filters how many filters stand on top of each other; null before Linux 5.9, which does
///   not report it
public record SeccompState(Mode mode, @Nullable Integer filters) {

  // kernel/seccomp.c, SECCOMP_MODE_DEAD, since Linux 5.17: the mode in which the kernel kills the
  // process. It shows as long as the process has not ended.
  private static final String DEAD = "3";

  /// The first of the two lines.
  public enum Mode {
    /// Every system call is open.
    DISABLED(0),
    /// read, write, exit and sigreturn are open.
    STRICT(1),
    /// Programs decide.
    FILTER(2);

    private final int number;

    Mode(int number) {
      this.number = number;
    }

    /// As the kernel prints it.
    public int number() {
      return number;
    }
  }

  /// Whether a filter was added to those that the process has from the one that started it. Where
  /// the kernel does not report the number, any filter counts as added.
  ///
  /// @param inherited the number of those
  public boolean exceeds(int inherited) {
    return mode == Mode.FILTER && (filters == null || filters > inherited);
  }

  /// Reads the text of /proc/PID/status; null where it has no such line, as on a kernel that is
  /// built without seccomp.
  static @Nullable SeccompState parse(String status) {
    String mode = field(status, "Seccomp");
    String filters = field(status, "Seccomp_filters");
    if (mode == null) {
      return null;
    }
    Integer count = filters == null ? null : Integer.valueOf(filters);
    if (mode.equals(DEAD)) {
      // Whichever it was that killed it, it was there.
      return new SeccompState(count != null && count == 0 ? Mode.STRICT : Mode.FILTER, count);
    }
    for (Mode known : Mode.values()) {
      if (mode.equals(Integer.toString(known.number))) {
        return new SeccompState(known, count);
      }
    }
    throw new IllegalStateException("the kernel reports an unknown seccomp mode: " + mode);
  }

  /// The value of a line `Name:<tab>value`; null where there is none.
  static @Nullable String field(String status, String name) {
    // A process chooses its own name, but the kernel escapes a newline in it (proc(5), Name), so a
    // line cannot be forged.
    for (String line : status.split("\n", -1)) {
      if (line.startsWith(name) && line.startsWith(":", name.length())) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return null;
  }
}

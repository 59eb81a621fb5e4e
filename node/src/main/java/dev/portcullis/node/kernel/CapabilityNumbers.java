package dev.portcullis.node.kernel;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the bits of a set of capabilities in /proc/PID/status are called.
final class CapabilityNumbers {
  /// linux/capability.h, by number.
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  private CapabilityNumbers() {}

  /// The names of a set.
  ///
  /// @param hexadecimal as the kernel prints it, `00000000a80425fb`; numbers without a name here
  ///   are newer than any profile's conditions, and left out
  static Set<String> names(String hexadecimal) {
    long bits = Long.parseUnsignedLong(hexadecimal, 16);
    Set<String> names = new TreeSet<>();
    for (int number = 0; number < NAMES.size(); number++) {
      if ((bits >>> number & 1) == 1) {
        names.add("CAP_" + NAMES.get(number));
      }
    }
    return names;
  }
}

package dev.portcullis.node.pod;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// What a profile may depend on: this machine's architecture and kernel.
///
/// @param name its host name
public record ThisMachine(String name, Architecture architecture, KernelVersion kernel) {

  /// capabilities(7), all up to Linux 5.9, without `CAP_`. A kernel that has fewer ignores the
  /// rest.
  static final Set<String> ALL_CAPABILITIES =
      Set.of(
          "AUDIT_CONTROL",
          "AUDIT_READ",
          "AUDIT_WRITE",
          "BLOCK_SUSPEND",
          "BPF",
          "CHECKPOINT_RESTORE",
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "IPC_LOCK",
          "IPC_OWNER",
          "KILL",
          "LEASE",
          "LINUX_IMMUTABLE",
          "MAC_ADMIN",
          "MAC_OVERRIDE",
          "MKNOD",
          "NET_ADMIN",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_RAW",
          "PERFMON",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_CHROOT",
          "SYS_MODULE",
          "SYS_NICE",
          "SYS_PACCT",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "SYSLOG",
          "WAKE_ALARM");

  /// Asks the kernel.
  ///
  /// @param osArch the Java platform's name of the architecture (`os.arch`)
  public static ThisMachine ask(String osArch) throws IOException {
    Architecture architecture =
        Architecture.ofJava(osArch)
            .orElseThrow(() -> new IOException("no seccomp architecture is known for " + osArch));
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    KernelVersion kernel =
        KernelVersion.ofRelease(release)
            .orElseThrow(() -> new IOException("no version of a kernel: " + release));
    return new ThisMachine(name, architecture, kernel);
  }

  Target target(Set<String> capabilities) {
    return new Target(architecture, kernel, capabilities);
  }
}

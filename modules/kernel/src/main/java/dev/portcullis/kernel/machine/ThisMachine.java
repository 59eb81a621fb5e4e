package dev.portcullis.kernel.machine;

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

  /// What a profile is resolved for.
  ///
  /// @param capabilities of the container, in full: `CAP_NET_ADMIN`
  public Target target(Set<String> capabilities) {
    return new Target(architecture, kernel, capabilities);
  }
}

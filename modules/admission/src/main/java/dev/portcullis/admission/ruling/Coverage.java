package dev.portcullis.admission.ruling;

import dev.portcullis.seccomp.runtime.Runtimes;
import dev.portcullis.seccomp.runtime.Version;
import java.util.Map;
import java.util.stream.Collectors;

/// On which nodes a proof holds that was made here: on those whose runtime makes of a profile what
/// the libseccomp here makes of it, called in one of the ways that are known
/// (`seccomp.compile.Dialect`).
///
/// CRI does not report which OCI runtime is called, nor which libseccomp that was built with,
/// mostly statically. What is known is what a node reports: its container runtime, and the
/// libseccomp that its administrator gives, or that is installed there.
final class Coverage {
  private static final Map<String, Version> RUNTIMES = Runtimes.known().firstContainerRuntimes();

  private Coverage() {}

  /// Why a proof does not hold with a runtime, to be read after `node n1 has`; empty where it does.
  static String problem(ReportingNode.NodeRuntime runtime) {
    if (runtime.name().isEmpty()) {
      return "not reported its container runtime: upgrade its Portcullis";
    }
    Version first = RUNTIMES.get(runtime.name());
    Version version = Version.read(runtime.version());
    if (first == null || version == null || version.compareTo(first) < 0) {
      return runtime.name()
          + " "
          + runtime.version()
          + ", but proofs need "
          + RUNTIMES.entrySet().stream()
              .map(entry -> entry.getKey() + " from " + entry.getValue())
              .sorted()
              .collect(Collectors.joining(" and "))
          + ": upgrade it";
    }
    if (runtime.libseccomp().isEmpty()) {
      return "not reported the libseccomp of its OCI runtime: start its Portcullis with"
          + " --libseccomp and the version that `runc --version` or `crun --version` prints"
          + " there";
    }
    Version libseccomp = Version.read(runtime.libseccomp());
    return libseccomp == null || libseccomp.compareTo(Runtimes.known().firstLibseccomp()) < 0
        ? "libseccomp "
            + runtime.libseccomp()
            + ", but proofs need "
            + Runtimes.known().firstLibseccomp()
            + " or later, because older ones compare 64-bit arguments wrongly (CVE-2019-9893):"
            + " upgrade it"
        : "";
  }
}

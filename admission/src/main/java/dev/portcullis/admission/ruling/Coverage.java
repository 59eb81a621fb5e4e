package dev.portcullis.admission.ruling;

import dev.portcullis.seccomp.compile.Version;
import java.util.Map;
import java.util.stream.Collectors;

/// On which nodes a proof holds that was made here: on those whose runtime makes of a profile what
/// the libseccomp here makes of it, called as runc from 1.0 and crun from 1.0 call it
/// (`seccomp.compile.Dialect`).
///
/// CRI does not tell which OCI runtime is called, and not which libseccomp that was built with,
/// mostly statically. What is known is what a node tells: its container runtime, and the libseccomp
/// that its administrator gives, or that is installed there.
final class Coverage {
  /// The first versions, by the names in `Node.status.nodeInfo.containerRuntimeVersion`, that are
  /// younger than runc 1.0.0 and crun 1.0 (June and September 2021). containerd asks for a runc of
  /// `script/setup/runc-version` at least (its docs/RUNC.md), v1.1.0 in 1.6.0 of February 2022;
  /// CRI-O 1.24.0 is of April 2022.
  private static final Map<String, Version> RUNTIMES =
      Map.of("containerd", new Version(1, 6, 0), "cri-o", new Version(1, 24, 0));

  private Coverage() {}

  /// Why a proof does not hold with a runtime, to be read after `node n1 has`; empty where it does.
  static String problem(TellingNode.NodeRuntime runtime) {
    if (runtime.name().isEmpty()) {
      return "not told its container runtime: upgrade its Portcullis";
    }
    Version first = RUNTIMES.get(runtime.name());
    Version version = Version.read(runtime.version());
    if (first == null || version == null || version.compareTo(first) < 0) {
      return runtime.name()
          + " "
          + runtime.version()
          + ", and proofs are for "
          + RUNTIMES.entrySet().stream()
              .map(entry -> entry.getKey() + " from " + entry.getValue())
              .sorted()
              .collect(Collectors.joining(" and "))
          + ": upgrade it";
    }
    if (runtime.libseccomp().isEmpty()) {
      return "not told which libseccomp its OCI runtime has: start its Portcullis with --libseccomp"
          + " and the version that `runc --version` or `crun --version` has there";
    }
    Version libseccomp = Version.read(runtime.libseccomp());
    return libseccomp == null || libseccomp.compareTo(Version.FIRST_EXACT_LIBSECCOMP) < 0
        ? "libseccomp "
            + runtime.libseccomp()
            + ", and proofs are for "
            + Version.FIRST_EXACT_LIBSECCOMP
            + " and later, as older ones compare 64-bit arguments wrongly (CVE-2019-9893): upgrade it"
        : "";
  }
}

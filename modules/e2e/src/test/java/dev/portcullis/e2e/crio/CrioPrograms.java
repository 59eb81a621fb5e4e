package dev.portcullis.e2e.crio;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The programs of a CRI-O: itself and pinns as somebody built or installed them, the rest of
/// Debian.
///
/// @param crio the program, with pinns beside it
/// @param crun one that knows version 1.3.0 of the OCI runtime specification, as crun 1.21 does and
///   Debian 12's does not; null where none is named
record CrioPrograms(Path crio, @Nullable Path crun) {
  static final String CRIO = "PORTCULLIS_CRIO";
  static final String CRUN = "PORTCULLIS_CRUN";

  private static final List<String> PATH = List.of("/usr/local/sbin", "/usr/sbin", "/usr/bin");

  /// Those that the environment names; null where it names none.
  static @Nullable CrioPrograms of(Map<String, String> environment) {
    String crio = environment.getOrDefault(CRIO, "");
    String crun = environment.getOrDefault(CRUN, "");
    return crio.isEmpty()
        ? null
        : new CrioPrograms(
            Path.of(crio).toAbsolutePath(), crun.isEmpty() ? null : Path.of(crun).toAbsolutePath());
  }

  /// What is named and not there, or is needed beside it; empty where nothing is.
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Path named : crun == null ? List.of(crio, pinns()) : List.of(crio, pinns(), crun)) {
      if (!Files.isExecutable(named)) {
        missing.add(named.toString());
      }
    }
    for (String program : List.of("conmon", "skopeo", "runc", "ip", "unshare")) {
      if (find(program) == null) {
        missing.add(program + " (apt-get install " + program + ")");
      }
    }
    return missing;
  }

  Path pinns() {
    return crio.resolveSibling("pinns");
  }

  /// A program of the system.
  static Path required(String program) {
    Path found = find(program);
    if (found == null) {
      throw new IllegalStateException(program + " is not installed");
    }
    return found;
  }

  private static @Nullable Path find(String program) {
    return PATH.stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}

package dev.portcullis.e2e.crio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// An OCI runtime that gets a configuration a little different from what CRI-O wrote.
final class OciWrapper {
  /// CAP_SYS_RESOURCE of capabilities(7): its bit.
  private static final int SYS_RESOURCE = 24;

  /// Without this capability, as in many machines in machines, no container can be given it, which
  /// CRI-O asks for a privileged one, and no score of the OOM killer can be lowered, which it asks
  /// for a sandbox.
  private static final String WITHOUT_SYS_RESOURCE =
      """
      s/"CAP_SYS_RESOURCE",[[:space:]]*//g; s/,[[:space:]]*"CAP_SYS_RESOURCE"//g; \
      s/"oomScoreAdj":[[:space:]]*-[0-9]*,//; s/,[[:space:]]*"oomScoreAdj":[[:space:]]*-[0-9]*//\
      """;

  private OciWrapper() {}

  /// The runtime itself where this machine can give what CRI-O asks for; else a script beside it
  /// that takes out what it cannot.
  static Path of(Path runtime, Path directory) throws IOException {
    return hasSysResource() ? runtime : write(runtime, directory, "plain", List.of());
  }

  /// One that edits the configuration.
  ///
  /// @param edit what sed(1) does to it
  static Path editing(Path runtime, Path directory, String name, String edit) throws IOException {
    return write(runtime, directory, name, List.of(edit));
  }

  private static boolean hasSysResource() throws IOException {
    String effective =
        Files.readString(Path.of("/proc/self/status"))
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .findFirst()
            .orElseThrow(() -> new IOException("/proc/self/status: no CapEff"))
            .substring("CapEff:".length())
            .strip();
    return (Long.parseUnsignedLong(effective, 16) >> SYS_RESOURCE & 1) == 1;
  }

  private static Path write(Path runtime, Path directory, String name, List<String> edits)
      throws IOException {
    List<String> all = new ArrayList<>(edits);
    if (!hasSysResource()) {
      all.add(WITHOUT_SYS_RESOURCE);
    }
    Path script = directory.resolve(runtime.getFileName() + "-" + name);
    Files.writeString(
        script,
        """
        #!/bin/sh
        bundle=
        previous=
        for word; do
          case $previous in --bundle | -b) bundle=$word ;; esac
          previous=$word
        done
        [ -z "$bundle" ] || sed -z -i '%s' "$bundle/config.json"
        exec '%s' "$@"
        """
            .formatted(String.join("; ", all), runtime));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }
}

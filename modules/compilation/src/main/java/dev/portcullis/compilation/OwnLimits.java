package dev.portcullis.compilation;

import dev.portcullis.kernel.libc.ProcessResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The limits that the compiling process puts on itself, by setrlimit(2).
final class OwnLimits {
  // asm-generic/resource.h; the same on every architecture that Java runs on but MIPS.
  private static final int RLIMIT_CPU = 0;
  private static final int RLIMIT_DATA = 2;

  /// What libseccomp may take, beyond what the JVM has at its start. The largest filters of default
  /// profiles take less than one megabyte.
  private static final long MORE_DATA = 64L << 20;

  private static final long NONE = -1;

  private final int seconds;

  /// @param seconds of processor time that a request may take
  OwnLimits(int seconds) {
    this.seconds = seconds;
  }

  /// Limits the memory for good, and lets the kernel take this process first where it has none
  /// left.
  ///
  /// @param nicer how much less urgent this is than the process that asks
  void begin(int nicer) throws IOException {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException notHere) {
      // The limit below holds all the same.
    }
    // Before the memory is measured: the first call links, which takes some.
    ProcessResources.yieldTo(nicer);
    long data = data() + MORE_DATA;
    ProcessResources.limit(RLIMIT_DATA, data, data);
  }

  /// Begins the processor time of one request. The kernel ends the process that has used it.
  void renew() throws IOException {
    ProcessResources.limit(RLIMIT_CPU, ProcessResources.secondsUsed() + seconds, NONE);
  }

  /// What RLIMIT_DATA counts: VmData of proc(5), in kilobytes there.
  private static long data() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmData:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status has no VmData");
  }
}

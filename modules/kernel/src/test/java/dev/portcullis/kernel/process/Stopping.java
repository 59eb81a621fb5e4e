package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.process.FilteredThread.denying;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A JVM that stops another process and does nothing more, or that has a thread with a filter.
final class Stopping {
  private Stopping() {}

  /// Says `stopped` when it has been done.
  static Process start(long pid) throws IOException {
    return new ProcessBuilder(java(Long.toString(pid))).start();
  }

  /// The number of one that has; a child of a shell, so that this JVM does not wait for it.
  static long startWithAFilteredThread() throws IOException {
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "'" + String.join("' '", java("filter")) + "' & echo $!; wait")
            .start();
    var out = shell.inputReader();
    long pid = Long.parseLong(out.readLine());
    String ready = out.readLine();
    if (!"filtered".equals(ready)) {
      throw new IOException("it said " + ready);
    }
    return pid;
  }

  private static List<String> java(String argument) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Stopping.class.getName(),
        argument);
  }

  static void main(String[] args) throws Exception {
    if (args[0].equals("filter")) {
      Object _ =
          FilteredThread.call(
              List.of(denying(0x3777, 7)),
              () -> {
                System.out.println("filtered");
                Thread.sleep(600_000);
                return "";
              });
      return;
    }
    try (Tracee tracee = Tracee.seize(Integer.parseInt(args[0]))) {
      tracee.stop(Deadline.in(Duration.ofSeconds(10)));
      System.out.println("stopped");
      Thread.sleep(600_000);
    }
  }
}

import dev.portcullis.cli.Cli;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import java.io.InputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `check` of many pods in one warm JVM, against reading the same files into trees and nothing
/// more; and the diff of `fix`, against `check`. All in every round, so that a busy machine slows
/// each.
///
/// usage: CheckBench make DIR PODS | time DIR PODS ROUNDS | memory DIR read|check|fix
final class CheckBench {
  private static final String POLICIES = "examples/policies";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CheckBench() {}

  static void main(String[] args) throws IOException {
    Path directory = Path.of(args[1]);
    switch (args[0]) {
      case "make" -> ManyPods.write(directory, Integer.parseInt(args[2]));
      case "time" -> time(directory, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      case "memory" -> memory(directory, args[2]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /// @param wall nanoseconds
  /// @param processor nanoseconds of the thread that works, and of no other
  private record Time(long wall, long processor) {
    static Time of(Work work) throws IOException {
      long wall = System.nanoTime();
      long processor = THREADS.getCurrentThreadCpuTime();
      work.run();
      return new Time(
          System.nanoTime() - wall, THREADS.getCurrentThreadCpuTime() - processor);
    }
  }

  private static void time(Path directory, int pods, int rounds) throws IOException {
    List<Time> reads = new ArrayList<>();
    List<Time> checks = new ArrayList<>();
    List<Time> fixes = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      reads.add(Time.of(() -> read(directory)));
      checks.add(Time.of(() -> check(directory)));
      fixes.add(Time.of(() -> fix(directory)));
    }
    // The first rounds warm the JVM up.
    int warm = Math.min(rounds / 2, 3);
    double[] read = report("read into trees", pods, reads.subList(warm, rounds));
    double[] check = report("check", pods, checks.subList(warm, rounds));
    double[] fix = report("fix", pods, fixes.subList(warm, rounds));
    System.out.printf(
        "check / read: %.2f by wall, %.2f by processor time%n",
        check[0] / read[0], check[1] / read[1]);
    System.out.printf(
        "fix / check: %.2f by wall, %.2f by processor time%n",
        fix[0] / check[0], fix[1] / check[1]);
  }

  private static double[] report(String name, int pods, List<Time> times) {
    double wall = median(times.stream().mapToLong(Time::wall).toArray());
    double processor = median(times.stream().mapToLong(Time::processor).toArray());
    System.out.printf(
        "%-16s %8.0f ms wall, %8.0f ms processor: %8.0f pods/s by wall, %8.0f by processor%n",
        name, wall / 1e6, processor / 1e6, pods / wall * 1e9, pods / processor * 1e9);
    return new double[] {wall, processor};
  }

  private static double median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void memory(Path directory, String mode) throws IOException {
    List<ParseResult> kept = List.of();
    switch (mode) {
      case "check" -> check(directory);
      case "fix" -> fix(directory);
      case "read" -> kept = read(directory);
      default -> throw new IllegalArgumentException(mode);
    }
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    long kib = Long.parseLong(peak.replaceAll("[^0-9]", ""));
    System.out.printf("%-16s %8d MiB at most resident (%d files kept)%n", mode, kib / 1024, kept.size());
  }

  /// What `check` cannot do without: every file read into trees, which are all kept.
  private static List<ParseResult> read(Path directory) throws IOException {
    List<ParseResult> trees = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        ParseResult reading = Documents.read(Files.readAllBytes(file), Limits.MANIFEST);
        if (reading instanceof ParseResult.Malformed malformed) {
          throw new IOException(file + ": " + malformed);
        }
        trees.add(reading);
      }
    }
    return trees;
  }

  private static void check(Path directory) throws IOException {
    // Some of the pods ask for what they may not use.
    run(
        List.of(
            "check", "--policy", POLICIES, "--as", "ann", "--as-group", "developers",
            "-o", "json", directory.toString()));
  }

  /// Two of five pods have annotations, and get fields.
  private static void fix(Path directory) throws IOException {
    run(List.of("fix", directory.toString()));
  }

  /// Runs a command that has something to say, and so ends with 1.
  private static void run(List<String> command) throws IOException {
    Terminal terminal =
        Terminal.ofProcess(
            InputStream.nullInputStream(),
            new Output(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()),
            Map.of());
    int code = new Cli(terminal).run(command);
    if (code != 1) {
      throw new IOException(command + " ended with " + code);
    }
  }
}

import dev.portcullis.cli.Cli;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.io.InputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// `exposure` of 200 containers under 30 profiles in one warm JVM, for one vulnerability and for all
/// of the catalogue, against libseccomp's time for the 30 filters. All in every round.
///
/// usage: ExposureBench PROFILE DIR ROUNDS
final class ExposureBench {
  private static final int CONTAINERS = 200;

  /// Calls that a profile more denies: each makes another profile.
  private static final List<String> DENIED =
      List.of(
          "acct", "mkdir", "rmdir", "mknod", "chmod", "chown", "link", "symlink", "rename", "unlink",
          "mlock", "munlock", "mlockall", "madvise", "mincore", "msync", "flock", "fsync",
          "fdatasync", "sync", "syncfs", "truncate", "ftruncate", "utime", "utimes", "pause", "alarm",
          "getitimer", "setitimer", "times");

  private ExposureBench() {}

  static void main(String[] args) throws IOException {
    Path directory = Path.of(args[1]);
    List<ResolvedProfile> profiles = profiles(Path.of(args[0]), directory.resolve("profiles"));
    pods(directory.resolve("pods"));
    List<List<Spent>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    int rounds = Integer.parseInt(args[2]);
    for (int round = 0; round < rounds; round++) {
      times.get(0).add(time(() -> compile(profiles)));
      times.get(1).add(time(() -> exposure(directory, "CVE-2026-31431")));
      times.get(2).add(time(() -> exposure(directory)));
    }
    int warm = Math.min(rounds / 2, 3);
    String[] names = {"libseccomp, 30 filters", "exposure, one", "exposure, all"};
    double base = median(times.get(0), warm, Spent::processor);
    for (int i = 0; i < names.length; i++) {
      double processor = median(times.get(i), warm, Spent::processor);
      System.out.printf(
          "%-24s %8.0f ms processor, %5.1f times libseccomp; %8.0f ms wall%n",
          names[i],
          processor / 1e6,
          processor / base,
          median(times.get(i), warm, Spent::wall) / 1e6);
    }
  }

  /// In nanoseconds; processor time is that of all threads, and of the process that libseccomp runs
  /// in.
  private record Spent(long wall, long processor) {}

  private interface Work {
    void run() throws IOException;
  }

  private static Spent time(Work work) throws IOException {
    long begin = System.nanoTime();
    long before = processor();
    work.run();
    return new Spent(System.nanoTime() - begin, processor() - before);
  }

  private static long processor() {
    return Stream.concat(
            Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(Duration::toNanos)
        .sum();
  }

  private static double median(List<Spent> times, int warm, ToLongFunction<Spent> which) {
    long[] sorted = times.subList(warm, times.size()).stream().mapToLong(which).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static List<ResolvedProfile> profiles(Path origin, Path to) throws IOException {
    String text = Files.readString(origin);
    Target target =
        new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_CHOWN", "CAP_KILL"));
    List<ResolvedProfile> profiles = new ArrayList<>();
    for (String call : DENIED) {
      String changed =
          text.replaceFirst(
              "\"syscalls\": \\[",
              "\"syscalls\": [{\"names\": [\"" + call + "\"], \"action\": \"SCMP_ACT_ERRNO\"},");
      Path file = Files.writeString(to.resolve(call + ".json"), changed);
      switch (ProfileReader.read(Files.readAllBytes(file))) {
        case ProfileParseResult.Read read -> profiles.add(Resolver.resolve(read.profile(), target));
        case ProfileParseResult.Rejected rejected -> throw new IOException(rejected.toString());
      }
    }
    return profiles;
  }

  private static void compile(List<ResolvedProfile> profiles) throws IOException {
    Compiler compiler = Compiler.inThisProcess();
    for (ResolvedProfile profile : profiles) {
      if (!(compiler.compile(profile, Dialect.RUNC) instanceof Compilation.Compiled)) {
        throw new IOException("no filter");
      }
    }
  }

  private static void pods(Path to) throws IOException {
    for (int i = 0; i < CONTAINERS; i++) {
      Files.writeString(
          to.resolve("pod-%03d.yaml".formatted(i)),
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: pod-%d}
          spec:
            containers:
              - name: app
                image: app:1
                securityContext:
                  seccompProfile: {type: Localhost, localhostProfile: %s.json}
          """
              .formatted(i, DENIED.get(i % DENIED.size())));
    }
  }

  private static void exposure(Path directory, String... ids) throws IOException {
    Terminal terminal =
        Terminal.ofProcess(
            InputStream.nullInputStream(),
            new Output(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()),
            Map.of());
    List<String> args = new ArrayList<>(List.of("exposure"));
    args.addAll(List.of(ids));
    args.addAll(
        List.of(
            directory.resolve("pods").toString(),
            "--seccomp-profile-root",
            directory.resolve("profiles").toString(),
            "-o",
            "json"));
    int code = new Cli(terminal).run(args);
    if (code != 1) {
      throw new IOException("exposure ended with " + code);
    }
  }
}

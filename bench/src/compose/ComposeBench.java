import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The intersection and the union of two profiles of the size of Docker's, in a warm JVM, against
/// the comparison of the same two: from profiles to the answer, libseccomp's time included. All in
/// every round.
///
/// Times are processor time of the one thread that works.
///
/// usage: ComposeBench A B ROUNDS
final class ComposeBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Docker's default for a container.
  private static final Set<String> CAPABILITIES =
      Set.of("CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID", "CAP_SYS_CHROOT", "CAP_MKNOD");

  private static long sink;

  private ComposeBench() {}

  static void main(String[] args) throws IOException {
    ResolvedProfile a = profile(args[0]);
    ResolvedProfile b = profile(args[1]);
    int rounds = Integer.parseInt(args[2]);
    Compiler compiler = Compiler.inThisProcess();
    SyscallTable table = SyscallTable.ofThisMachine();
    List<NamedProfile> parts =
        List.of(new NamedProfile("a", a, Beside.NONE), new NamedProfile("b", b, Beside.NONE));
    Composer every =
        new Composer(compiler, table, Architecture.X86_64, EnumSet.allOf(Dialect.class));
    Composer runc = new Composer(compiler, table, Architecture.X86_64, EnumSet.of(Dialect.RUNC));
    List<String> names =
        List.of(
            "compare",
            "intersect, every runtime",
            "union, every runtime",
            "intersect, runc",
            "union, runc");
    List<Supplier<Object>> work =
        List.of(
            () -> Comparison.of(filters(compiler, a), filters(compiler, b), table),
            () -> made(every.compose(Combination.INTERSECTION, parts, false)),
            () -> made(every.compose(Combination.UNION, parts, false)),
            () -> made(runc.compose(Combination.INTERSECTION, parts, false)),
            () -> made(runc.compose(Combination.UNION, parts, false)));
    List<List<Long>> times = new ArrayList<>();
    names.forEach(_ -> times.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < work.size(); i++) {
        long begin = THREADS.getCurrentThreadCpuTime();
        sink += work.get(i).get().hashCode();
        long time = THREADS.getCurrentThreadCpuTime() - begin;
        if (round >= rounds / 3) {
          times.get(i).add(time);
        }
      }
    }
    double compare = median(times.getFirst()) / 1e6;
    for (int i = 0; i < names.size(); i++) {
      double time = median(times.get(i)) / 1e6;
      System.out.printf("%-26s %8.1f ms  %5.2f%n", names.get(i), time, time / compare);
    }
  }

  private static ResolvedProfile made(Composition composition) {
    return switch (composition) {
      case Composition.Composed composed -> composed.profile();
      case Composition.Refused refused -> throw new IllegalStateException(refused.reason());
      case Composition.Undecided undecided -> throw new IllegalStateException(undecided.reason());
    };
  }

  private static ResolvedProfile profile(String file) throws IOException {
    return switch (ProfileReader.read(Files.readAllBytes(Path.of(file)))) {
      case ProfileParseResult.Read read ->
          Resolver.resolve(
              read.profile(),
              new Target(Architecture.X86_64, new KernelVersion(6, 1), CAPABILITIES));
      case ProfileParseResult.Rejected rejected -> throw new IOException(rejected.toString());
    };
  }

  private static Filters filters(Compiler compiler, ResolvedProfile profile) {
    return switch (compiler.compile(profile, Dialect.RUNC)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new IllegalStateException(other.toString());
    };
  }

  private static double median(List<Long> times) {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}

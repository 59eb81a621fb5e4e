import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.meaning.FilterSemantics;
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
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The comparison of two profiles of the size of Docker's, in a warm JVM, against what libseccomp
/// takes to make one of their filters; and one call, interpreted. All in every round.
///
/// Times are processor time of the one thread that works.
///
/// usage: CompareBench A B ROUNDS
final class CompareBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int CALLS = 200_000;

  /// Docker's default for a container.
  private static final Set<String> CAPABILITIES =
      Set.of("CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID", "CAP_SYS_CHROOT", "CAP_MKNOD");

  private static long sink;

  private CompareBench() {}

  static void main(String[] args) throws IOException {
    ResolvedProfile a = profile(args[0]);
    ResolvedProfile b = profile(args[1]);
    int rounds = Integer.parseInt(args[2]);
    Compiler compiler = Compiler.inThisProcess();
    SyscallTable table = SyscallTable.ofThisMachine();
    Filters first = filters(compiler, a);
    Filters second = filters(compiler, b);
    List<Call> calls = calls(table);
    Analysis<Comparison> result = Comparison.of(first, second, table);
    System.out.println(
        "filters of "
            + first.newestFirst().getFirst().size()
            + " and "
            + second.newestFirst().getFirst().size()
            + " instructions; "
            + switch (result) {
              case Analysis.Understood(Comparison compared) ->
                  compared.relation() + ", " + compared.differences().size() + " differences";
              case Analysis.Undecided<Comparison> undecided -> undecided.toString();
            });
    List<List<Long>> times = new ArrayList<>();
    List<Supplier<Object>> work =
        List.of(
            () -> filters(compiler, a),
            () -> FilterSemantics.ask(List.of(first, second), meanings -> meanings),
            () -> Comparison.of(first, second, table),
            () -> interpret(first, calls));
    for (int i = 0; i < work.size(); i++) {
      times.add(new ArrayList<>());
    }
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
    double libseccomp = median(times.get(0)) / 1e6;
    double meaning = median(times.get(1)) / 1e6;
    double compare = median(times.get(2)) / 1e6;
    System.out.printf("libseccomp makes one filter   %8.2f ms%n", libseccomp);
    System.out.printf(
        "two filters understood        %8.2f ms  %5.2f%n", meaning, meaning / libseccomp);
    System.out.printf(
        "two filters compared          %8.2f ms  %5.2f%n", compare, compare / libseccomp);
    System.out.printf("one call interpreted          %8.3f us%n", median(times.get(3)) / 1e3 / CALLS);
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
      case Compilation.Refused refused -> throw new IllegalStateException(refused.toString());
      case Compilation.Undecided undecided -> throw new IllegalStateException(undecided.toString());
      case Compilation.Unavailable none -> throw new IllegalStateException(none.toString());
    };
  }

  private static List<Call> calls(SyscallTable table) {
    List<Call> calls = new ArrayList<>();
    for (Architecture each : List.of(Architecture.X86_64, Architecture.X86)) {
      table.of(each).keySet().forEach(number -> calls.add(Call.of(each.token(), number, number)));
    }
    return calls;
  }

  private static Long interpret(Filters filters, List<Call> calls) {
    long sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += filters.run(calls.get(i % calls.size())).kind().ordinal();
    }
    return sum;
  }

  private static double median(List<Long> times) {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}

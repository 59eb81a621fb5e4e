package dev.portcullis.container.proof;

import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Spellings;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Proves that living processes run the filters of profiles.
///
/// May be used by several threads at once.
public final class Prover {
  private static final int MOST_THREADS = 256;

  private final Compiler compiler;
  private final SyscallTable table;
  private final Bounds bounds;

  private Prover(Compiler compiler, SyscallTable table, Bounds bounds) {
    this.compiler = compiler;
    this.table = table;
    this.bounds = bounds;
  }

  /// One that knows the calls of this machine.
  ///
  /// @param bounds how much is done for a proof: a process may have given itself any filter
  public static Prover by(Compiler compiler, Bounds bounds) {
    return new Prover(compiler, SyscallTable.ofThisMachine(), bounds);
  }

  /// What is expected of a process that should run under a profile.
  ///
  /// @param json what the runtime was given: plain OCI
  public Expectation expectation(byte[] json) {
    return switch (ProfileReader.readOfRuntime(json)) {
      case ProfileParseResult.Rejected(var findings) ->
          new Expectation.Unknown(
              "the profile that the runtime has cannot be read: " + findings.getFirst());
      case ProfileParseResult.Read(Profile profile, _) ->
          ResolvedProfile.of(profile)
              .map(this::expectation)
              .orElseGet(() ->
                  new Expectation.Unknown(
                      "the profile that the runtime has is in Docker's format, which runtimes"
                          + " misread"));
    };
  }

  private Expectation expectation(ResolvedProfile profile) {
    Set<Filters> ways = new LinkedHashSet<>();
    List<Spellings> spellings = new ArrayList<>();
    String reason = "";
    for (Compilation made : compiler.compileAll(profile).values()) {
      switch (made) {
        case Compilation.Compiled compiled -> {
          ways.add(Filters.of(compiled.program()));
          spellings.add(compiled.spellings());
        }
        case Compilation.Refused(String why) -> reason = why;
        // A process with the filter of this dialect would look like one with another filter.
        case Compilation.Undecided undecided -> {
          return new Expectation.Unknown(undecided.text());
        }
        case Compilation.Unavailable(String why) -> reason = why;
      }
    }
    return ways.isEmpty()
        ? new Expectation.Unknown(reason)
        : new Expectation.Known(List.copyOf(ways), spellings);
  }

  /// Reads the filters of a process, and holds them against what is expected: those of its first
  /// thread, and of every thread that has another number of them.
  ///
  /// @return empty where the process has ended
  /// @throws IOException where it cannot be read
  public Optional<Proof> prove(LiveProcess process, Expectation expectation)
      throws IOException, InterruptedException {
    if (expectation instanceof Expectation.Unknown(String reason)) {
      return Optional.of(new Proof.Unknown(reason));
    }
    return prove(process, () -> expectation);
  }

  /// What it takes to know what is expected of a process.
  ///
  /// @param <X> by what it fails
  @FunctionalInterface
  public interface ExpectationSource<X extends Exception> {
    Expectation find() throws X;
  }

  /// The same, where it takes a while to know what is expected: the process is read first, as it
  /// may end meanwhile.
  ///
  /// @return empty where the process has ended before it could be read
  /// @throws IOException where it cannot be read
  public <X extends Exception> Optional<Proof> prove(
      LiveProcess process, ExpectationSource<X> source)
      throws X, IOException, InterruptedException {
    Optional<LiveFilters> first = LiveFilters.read(process);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<Long> others = process.filteredOtherwise();
    Expectation expectation = source.find();
    Proof worst = judge(first.get(), expectation);
    if (others.size() > MOST_THREADS) {
      return Optional.of(
          new Proof.Unknown("more than " + MOST_THREADS + " threads have filters of their own"));
    }
    for (long thread : others) {
      if (worst instanceof Proof.Different || worst instanceof Proof.Unknown) {
        // One is enough: no other thread has to stand still for it.
        break;
      }
      Optional<LiveFilters> live = LiveFilters.read(process, thread);
      if (live.isPresent()) {
        Proof next = judge(live.get(), expectation);
        worst = next instanceof Proof.Proven ? worst : next;
      }
    }
    return Optional.of(worst);
  }

  /// Holds filters that were read against what is expected.
  public Proof judge(LiveFilters live, Expectation expectation) {
    return switch (expectation) {
      case Expectation.Unknown(String reason) -> new Proof.Unknown(reason);
      case Expectation.Known(List<Filters> ways, List<Spellings> spellings) -> {
        // The same instructions need no understanding.
        if (ways.contains(live.filters())) {
          yield new Proof.Proven(0, live.stopped());
        }
        List<Program> programs = live.filters().newestFirst();
        if (programs.stream()
            .anyMatch(program -> spellings.stream().anyMatch(each -> each.include(program)))) {
          yield new Proof.Proven(programs.size() - 1, live.stopped());
        }
        Proof best = null;
        for (Filters way : ways) {
          Proof proof = judge(live, way);
          if (proof instanceof Proof.Proven) {
            yield proof;
          }
          best = best == null ? proof : closer(best, proof);
        }
        yield best == null ? new Proof.Unknown("nothing was expected") : best;
      }
    };
  }

  /// Of two ways to make a filter, or two filters of a process, neither of which was proven: as
  /// severe is closest, one that is not understood might have been right, else the one that differs
  /// less is the runtime's.
  private static Proof closer(Proof one, Proof other) {
    if (one instanceof Proof.Equal) {
      return one;
    }
    if (other instanceof Proof.Equal) {
      return other;
    }
    return one instanceof Proof.Different(Comparison first)
            && !(other instanceof Proof.Different(Comparison second)
                && first.differences().size() <= second.differences().size())
        ? other
        : one;
  }

  private Proof judge(LiveFilters live, Filters expected) {
    List<Program> programs = live.filters().newestFirst();
    if (expected.newestFirst().size() == 1
        && programs.contains(expected.newestFirst().getFirst())) {
      return new Proof.Proven(programs.size() - 1, live.stopped());
    }
    Proof whole = compared(Comparison.of(live.filters(), expected, table, bounds), 0, live);
    if (whole instanceof Proof.Proven || programs.size() < 2) {
      return whole;
    }
    Proof best = whole;
    for (Program program : programs) {
      Proof alone =
          compared(
              Comparison.of(Filters.of(program), expected, table, bounds),
              programs.size() - 1,
              live);
      if (alone instanceof Proof.Proven) {
        return alone;
      }
      best = closer(best, alone);
    }
    return best;
  }

  private static Proof compared(Analysis<Comparison> comparison, int further, LiveFilters live) {
    return switch (comparison) {
      case Analysis.Undecided(String reason) -> new Proof.Unknown(reason);
      case Analysis.Understood(Comparison compared) ->
          switch (compared.relation()) {
            case EQUAL ->
                compared.differences().isEmpty()
                    ? new Proof.Proven(further, live.stopped())
                    : new Proof.Equal(compared, further, live.stopped());
            case STRICTER, WEAKER, INCOMPARABLE -> new Proof.Different(compared);
          };
    };
  }
}

package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileReading;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Proves of a profile that it is no weaker than another one, for whoever gives a right because of
/// it: what is not sure for every node and every container is not proven.
///
/// Only profiles that mean the same everywhere can be compared. One with Docker's conditions means
/// what a container's capabilities and a node's kernel make of it, and a name that this libseccomp
/// does not know may be known to a node's. And it must hold for every dialect: a node may have any
/// runtime.
///
/// The proof is for nodes of this machine's architecture.
///
/// @param bounds how much is done for a proof
public record ProfileProof(Compiler compiler, SyscallTable table, Bounds bounds) {
  /// By the libseccomp of this machine.
  public static ProfileProof ofThisMachine(Bounds bounds) {
    return new ProfileProof(Compiler.ofThisMachine(), SyscallTable.ofThisMachine(), bounds);
  }

  /// What came of it.
  public sealed interface Outcome {}

  /// No call gets a less severe action.
  public record NoWeaker() implements Outcome {}

  /// Some get one.
  ///
  /// @param weaker not empty
  public record Weaker(List<Difference> weaker) implements Outcome {
    public Weaker {
      weaker = List.copyOf(weaker);
    }

    /// The first of them in words, with a call that shows it.
    public String text() {
      Difference first = weaker.getFirst();
      int more = weaker.size() - 1;
      return DifferenceText.what(first)
          + " is "
          + DifferenceText.how(first)
          + (more == 0 ? "" : " (and " + more + " more)");
    }
  }

  /// Nobody can say.
  public record Unprovable(String why) implements Outcome {}

  /// A filter that is known, or why it is not.
  private record Known(Filters filters, String why) {}

  /// What a profile is to another one.
  ///
  /// @param profile its content
  /// @param than that of the other
  public Outcome compare(byte[] profile, byte[] than) {
    Map<Dialect, Known> mine = known(profile, "it");
    Map<Dialect, Known> theirs = known(than, "the other profile");
    Set<List<Filters>> proven = new HashSet<>();
    for (Dialect dialect : Dialect.values()) {
      Outcome outcome = compare(mine.get(dialect), theirs.get(dialect), proven);
      if (!(outcome instanceof NoWeaker)) {
        return outcome;
      }
    }
    return new NoWeaker();
  }

  /// @param proven pairs of which the first is no weaker than the second
  private Outcome compare(@Nullable Known mine, @Nullable Known theirs, Set<List<Filters>> proven) {
    if (mine == null || theirs == null) {
      throw new IllegalStateException("a dialect was left out");
    }
    if (!mine.why().isEmpty() || !theirs.why().isEmpty()) {
      return new Unprovable(mine.why().isEmpty() ? theirs.why() : mine.why());
    }
    return proven.add(List.of(mine.filters(), theirs.filters()))
        ? compare(mine.filters(), theirs.filters())
        : new NoWeaker();
  }

  /// What a profile is to no filter at all: nothing is weaker than that, but a content that no
  /// runtime would take proves nothing.
  public Outcome compareToUnconfined(byte[] profile) {
    return known(profile, "it").values().stream()
        .map(Known::why)
        .filter(why -> !why.isEmpty())
        .findFirst()
        .<Outcome>map(Unprovable::new)
        .orElseGet(NoWeaker::new);
  }

  private Outcome compare(Filters mine, Filters theirs) {
    return switch (Comparison.of(mine, theirs, table, bounds)) {
      case Comparison.Undecided(String reason) -> new Unprovable(reason);
      case Comparison.Compared compared ->
          compared.relation().isNoWeaker()
              ? new NoWeaker()
              : new Weaker(
                  compared.differences().stream()
                      .filter(difference -> difference.direction() == Direction.WEAKER)
                      .toList());
    };
  }

  /// For each dialect.
  private Map<Dialect, Known> known(byte[] content, String which) {
    return switch (ProfileReader.read(content)) {
      case ProfileReading.Rejected(List<Finding> findings) ->
          always(unknown(which + " is no profile: " + findings.getFirst()));
      case ProfileReading.Read(Profile profile, _) -> {
        List<Finding> conditions = profile.dockerOnly();
        if (!conditions.isEmpty()) {
          yield always(
              unknown(
                  which
                      + " means something else for other containers and nodes ("
                      + conditions.getFirst()
                      + "); portcullis profile convert --to oci makes one that does not"));
        }
        Map<Dialect, Known> known = new EnumMap<>(Dialect.class);
        compiler
            .compileAll(profile)
            .forEach((dialect, made) -> known.put(dialect, compiled(made, which)));
        yield known;
      }
    };
  }

  private static Map<Dialect, Known> always(Known known) {
    Map<Dialect, Known> all = new EnumMap<>(Dialect.class);
    for (Dialect dialect : Dialect.values()) {
      all.put(dialect, known);
    }
    return all;
  }

  private static Known compiled(Compilation compilation, String which) {
    return switch (compilation) {
      case Compilation.Compiled compiled ->
          compiled.skipped().isEmpty()
              ? new Known(Filters.of(compiled.program()), "")
              : unknown(
                  which
                      + " names \""
                      + compiled.skipped().getFirst().name()
                      + "\", which the libseccomp here does not know and a node's may know");
      case Compilation.Refused(String reason) -> unknown(which + ": " + reason);
      case Compilation.Unavailable(String reason) -> unknown(reason);
    };
  }

  private static Known unknown(String why) {
    return new Known(Filters.NONE, why);
  }
}

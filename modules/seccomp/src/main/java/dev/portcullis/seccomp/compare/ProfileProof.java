package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.FindingSummary;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.runtime.Runtimes;
import dev.portcullis.seccomp.runtime.Version;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Proves that a profile is no weaker than another one. Callers grant rights on the result, so
/// anything that does not hold for every node and every container counts as unproven.
///
/// Only profiles that mean the same everywhere can be compared. One with Docker's conditions means
/// what a container's capabilities and a node's kernel make of it, and a name that this libseccomp
/// does not know may be known to a node's. And it must hold for every dialect: a node may have any
/// runtime.
///
/// What a filter leaves to somebody else must be the same in both ({@link Beside}), and so must the
/// answers to calls by which rights are given up ({@link Direction}).
///
/// The proof is for nodes of this machine's architecture.
///
/// @param bounds how much is done for a proof
public record ProfileProof(Compiler compiler, SyscallTable table, Bounds bounds) {
  /// By what this machine knows of system calls.
  public static ProfileProof by(Compiler compiler, Bounds bounds) {
    return new ProfileProof(compiler, SyscallTable.ofThisMachine(), bounds);
  }

  /// What came of it.
  public sealed interface Outcome {}

  /// No call gets a less severe action, and no call only seems to succeed.
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
      return first(weaker);
    }
  }

  /// No call gets a less severe action, but some get one that is neither more nor less severe.
  ///
  /// @param differences not empty, and {@link Direction#isIncomparable} each
  public record Incomparable(List<Difference> differences) implements Outcome {
    public Incomparable {
      differences = List.copyOf(differences);
    }

    /// The first of them in words, with a call that shows it, why it counts, and what to do.
    public String text() {
      return first(differences) + ": " + DifferenceText.why(differences.getFirst().direction());
    }
  }

  private static String first(List<Difference> differences) {
    Difference first = differences.getFirst();
    return DifferenceText.what(first)
        + " is "
        + DifferenceText.how(first)
        + FindingSummary.more(differences.size());
  }

  /// There is no proof, and a later attempt does not change this.
  public record Unprovable(String why) implements Outcome {}

  /// There is no result now; a later attempt can give one.
  public record Unfinished(String why) implements Outcome {}

  /// A filter with its other settings, or the outcome if it is unknown.
  private record Known(Filters filters, Beside beside, @Nullable Outcome unknown) {}

  private static final Known UNCONFINED = new Known(Filters.NONE, Beside.NONE, null);

  /// What every dialect makes of a content. To make it is all that libseccomp has to do for a
  /// proof.
  public static final class Made {
    private final Map<Dialect, Known> known;

    private Made(Map<Dialect, Known> known) {
      this.known = known;
    }

    /// What comes of it where it is not known of every dialect; else null.
    public @Nullable Outcome unknown() {
      for (Known each : known.values()) {
        if (each.unknown() != null) {
          return each.unknown();
        }
      }
      return null;
    }
  }

  /// How much work it is for libseccomp to make the filters of a content. One of which none are
  /// made is little.
  public Effort effort(byte[] content) {
    return switch (ProfileReader.read(content)) {
      case ProfileParseResult.Rejected _ -> Effort.SMALL;
      case ProfileParseResult.Read(Profile profile, _) ->
          ResolvedProfile.of(profile).map(compiler::effort).orElse(Effort.SMALL);
    };
  }

  /// What a profile is to another one.
  ///
  /// @param profile its content
  /// @param than that of the other
  public Outcome compare(byte[] profile, byte[] than) {
    Made mine = make(profile);
    Outcome unknown = mine.unknown();
    return unknown != null ? unknown : compare(mine, makeOther(than));
  }

  /// What a profile is to no filter at all.
  public Outcome compareToUnconfined(byte[] profile) {
    return compare(make(profile), unconfined());
  }

  /// The filters of the profile that is to be no weaker.
  public Made make(byte[] profile) {
    return new Made(known(profile, "it"));
  }

  /// Those of the profile that it is compared with.
  public Made makeOther(byte[] than) {
    return new Made(known(than, "the other profile"));
  }

  /// No filter at all, to be compared with.
  public static Made unconfined() {
    return new Made(always(UNCONFINED));
  }

  /// What a profile is to another one.
  public Outcome compare(Made profile, Made than) {
    Outcome unknown = profile.unknown();
    if (unknown != null) {
      return unknown;
    }
    Set<List<Filters>> proven = new HashSet<>();
    for (Dialect dialect : Dialect.values()) {
      Outcome outcome = compare(profile.known.get(dialect), than.known.get(dialect), proven);
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
    if (theirs.unknown() != null) {
      return theirs.unknown();
    }
    List<Beside.Unlike> unlike = mine.beside().unlike(theirs.beside());
    if (!unlike.isEmpty()) {
      return new Unprovable(unlike.getFirst() + ", and this must be the same in both profiles");
    }
    return proven.add(List.of(mine.filters(), theirs.filters()))
        ? compare(mine.filters(), theirs.filters())
        : new NoWeaker();
  }

  private Outcome compare(Filters mine, Filters theirs) {
    return switch (Comparison.of(mine, theirs, table, bounds)) {
      case Analysis.Undecided(String reason) -> new Unprovable(reason);
      case Analysis.Understood(Comparison compared) -> {
        if (compared.relation().isNoWeaker()) {
          yield new NoWeaker();
        }
        List<Difference> weaker =
            compared.differences().stream()
                .filter(each -> each.direction() == Direction.WEAKER)
                .toList();
        yield weaker.isEmpty()
            ? new Incomparable(
                compared.differences().stream()
                    .filter(each -> each.direction().isIncomparable())
                    .toList())
            : new Weaker(weaker);
      }
    };
  }

  /// For each dialect.
  private Map<Dialect, Known> known(byte[] content, String which) {
    return switch (ProfileReader.read(content)) {
      case ProfileParseResult.Rejected(List<Finding> findings) ->
          always(unknown(which + " is not a usable profile: " + findings.getFirst()));
      case ProfileParseResult.Read(Profile profile, List<Finding> warnings) -> {
        ResolvedProfile plain = ResolvedProfile.of(profile).orElse(null);
        if (plain == null) {
          yield always(
              unknown(
                  which
                      + " depends on the container and the node ("
                      + profile.dockerOnly().getFirst()
                      + "); convert it with portcullis profile convert --to oci"));
        }
        Beside beside = Beside.of(profile, warnings);
        if (!beside.unknown().isEmpty()) {
          yield always(
              unknown(
                  which
                      + " has a part that only some runtimes know ("
                      + beside.unknown().getFirst()
                      + ")"));
        }
        String wrong = wrong(compiler.version().orElse(""));
        if (!wrong.isEmpty()) {
          yield always(unknown(wrong));
        }
        Map<Dialect, Known> known = new EnumMap<>(Dialect.class);
        compiler
            .compileAll(plain)
            .forEach((dialect, made) -> known.put(dialect, compiled(made, beside, which)));
        yield known;
      }
    };
  }

  /// Why a libseccomp makes filters by which nothing is proven; empty where it does not, or there
  /// is none.
  static String wrong(String libseccomp) {
    Version version = Version.read(libseccomp);
    return version == null || version.compareTo(Runtimes.known().firstLibseccomp()) >= 0
        ? ""
        : "this machine's libseccomp ("
            + libseccomp
            + ") compares 64-bit arguments wrongly (CVE-2019-9893); upgrade it to "
            + Runtimes.known().firstLibseccomp()
            + " or later";
  }

  private static Map<Dialect, Known> always(Known known) {
    Map<Dialect, Known> all = new EnumMap<>(Dialect.class);
    for (Dialect dialect : Dialect.values()) {
      all.put(dialect, known);
    }
    return all;
  }

  private static Known compiled(Compilation compilation, Beside beside, String which) {
    return switch (compilation) {
      case Compilation.Compiled compiled ->
          compiled.skipped().isEmpty()
              ? new Known(Filters.of(compiled.program()), beside, null)
              : unknown(
                  which
                      + " names \""
                      + compiled.skipped().getFirst().name()
                      + "\", which this libseccomp does not know and a node's libseccomp may know");
      case Compilation.Refused(String reason) -> unknown(which + ": " + reason);
      case Compilation.Undecided undecided ->
          new Known(Filters.NONE, Beside.NONE, new Unfinished(which + ": " + undecided.text()));
      case Compilation.Unavailable(String reason) -> unknown(reason);
    };
  }

  private static Known unknown(String why) {
    return new Known(Filters.NONE, Beside.NONE, new Unprovable(why));
  }
}

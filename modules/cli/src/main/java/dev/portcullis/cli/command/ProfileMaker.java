package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.RecordingOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ProfileWish;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingCheck;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes profiles of recordings, and holds the filters that libseccomp makes of them against the
/// recordings.
///
/// @param base what each begins with; null for nothing
record ProfileMaker(ProfileWish wish, @Nullable NamedProfile base) {

  /// What came of a recording.
  ///
  /// @param profile null where it cannot be made
  /// @param complaints why it is not to be used; nothing where every recorded call passes
  /// @param relation to the base; null where there is none
  record MadeProfile(
      @Nullable RecordedProfile profile,
      List<Diagnostic> complaints,
      @Nullable ComparisonReport relation) {
    MadeProfile {
      complaints = List.copyOf(complaints);
    }

    private static MadeProfile none(String why) {
      return new MadeProfile(null, List.of(new Diagnostic(why, ExitCode.REFUSED)), null);
    }
  }

  /// As the options want them.
  static ProfileMaker of(
      Arguments arguments, Architecture machine, Terminal terminal, Reporter reporter)
      throws UsageException, IOException {
    ProfileWish wish = RecordingOptions.wish(arguments, machine);
    String base = arguments.value(RecordingOptions.BASE);
    if (base == null) {
      return new ProfileMaker(wish, null);
    }
    List<String> operand = List.of(base);
    ComposedInput input =
        ComposedInput.read(operand, ProfileSource.of(arguments, operand, terminal.in()));
    reporter.complain(input.complaints());
    input.notes().forEach(reporter::note);
    return new ProfileMaker(wish, input.profiles().isEmpty() ? null : input.profiles().getFirst());
  }

  /// Makes one.
  ///
  /// @param what it is called
  MadeProfile make(String what, Recording seen) {
    NamedProfile with = base;
    return with == null
        ? checked(what, seen, RecordedProfile.of(seen, wish), null)
        : with(with, what, seen);
  }

  /// Both together, for every call and in every dialect; and how that differs from the base.
  private MadeProfile with(NamedProfile with, String what, Recording seen) {
    List<Diagnostic> complaints = new ArrayList<>();
    Filters before = filters(with.name(), with.profile(), Dialect.RUNC, complaints);
    if (before == null) {
      return new MadeProfile(null, complaints, null);
    }
    RecordedProfile beyond = RecordedProfile.beyond(with.profile(), before, seen, wish);
    Composer composer =
        new Composer(
            CommandCompiler.get(),
            SyscallTable.ofThisMachine(),
            wish.machine(),
            EnumSet.allOf(Dialect.class));
    NamedProfile recorded = new NamedProfile("the recording", beyond.profile(), with.beside());
    return switch (composer.compose(Combination.UNION, List.of(with, recorded), false)) {
      case Composition.Composed composed -> {
        Filters after = filters(what, composed.profile(), Dialect.RUNC, complaints);
        if (after == null) {
          yield new MadeProfile(null, complaints, null);
        }
        yield switch (Comparison.of(after, before, SyscallTable.ofThisMachine())) {
          case Analysis.Understood(Comparison compared) ->
              checked(
                  what,
                  seen,
                  beyond.with(composed.profile()),
                  new ComparisonReport(what, with.name(), compared));
          case Analysis.Undecided(String reason) -> MadeProfile.none(what + ": " + reason);
        };
      }
      case Composition.Refused refused ->
          MadeProfile.none(what + ", with " + with.name() + " as its base: " + refused.reason());
      case Composition.Undecided(String reason, boolean unavailable) ->
          new MadeProfile(
              null,
              List.of(new Diagnostic(reason, unavailable ? ExitCode.WORLD : ExitCode.REFUSED)),
              null);
    };
  }

  private static MadeProfile checked(
      String what, Recording seen, RecordedProfile made, @Nullable ComparisonReport relation) {
    List<Diagnostic> complaints = new ArrayList<>();
    for (Dialect dialect : List.of(Dialect.RUNC, Dialect.CRUN)) {
      Filters filters = filters(what, made.profile(), dialect, complaints);
      if (filters != null) {
        for (String call : RecordingCheck.refused(seen, filters)) {
          complaints.add(
              new Diagnostic(
                  "libseccomp makes a filter of " + what + " that refuses " + call,
                  ExitCode.REFUSED));
        }
      }
    }
    return new MadeProfile(made, complaints, relation);
  }

  private static @Nullable Filters filters(
      String what, ResolvedProfile profile, Dialect dialect, List<Diagnostic> complaints) {
    FilterArgument argument =
        FilterArgument.of(what, CommandCompiler.get().compile(profile, dialect));
    complaints.addAll(argument.complaints());
    return argument.filters();
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `portcullis profile derive`
final class ProfileDeriveCommand {
  private static final Values CALLS = Values.TEXT.or(ProfileDeriveCommand::calls);

  private static final Option FROM =
      Option.values("from", "FILE", "the same as FILE without --from (default: FILE)")
          .taking(FilterNames.PROFILES);
  private static final Option ALLOW =
      Option.values(
              "allow",
              "CALL[:COND,...]",
              "allow ptrace, @files, clone:flags&CLONE_NEWNS==0; may be repeated")
          .taking(CALLS);
  private static final Option DENY =
      Option.values(
              "deny",
              "CALL[:COND,...]",
              "deny calls, as --allow names them, after all that is allowed; may be repeated")
          .taking(CALLS);
  private static final Option WITHOUT_ARCH =
      Option.value(
              "without-arch",
              "NAME,...",
              "leave these architectures out, as x86,x32: all is denied there (default: none)")
          .taking(FilterOptions.ARCHITECTURES);

  private static final Option COMPLAIN =
      Option.flag(
          "complain",
          "log what is refused, and let it go on (SCMP_ACT_LOG); what --deny names is refused");

  static final Verb VERB =
      new Verb(
          "profile derive",
          new Help(
              "make a changed copy of a profile",
              List.of(
                  "FILE|runtime/default... [--allow CALL]... [--deny CALL]... [--output-file"
                      + " FILE]"),
              "Writes a copy of a profile with changes for the named calls, and prints a "
                  + "comparison of both to standard error. Of several profiles, their intersection "
                  + "is changed.",
              List.of(
                  new Help.Example(
                      "profile derive examples/profiles/browser-sandbox.json --allow ptrace",
                      "to standard output"),
                  new Help.Example(
                      "profile derive examples/profiles/browser-sandbox.json --deny "
                          + "@mounts --deny @keys --output-file mine.json",
                      "to a file, without two groups of calls"),
                  new Help.Example(
                      "profile derive containerd/default --complain --deny @kernel",
                      "log what it refuses, except calls about the kernel")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written",
                  ExitCode.REFUSED,
                  "it cannot be made, or libseccomp makes another filter of it"),
              "derive.md"),
          Grammar.of(
                  Stream.of(
                          List.of(FROM, ALLOW, DENY, COMPLAIN, WITHOUT_ARCH),
                          OutputOptions.NEW_FILE,
                          FilterOptions.ALL,
                          RuntimeOptions.ALL)
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(FilterNames.PROFILES)),
          ProfileDeriveCommand::run);

  private ProfileDeriveCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    List<String> from = new ArrayList<>(arguments.operands());
    from.addAll(arguments.values(FROM));
    if (from.isEmpty()) {
      throw new UsageException(
          "profile derive needs one profile to begin with: profile derive FILE --deny CALL");
    }
    NewFile file = NewFile.of(arguments);
    SyscallTable table = SyscallTable.ofThisMachine();
    List<ProfileEdit> changes = changes(arguments, table);
    List<Architecture> without = List.copyOf(FilterOptions.architectures(WITHOUT_ARCH, arguments));
    ProfileSource source = ProfileSource.of(arguments, from, terminal.in());
    Target target = source.target();
    if (without.contains(target.architecture())) {
      throw new UsageException(
          WITHOUT_ARCH.text() + " names the architecture of this machine; nothing would run");
    }
    Dialect dialect = FilterOptions.dialect(arguments);
    Reporter reporter = new Reporter(terminal);
    ComposedInput input = ComposedInput.read(from, source);
    reporter.complain(input.complaints());
    input.notes().forEach(reporter::note);
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    NamedProfile base = base(input.profiles(), CommandCompiler.get(), table, target, reporter);
    if (base == null) {
      return reporter.code();
    }
    for (Architecture each : without) {
      if (!base.profile().architectures().contains(each)) {
        throw new UsageException(
            WITHOUT_ARCH.text() + ": the profile does not list " + each.spelling());
      }
    }
    ChangedProfile.Setting setting =
        new ChangedProfile.Setting(dialect, target.architecture(), table, reporter);
    ChangedProfile origin = setting.compiled(base.name(), base.profile());
    if (origin == null) {
      return reporter.code();
    }
    ChangedProfile start = origin;
    List<ProfileEdit> left = changes;
    if (arguments.has(COMPLAIN)) {
      List<ProfileEdit> first = changes.stream().filter(ProfileEdit::allow).toList();
      left = changes.stream().filter(each -> !each.allow()).toList();
      start = logged(origin, first, left, without, base, setting);
      without = List.of();
    }
    ChangedProfile derived = start == null ? null : start.with(left, without, setting);
    if (start == null || derived == null) {
      return reporter.code();
    }
    Analysis<Comparison> comparison = derived.checked(start, left, setting);
    if (arguments.has(COMPLAIN)) {
      comparison = Comparison.of(derived.filters(), origin.filters(), table);
    }
    switch (comparison) {
      case Analysis.Undecided(String reason) -> setting.refuse(base.name() + ": " + reason);
      case Analysis.Understood(Comparison compared) ->
          new ComparisonReport("the derived profile", base.name(), compared)
              .table(terminal.toError());
    }
    if (reporter.code() == ExitCode.OK) {
      file.write(ProfileWriter.write(derived.profile()), terminal);
    }
    return reporter.code();
  }

  /// The profile that logs what another one refuses after some changes; null where there is none,
  /// which is reported.
  private static @Nullable ChangedProfile logged(
      ChangedProfile origin,
      List<ProfileEdit> changes,
      List<ProfileEdit> denied,
      List<Architecture> without,
      NamedProfile base,
      ChangedProfile.Setting setting) {
    ChangedProfile changed = origin.with(changes, without, setting);
    if (changed == null) {
      return null;
    }
    if (!changes.isEmpty()) {
      Analysis<Comparison> _ = changed.checked(origin, changes, setting);
    }
    return setting.reporter().code() == ExitCode.OK
        ? new ComplainStep(setting)
            .of(new NamedProfile(base.name(), changed.profile(), base.beside()), denied)
        : null;
  }

  /// The profile that is changed: of several, the intersection of all, in every dialect.
  private static @Nullable NamedProfile base(
      List<NamedProfile> from,
      Compiler compiler,
      SyscallTable table,
      Target target,
      Reporter reporter) {
    if (from.size() == 1) {
      return from.getFirst();
    }
    String name =
        Combination.INTERSECTION.words()
            + " of "
            + from.stream().map(NamedProfile::name).collect(Collectors.joining(" and "));
    Composer composer =
        new Composer(compiler, table, target.architecture(), EnumSet.allOf(Dialect.class));
    return switch (composer.compose(Combination.INTERSECTION, from, false)) {
      case Composition.Composed composed ->
          new NamedProfile(name, composed.profile(), from.getFirst().beside());
      case Composition.Refused refused -> {
        reporter.complain(
            List.of(new Diagnostic(name + ": " + refused.reason(), ExitCode.REFUSED)));
        yield null;
      }
      case Composition.Undecided(String reason, boolean unavailable) -> {
        reporter.complain(
            List.of(new Diagnostic(reason, unavailable ? ExitCode.WORLD : ExitCode.REFUSED)));
        yield null;
      }
    };
  }

  private static List<ProfileEdit> changes(Arguments arguments, SyscallTable table)
      throws UsageException {
    ChangeReader reader = ChangeReader.of(table);
    List<ProfileEdit> changes = new ArrayList<>();
    for (Option option : List.of(ALLOW, DENY)) {
      for (String value : new LinkedHashSet<>(arguments.values(option))) {
        switch (reader.read(option.equals(ALLOW), value)) {
          case ChangeReader.Reading.Read(ProfileEdit change) -> changes.add(change);
          case ChangeReader.Reading.Wrong(String reason) ->
              throw new UsageException("--" + option.name() + ": " + reason);
        }
      }
    }
    return changes;
  }

  /// The calls and the groups that can be named.
  private static List<String> calls() {
    return Stream.concat(
            ChangeReader.names(SyscallTable.ofThisMachine()).stream(),
            SyscallGroups.load().all().stream().map(group -> "@" + group.name()))
        .toList();
  }
}

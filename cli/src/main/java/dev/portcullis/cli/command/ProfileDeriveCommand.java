package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
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
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.DerivationCheck;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  static final Verb VERB =
      new Verb(
          "profile derive",
          new Help(
              "make a changed copy of a profile",
              List.of(
                  "FILE|runtime/default... [--allow CALL]... [--deny CALL]... [--output-file FILE]"),
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
                      "profile derive runtime/default --deny "
                          + "'clone:flags&CLONE_NEWUSER==CLONE_NEWUSER'",
                      "from the runtime's default, by an argument; as root")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written",
                  ExitCode.REFUSED,
                  "it cannot be made, or libseccomp makes another filter of it"),
              "derive.md"),
          Grammar.of(
                  Stream.of(
                          List.of(FROM, ALLOW, DENY, WITHOUT_ARCH),
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
    Compiler compiler = CommandCompiler.get();
    NamedProfile base = base(input.profiles(), compiler, table, target, reporter);
    if (base == null) {
      return reporter.code();
    }
    ResolvedProfile origin = base.profile();
    String name = base.name();
    for (Architecture each : without) {
      if (!origin.architectures().contains(each)) {
        throw new UsageException(
            WITHOUT_ARCH.text() + ": the profile does not list " + each.spelling());
      }
    }
    ResolvedProfile derived =
        switch (Derivation.of(origin, changes)) {
          case Derivation.Derived(ResolvedProfile made) -> made.without(without);
          case Derivation.Impossible(String reason) -> {
            reporter.complain(List.of(new Diagnostic(reason, ExitCode.REFUSED)));
            yield null;
          }
        };
    if (derived == null) {
      return reporter.code();
    }
    Filters before = filters(name, compiler.compile(origin, dialect), reporter);
    Filters after = filters("the derived profile", compiler.compile(derived, dialect), reporter);
    if (before == null || after == null) {
      return reporter.code();
    }
    for (String unmet : DerivationCheck.unmet(changes, after, target.architecture(), table)) {
      reporter.complain(
          List.of(new Diagnostic("libseccomp makes something else of " + unmet, ExitCode.REFUSED)));
    }
    Analysis<Comparison> comparison = Comparison.of(after, before, table);
    for (Difference unexpected : DerivationCheck.unexpected(changes, comparison)) {
      reporter.complain(
          List.of(
              new Diagnostic(
                  "libseccomp loses rules of the derived profile: "
                      + DifferenceText.what(unexpected)
                      + " is "
                      + DifferenceText.how(unexpected),
                  ExitCode.REFUSED)));
    }
    switch (comparison) {
      case Analysis.Undecided(String reason) ->
          reporter.complain(List.of(new Diagnostic(name + ": " + reason, ExitCode.REFUSED)));
      case Analysis.Understood(Comparison compared) ->
          new ComparisonReport("the derived profile", name, compared).table(terminal.toError());
    }
    if (reporter.code() == ExitCode.OK) {
      file.write(ProfileWriter.write(derived), terminal);
    }
    return reporter.code();
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
    ChangeReader reader = new ChangeReader(SyscallGroups.load(), known(table));
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
    Set<String> calls = known(SyscallTable.ofThisMachine());
    return Stream.concat(
            calls.stream(), SyscallGroups.load().all().stream().map(group -> "@" + group.name()))
        .toList();
  }

  private static Set<String> known(SyscallTable table) {
    Set<String> known = new TreeSet<>();
    Effects.USUAL.forEach(each -> known.addAll(table.of(each).values()));
    return known;
  }

  private static @Nullable Filters filters(
      String name, Compilation compilation, Reporter reporter) {
    FilterArgument made = FilterArgument.of(name, compilation);
    reporter.complain(made.complaints());
    return made.filters();
  }
}

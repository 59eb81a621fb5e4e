package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ProfileOperand;
import dev.portcullis.cli.input.RuntimeQuestion;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.convert.Conversion;
import dev.portcullis.seccomp.convert.Format;
import dev.portcullis.seccomp.convert.Loss;
import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.util.List;

/// `portcullis profile convert`
final class ProfileConvertCommand implements Command {
  private static final Option TO =
      Option.value("to", String.join("|", Format.spellings()), "the form to write");
  private static final Option STRICT =
      Option.flag("strict", "refuse a form that cannot say all that the profile says");

  @Override
  public String name() {
    return "profile convert";
  }

  @Override
  public String summary() {
    return "write a profile as systemd, LXC, appc, Docker or OCI have it";
  }

  @Override
  public String usage() {
    return "FILE|runtime/default --to FORM [--strict] [--file FILE]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(
        TO,
        STRICT,
        OutputOptions.FILE,
        OutputOptions.OVERWRITE,
        FilterOptions.READ_AS,
        FilterOptions.CAPABILITIES,
        RuntimeOptions.USUAL_ENDPOINT,
        RuntimeOptions.HANDLER);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (arguments.operands().size() != 1) {
      throw new UsageException("profile convert needs one file: profile convert FILE --to FORM");
    }
    Format format = format(arguments);
    RuntimeQuestion runtime = RuntimeQuestion.of(arguments);
    Target target = runtime.target(arguments, arguments.operands());
    NewFile file = NewFile.of(arguments);
    Reporter reporter = new Reporter(terminal);
    ProfileOperand written =
        ProfileOperand.read(
            arguments.operands().getFirst(), FilterOptions.readingMode(arguments), target, runtime);
    reporter.complain(written.complaints());
    written.notes().forEach(reporter::note);
    Profile profile = written.profile();
    if (profile == null) {
      return reporter.code();
    }
    Conversion conversion = Conversion.of(profile, target, format);
    for (Loss loss : conversion.losses()) {
      String text =
          Diagnostic.place(written.text(), loss.at())
              + ": "
              + loss.message()
              + switch (loss.effect()) {
                case STRICTER -> " (stricter)";
                case WEAKER -> " (weaker)";
                case NEITHER -> "";
              };
      if (arguments.has(STRICT)) {
        reporter.complain(List.of(new Diagnostic(text, ExitCode.REFUSED)));
      } else {
        reporter.warn(text);
      }
    }
    if (reporter.code() == ExitCode.OK) {
      file.write(conversion.text(), terminal);
    }
    return reporter.code();
  }

  private static Format format(Arguments arguments) throws UsageException {
    List<String> known = Format.spellings();
    String name = arguments.value(TO);
    if (name == null) {
      throw new UsageException("--to is missing; the forms are " + String.join(", ", known));
    }
    return Format.spelled(name)
        .orElseThrow(() ->
            new UsageException(
                "--to: \""
                    + name
                    + "\" is not a format; use "
                    + String.join(", ", known)
                    + SpellingHint.hint(name, known)));
  }
}

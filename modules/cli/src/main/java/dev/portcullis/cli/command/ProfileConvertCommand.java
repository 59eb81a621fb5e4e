package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileOperand;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Choice;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UnknownWord;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.convert.Conversion;
import dev.portcullis.seccomp.convert.Format;
import dev.portcullis.seccomp.convert.Loss;
import dev.portcullis.seccomp.profile.Profile;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis profile convert`
final class ProfileConvertCommand {
  private static final Choice<Format> TO =
      Choice.of("to", "the format to write (required)", List.of(Format.values()), Format::spelling);
  private static final Option STRICT =
      Option.flag("strict", "fail if the format cannot express the whole profile");

  static final Verb VERB =
      new Verb(
          "profile convert",
          new Help(
              "write a profile in the format of systemd, LXC, appc, Docker or OCI",
              List.of("FILE|runtime/default --to FORMAT [--strict] [--output-file FILE]"),
              "Writes the profile in another format, and warns about what that format cannot "
                  + "express. systemd and LXC have lists of calls; Docker and OCI have JSON.",
              List.of(
                  new Help.Example(
                      "profile convert examples/profiles/browser-sandbox.json --to systemd",
                      "lines for a unit of systemd"),
                  new Help.Example(
                      "profile convert examples/profiles/browser-sandbox.json --to lxc "
                          + "--output-file lxc.seccomp",
                      "a file for LXC"),
                  new Help.Example(
                      "profile convert runtime/default --to oci --strict",
                      "the runtime's default, or nothing where some of it would be lost; as root")),
              Map.of(
                  ExitCode.OK,
                  "written",
                  ExitCode.REFUSED,
                  "the profile is wrong, or with --strict something would be lost"),
              "convert.md"),
          Grammar.of(
                  TO.option(),
                  STRICT,
                  OutputOptions.FILE,
                  OutputOptions.OVERWRITE,
                  FilterOptions.READ_AS,
                  FilterOptions.CAPABILITIES,
                  RuntimeOptions.USUAL_ENDPOINT,
                  RuntimeOptions.HANDLER)
              .taking(Operands.of(FilterNames.PROFILES)),
          ProfileConvertCommand::run);

  private ProfileConvertCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands(
        1, "profile convert needs one file: profile convert FILE --to FORMAT");
    Format format = format(arguments);
    ProfileSource source = ProfileSource.of(arguments, arguments.operands(), terminal.in());
    NewFile file = NewFile.of(arguments);
    Reporter reporter = new Reporter(terminal);
    ProfileOperand written = source.read(arguments.operands().getFirst());
    reporter.complain(written.complaints());
    written.notes().forEach(reporter::note);
    Profile profile = written.profile();
    if (profile == null) {
      return reporter.code();
    }
    Conversion conversion = Conversion.of(profile, source.target(), format);
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
    if (!arguments.has(TO.option())) {
      throw new UsageException(
          "--to is missing; use " + UnknownWord.choice(List.copyOf(TO.meanings().keySet())));
    }
    return TO.read(arguments);
  }
}

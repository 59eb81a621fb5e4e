package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.BuiltInDefaultsReport;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.finding.SpellingHint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// `portcullis profile list`
final class ProfileListCommand {
  private static final String DEFAULT = "/default";

  static final Verb VERB =
      new Verb(
          "profile list",
          new Help(
              "list the built-in default profiles of runtimes",
              List.of("[RUNTIME...] [options]"),
              "Lists the default profiles that need no runtime on the machine: "
                  + "containerd/default, docker/default, podman/default and crio/default, each "
                  + "with @VERSION. Of a RUNTIME it prints what changed from release to release.",
              List.of(
                  new Help.Example("profile list", "which runtimes and which releases there are"),
                  new Help.Example(
                      "profile list containerd", "what changed in containerd's, and when"),
                  new Help.Example("profile list -o json", "all of it, for a program")),
              Map.of(ExitCode.OK, "listed"),
              "defaults.md"),
          Grammar.of(OutputOptions.OUTPUT)
              .taking(Operands.many(Values.oneOf(BuiltInDefaults.runtimes()))),
          ProfileListCommand::run);

  private ProfileListCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    List<String> known = BuiltInDefaults.runtimes();
    LinkedHashSet<String> asked = new LinkedHashSet<>();
    for (String operand : arguments.operands()) {
      String runtime =
          operand.endsWith(DEFAULT)
              ? operand.substring(0, operand.length() - DEFAULT.length())
              : operand;
      int version = operand.indexOf('@');
      if (version > 0) {
        throw new UsageException(
            "profile list has all releases of a runtime: profile list "
                + operand.substring(0, version).replace(DEFAULT, "")
                + "; one of them is shown by: profile show "
                + (operand.contains(DEFAULT)
                    ? operand
                    : operand.substring(0, version) + DEFAULT + operand.substring(version)));
      }
      if (!known.contains(runtime)) {
        throw new UsageException(
            "there are no built-in defaults of \""
                + operand
                + "\"; use "
                + String.join(", ", known)
                + SpellingHint.hint(runtime, known));
      }
      asked.add(runtime);
    }
    List<String> runtimes = asked.isEmpty() ? known : new ArrayList<>(asked);
    new BuiltInDefaultsReport(runtimes, !asked.isEmpty()).print(arguments.output(), terminal);
    return ExitCode.OK;
  }
}

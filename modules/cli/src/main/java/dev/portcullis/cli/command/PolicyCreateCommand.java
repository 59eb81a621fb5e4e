package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.cli.options.NewPolicyArguments;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ManifestOutput;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.policy.NewPolicy;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import java.util.List;
import java.util.Map;

/// `portcullis policy create`
final class PolicyCreateCommand {
  static final Verb VERB =
      new Verb(
          "policy create",
          new Help(
              "print a SeccompPolicy to apply",
              List.of("NAME [--allow PROFILE]... [--default PROFILE] [options]"),
              "Prints the object, for kubectl apply -f -; needs no cluster. PROFILE is "
                  + "runtime/default, unconfined or localhost/<path>. Nobody may use the policy "
                  + "before it is granted: see policy grant.",
              List.of(
                  new Help.Example(
                      "policy create everybody --allow runtime/default --default runtime/default",
                      "the first policy of a cluster"),
                  new Help.Example(
                      "policy create web --allow 'localhost/web/*' -o json",
                      "every file below a directory, as JSON"),
                  new Help.Example(
                      "policy create tighten --stricter-than localhost/base.json",
                      "every profile that is proven to be no weaker")),
              Map.of(ExitCode.OK, "printed"),
              "policy.md"),
          Grammar.of(NewPolicyArguments.ALL, ManifestFormat.OPTION)
              .taking(Operands.of(Values.TEXT)),
          PolicyCreateCommand::run);

  private PolicyCreateCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    arguments.requireOperands(
        1, "policy create needs one name: policy create NAME --allow PROFILE");
    ManifestFormat format = ManifestFormat.of(arguments);
    NewPolicy created = NewPolicyArguments.read(arguments);
    ManifestOutput.print(
        List.of(new YamlWriter.Document(List.of(), created.object().manifest())),
        format,
        terminal.out());
    Reporter reporter = new Reporter(terminal);
    if (PolicyReader.read(created.object()) instanceof PolicyReader.Usable(Policy policy)
        && policy.defaultProfile() != null
        && !policy.allows(policy.defaultProfile())
        && !policy.stricterThan().contains(policy.defaultProfile())) {
      reporter.warn(
          "the policy does not allow its default: containers that name no profile are refused"
              + " unless another policy allows it; add --allow "
              + policy.defaultProfile().text());
    }
    for (String allowed : arguments.values(NewPolicyArguments.ALLOW)) {
      if (allowed.contains(",")) {
        reporter.warn(
            "--allow "
                + GoQuote.quote(allowed)
                + " is one path with a comma in it; for several profiles, repeat --allow");
      }
    }
    reporter.note(
        "nobody may use it before it is granted: "
            + terminal.program()
            + " policy grant "
            + created.name()
            + " --to user:NAME");
    return reporter.code();
  }
}

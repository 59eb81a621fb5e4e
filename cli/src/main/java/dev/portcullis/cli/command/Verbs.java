package dev.portcullis.cli.command;

import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.UsageException;
import java.util.ArrayList;
import java.util.List;

/// All verbs, in the order of the help.
public final class Verbs {
  private static final List<Verb> ALL =
      List.of(
          RunCommand.VERB,
          CheckCommand.VERB,
          ExposureCommand.VERB,
          FixCommand.VERB,
          WebhookCommand.VERB,
          NodeCommand.VERB.with(List.of(NodeDistributeCommand.VERB, NodeStatusCommand.VERB)),
          Verb.group(
              "profile",
              "validate, list, show, compare, record, derive and convert profiles",
              "profiles.md",
              List.of(
                  ProfileValidateCommand.VERB,
                  ProfileListCommand.VERB,
                  ProfileShowCommand.VERB,
                  ProfileCompareCommand.VERB,
                  ProfileDeriveCommand.VERB,
                  ProfileRecordCommand.VERB,
                  ProfileMergeCommand.VERB,
                  ProfileCheckCoverageCommand.VERB,
                  ProfileConvertCommand.VERB)),
          VerifyCommand.VERB,
          Verb.group(
              "policy",
              "create, grant, generate, test, convert and compile policies, show who can use what",
              "policy.md",
              List.of(
                  PolicyCreateCommand.VERB,
                  PolicyGrantCommand.VERB,
                  PolicyGenerateCommand.VERB,
                  PolicyTestCommand.VERB,
                  PolicyConvertCommand.VERB,
                  PolicyCompileCommand.VERB,
                  PolicyWhoCanCommand.VERB)),
          Verb.group(
              "image",
              "write the image of the examples, for other runtimes",
              "run.md",
              List.of(ImageSaveCommand.VERB)),
          CompletionScript.VERB,
          VersionCommand.VERB,
          HelpCommand.VERB);

  private Verbs() {}

  public static List<Verb> all() {
    return ALL;
  }

  public static Verb named(String name) throws UsageException {
    List<String> names = new ArrayList<>();
    for (Verb verb : ALL) {
      if (verb.name().equals(name)) {
        return verb;
      }
      names.add(verb.name());
    }
    List<String> longer =
        ALL.stream()
            .flatMap(verb -> verb.parts().stream())
            .map(Verb::name)
            .filter(part -> part.endsWith(" " + name))
            .toList();
    throw new UsageException(
        "there is no verb \""
            + name
            + "\""
            + (longer.isEmpty()
                ? NearestOption.hint(name, "", names)
                : "; did you mean " + String.join(" or ", longer) + "?"));
  }
}

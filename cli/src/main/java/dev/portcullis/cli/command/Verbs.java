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
          WebhookCommand.VERB,
          NodeCommand.VERB.with(List.of(NodeDistributeCommand.VERB, NodeStatusCommand.VERB)),
          Verb.group(
              "profile",
              "say what profiles do, and what is wrong with them",
              "profiles.md",
              List.of(
                  ProfileValidateCommand.VERB,
                  ProfileShowCommand.VERB,
                  ProfileCompareCommand.VERB,
                  ProfileDeriveCommand.VERB,
                  ProfileConvertCommand.VERB)),
          VerifyCommand.VERB,
          Verb.group(
              "policy",
              "convert policies, say who can use what",
              "policy.md",
              List.of(PolicyConvertCommand.VERB, PolicyWhoCanCommand.VERB)),
          Verb.group(
              "image",
              "write the image of the examples, for other runtimes",
              "run.md",
              List.of(ImageSaveCommand.VERB)),
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
    throw new UsageException(
        "there is no verb \"" + name + "\"" + NearestOption.hint(name, "", names));
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.UsageException;
import java.util.ArrayList;
import java.util.List;

/// All verbs, in the order of the help.
public final class Verbs {
  private static final List<Command> ALL =
      List.of(
          new RunCommand(),
          new CheckCommand(),
          new WebhookCommand(),
          new CommandGroup(
              "node",
              "serve a node: between its kubelet and its runtime",
              new NodeCommand(),
              List.of(new NodeDistributeCommand(), new NodeStatusCommand())),
          new CommandGroup(
              "profile",
              "say what profiles do, and what is wrong with them",
              null,
              List.of(
                  new ProfileValidateCommand(),
                  new ProfileShowCommand(),
                  new ProfileCompareCommand(),
                  new ProfileDeriveCommand(),
                  new ProfileConvertCommand())),
          new VerifyCommand(),
          new CommandGroup(
              "policy",
              "convert policies, say who can use what",
              null,
              List.of(new PolicyConvertCommand(), new PolicyWhoCanCommand())),
          new CommandGroup(
              "image",
              "write the image of the examples, for other runtimes",
              null,
              List.of(new ImageSaveCommand())),
          new VersionCommand(),
          new HelpCommand());

  private Verbs() {}

  public static List<Command> all() {
    return ALL;
  }

  public static Command named(String name) throws UsageException {
    List<String> names = new ArrayList<>();
    for (Command command : ALL) {
      if (command.name().equals(name)) {
        return command;
      }
      names.add(command.name());
    }
    throw new UsageException(
        "there is no verb \"" + name + "\"" + NearestOption.hint(name, "", names));
  }
}

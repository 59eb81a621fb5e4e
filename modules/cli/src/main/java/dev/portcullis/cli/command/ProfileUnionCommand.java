package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.seccomp.compose.Combination;
import java.util.List;
import java.util.Map;

/// `portcullis profile union`
final class ProfileUnionCommand {
  static final Verb VERB =
      new Verb(
          "profile union",
          new Help(
              "make the profile that allows what any of some profiles allows",
              List.of("A B [C...] [--output-file FILE] [options]"),
              "Writes a profile whose filter does with each call the least severe of what the "
                  + "filters of the profiles do: proven for all architectures, calls and "
                  + "arguments, and for each OCI runtime, or refused. A profile is a FILE, "
                  + "runtime/default or a built-in default such as docker/default.",
              List.of(
                  new Help.Example(
                      "profile union docker/default podman/default",
                      "what either allows, to standard output"),
                  new Help.Example(
                      "profile union containerd/default@1.7 docker/default crio/default "
                          + "--output-file any.json",
                      "for programs that were tried under one of three defaults, to a file")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written",
                  ExitCode.REFUSED,
                  "no profile does exactly that, and nothing is written"),
              "compose.md"),
          CompositionAction.GRAMMAR,
          new CompositionAction(Combination.UNION, "profile union")::run);

  private ProfileUnionCommand() {}
}

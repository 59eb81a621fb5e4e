package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.seccomp.compose.Combination;
import java.util.List;
import java.util.Map;

/// `portcullis profile intersect`
final class ProfileIntersectCommand {
  static final Verb VERB =
      new Verb(
          "profile intersect",
          new Help(
              "make the profile that allows what all profiles allow",
              List.of("A B [C...] [--output-file FILE] [options]"),
              "Writes a profile whose filter does with each call the most severe of what the "
                  + "filters of the profiles do: proven for all architectures, calls and "
                  + "arguments, and for each OCI runtime, or refused. A profile is a FILE, "
                  + "runtime/default or a built-in default such as docker/default.",
              List.of(
                  new Help.Example(
                      "profile intersect docker/default podman/default",
                      "what both allow, to standard output"),
                  new Help.Example(
                      "profile intersect containerd/default@1.7 containerd/default@2.3 "
                          + "--output-file nodes.json",
                      "what the defaults of old and new nodes both allow, to a file"),
                  new Help.Example(
                      "profile intersect examples/profiles/browser-sandbox.json crio/default "
                          + "-o json",
                      "the profile and what is proven, for programs")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written",
                  ExitCode.REFUSED,
                  "no profile does exactly that, and nothing is written"),
              "compose.md"),
          CompositionAction.GRAMMAR,
          new CompositionAction(Combination.INTERSECTION, "profile intersect")::run);

  private ProfileIntersectCommand() {}
}

package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.ArrayList;
import java.util.List;

/// A seccomp profile as it was written: the OCI runtime specification's format and Docker's, which
/// adds `archMap`, `name`, `includes`, `excludes` and `comment`.
///
/// There is always a default action. A file without one is not a usable profile: runc and
/// containerd leave the container unconfined under it.
public record Profile(
    Outcome defaultOutcome,
    Architectures architectures,
    List<Flag> flags,
    Listener listener,
    List<Rule> rules) {

  public Profile {
    flags = List.copyOf(flags);
    rules = List.copyOf(rules);
  }

  /// What only Docker understands of this profile. Where this is not empty, an OCI runtime that
  /// reads the file runs another filter than the one that was meant.
  public List<Finding> dockerOnly() {
    List<Finding> found = new ArrayList<>();
    switch (architectures) {
      case Architectures.Mapped _ ->
          found.add(
              docker(
                  defaultOutcome.at(),
                  "`archMap`: OCI runtimes ignore it and kill programs of every architecture but"
                      + " the machine's own"));
      case Architectures.Listed _ -> {}
    }
    for (Rule rule : rules) {
      switch (rule.names().spelling()) {
        case NAME ->
            found.add(docker(rule.at(), "`name`: OCI runtimes read `names` and ignore the rule"));
        case NAMES -> {}
      }
      if (!rule.guard().isEmpty()) {
        found.add(
            docker(
                rule.at(),
                "`includes` or `excludes`: OCI runtimes ignore the condition and always apply the"
                    + " rule"));
      }
    }
    return List.copyOf(found);
  }

  private static Finding docker(Position at, String message) {
    return new Finding(Problem.DOCKER_FORMAT, at, message);
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.AgentDenials;
import dev.portcullis.cli.input.DenialFiles;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.NodePodOptions;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.result.NodeDenialsReport;
import dev.portcullis.seccomp.heal.DenialParseResult;
import dev.portcullis.seccomp.heal.DenialReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What was refused to a pod of this node, as its agent knows it.
final class PodDenials {
  private PodDenials() {}

  /// Reads it.
  ///
  /// @throws IOException where there is no agent, or none with `--denials`
  static DenialFiles read(Arguments arguments) throws UsageException, IOException {
    NodePodOptions asked = NodePodOptions.of(arguments);
    Path file = NodeRunOptions.denials(arguments);
    AgentDenials agent = AgentDenials.read(file);
    if (agent.isStale()) {
      return wrong(
          file,
          agent.staleness()
              + "; what it knew can be read with portcullis node denials -o json, and given with"
              + " --denials");
    }
    NodeDenialsReport its = NodeDenialsReport.of(agent.document(), asked);
    if (!its.isWatched()) {
      return wrong(
          file,
          asked.unwatched()
              + ": it does not run on this node, or only since a moment ago, or the"
              + " remarks of portcullis node denials say why; crictl pods lists those that run");
    }
    return switch (DenialReader.of(its.document())) {
      case DenialParseResult.Rejected(var at, String message) ->
          new DenialFiles(
              List.of(), 0, List.of(Diagnostic.malformed(file.toString(), at, message)));
      case DenialParseResult.Read(var denials, long lost) ->
          denials.isEmpty()
              ? wrong(
                  file,
                  "nothing was refused to "
                      + asked.text()
                      + ", or logged, since the agent first saw it"
                      + (lost == 0 ? "" : ", as far as it could be told")
                      + "; let the program do what fails, and try again")
              : new DenialFiles(denials, lost, List.of());
    };
  }

  private static DenialFiles wrong(Path file, String message) {
    return new DenialFiles(
        List.of(), 0, List.of(new Diagnostic(file + ": " + message, ExitCode.REFUSED)));
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.RuntimeReport;
import dev.portcullis.cli.result.VersionReport;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.KnownRuntime;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `portcullis version`
final class VersionCommand {
  static final Verb VERB =
      new Verb(
          "version",
          new Help(
              "show the version",
              List.of("[--runtime-endpoint unix:///PATH] [options]"),
              "With --runtime-endpoint also the runtime's, and what is known of it: by such "
                  + "facts other verbs decide.",
              List.of(
                  new Help.Example("version", "of Portcullis and of Java"),
                  new Help.Example(
                      "version --runtime-endpoint unix:///run/containerd/containerd.sock",
                      "and of the runtime"),
                  new Help.Example("version -o json", "for a program")),
              Map.of(ExitCode.OK, "shown"),
              "getting-started.md"),
          Grammar.of(
              RuntimeOptions.ENDPOINT.meaning(
                  RuntimeOptions.ENDPOINT.help() + " (default: none is asked)"),
              OutputOptions.OUTPUT),
          VersionCommand::run);

  private VersionCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireNoOperands();
    OutputFormat format = arguments.output();
    new VersionReport(runtime(arguments.value(RuntimeOptions.ENDPOINT))).print(format, terminal);
    return ExitCode.OK;
  }

  private static @Nullable RuntimeReport runtime(@Nullable String endpoint) throws IOException {
    if (endpoint == null) {
      return null;
    }
    try (Cri cri = Cri.observe(endpoint)) {
      KnownRuntime runtime = KnownRuntime.ask(cri);
      return new RuntimeReport(
          runtime,
          runtime.defaultCapabilities("", null),
          Compiler.versionOfThisMachine().orElse(""));
    } catch (CriException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.RuntimeReport;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.KnownRuntime;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// `portcullis version`
final class VersionCommand implements Command {
  @Override
  public String name() {
    return "version";
  }

  @Override
  public String summary() {
    return "show the version";
  }

  @Override
  public String usage() {
    return "[--runtime-endpoint unix:///PATH] [-o table|json]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(RuntimeOptions.ENDPOINT, OutputOptions.OUTPUT);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("version takes no operands");
    }
    RuntimeReport runtime = runtime(arguments.value(RuntimeOptions.ENDPOINT));
    String java = System.getProperty("java.version");
    String vendor = System.getProperty("java.vendor");
    switch (arguments.output()) {
      case TABLE -> {
        terminal.out().print("portcullis " + Build.VERSION);
        terminal.out().println(Build.COMMIT.isEmpty() ? "" : " (commit " + Build.COMMIT + ")");
        terminal.out().println("java " + java + " (" + vendor + ")");
        if (runtime != null) {
          runtime.table(terminal.out());
        }
      }
      case JSON -> {
        MappingBuilder version = new MappingBuilder().put("version", Build.VERSION);
        if (Build.COMMIT.isEmpty()) {
          version.putNull("commit");
        } else {
          version.put("commit", Build.COMMIT);
        }
        version.put(
            "java", new MappingBuilder().put("version", java).put("vendor", vendor).build());
        if (runtime != null) {
          version.put("runtime", runtime.json());
        }
        terminal.out().println(JsonWriter.pretty(version.build()));
      }
    }
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

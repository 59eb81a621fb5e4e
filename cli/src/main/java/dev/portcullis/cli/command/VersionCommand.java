package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.MappingBuilder;

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
    return "[-o table|json]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(CommonOptions.OUTPUT);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("version takes no operands");
    }
    String java = System.getProperty("java.version");
    String vendor = System.getProperty("java.vendor");
    switch (arguments.output()) {
      case TABLE -> {
        terminal.out().print("portcullis " + Build.VERSION);
        terminal.out().println(Build.COMMIT.isEmpty() ? "" : " (commit " + Build.COMMIT + ")");
        terminal.out().println("java " + java + " (" + vendor + ")");
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
        terminal.out().println(JsonWriter.pretty(version.build()));
      }
    }
    return ExitCode.OK;
  }
}

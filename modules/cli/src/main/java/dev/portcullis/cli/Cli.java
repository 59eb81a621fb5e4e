package dev.portcullis.cli;

import dev.portcullis.cli.command.Completion;
import dev.portcullis.cli.command.HelpText;
import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.FileFailure;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ColourOption;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cluster.ApiFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/// The command line, from its arguments to its exit code.
public final class Cli {
  /// With a value, a bug shows its stack trace.
  static final String DEBUG = "PORTCULLIS_DEBUG";

  private final Terminal terminal;

  public Cli(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Runs a command for the process: as the other, with the failures of standard output.
  static int run(List<String> args, Output output, Terminal terminal) {
    int code = new Cli(terminal).run(args);
    IOException failure = output.failure();
    if (failure == null || output.readerIsGone()) {
      return code;
    }
    complain(terminal, "cannot write to standard output: " + failure.getMessage());
    return code == ExitCode.OK.number() ? ExitCode.WORLD.number() : code;
  }

  /// Runs a command and returns its exit code. Nothing is thrown.
  public int run(List<String> args) {
    ExitCode code = judged(args);
    terminal.out().flush();
    terminal.err().flush();
    return code.number();
  }

  // The one catch-all of the program: whatever was not foreseen is a bug, and is called one.
  @SuppressWarnings("CatchingUnchecked")
  private ExitCode judged(List<String> args) {
    try {
      return dispatched(args);
    } catch (UsageException wrong) {
      complain(terminal, String.valueOf(wrong.getMessage()));
      terminal.err().println("see: " + helpCall(args, terminal));
      return ExitCode.USAGE;
    } catch (IOException failed) {
      complain(terminal, words(failed));
      trace(failed);
      return ExitCode.WORLD;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      complain(terminal, "interrupted");
      return ExitCode.WORLD;
    } catch (Exception
        | StackOverflowError
        | OutOfMemoryError
        | LinkageError
        | AssertionError bug) {
      complain(
          terminal,
          "a bug in Portcullis: " + bug + (debug() ? "" : " (" + DEBUG + "=1 shows where)"));
      trace(bug);
      return ExitCode.BUG;
    }
  }

  private ExitCode dispatched(List<String> args)
      throws UsageException, IOException, InterruptedException {
    if (args.isEmpty()) {
      HelpText.ofAll(terminal.toError());
      return ExitCode.USAGE;
    }
    String first = args.getFirst();
    List<String> rest = args.subList(1, args.size());
    return switch (first) {
      case Completion.WORD -> {
        Completion.of(rest).print(terminal.out());
        yield ExitCode.OK;
      }
      case "--version" -> run(Verbs.named("version"), rest);
      case "-h", "--help" -> run(Verbs.named("help"), rest);
      default -> {
        if (first.startsWith("-")) {
          throw new UsageException("options stand after the verb; \"" + first + "\" is before it");
        }
        yield run(Verbs.named(first), rest);
      }
    };
  }

  private ExitCode run(Verb verb, List<String> args)
      throws UsageException, IOException, InterruptedException {
    if (!verb.parts().isEmpty() && !args.isEmpty() && !args.getFirst().startsWith("-")) {
      return run(verb.part(args.getFirst()), args.subList(1, args.size()));
    }
    Arguments arguments = verb.parse(args);
    if (arguments.has(Grammar.HELP)) {
      HelpText.of(verb, painted(arguments));
      return ExitCode.OK;
    }
    return verb.action().run(arguments, painted(arguments));
  }

  private Terminal painted(Arguments arguments) throws UsageException {
    return switch (ColourOption.read(arguments)) {
      case AUTO -> terminal;
      case ALWAYS -> terminal.painted(new Colour(true));
      case NEVER -> terminal.painted(Colour.OFF);
    };
  }

  /// Shows the help of the verb that was called; the list of verbs where that is unknown.
  private static String helpCall(List<String> args, Terminal terminal) {
    String help = terminal.program() + " help";
    String called = called(args);
    return called.isEmpty() || called.equals("help") ? help : help + " " + called;
  }

  /// The name of the verb at the beginning of a command line; empty where there is none.
  private static String called(List<String> args) {
    String first = args.getFirst();
    String both = args.size() > 1 ? first + " " + args.get(1) : first;
    for (Verb verb : Verbs.all()) {
      if (verb.name().equals(first)) {
        return verb.parts().stream().anyMatch(part -> part.name().equals(both)) ? both : first;
      }
    }
    return "";
  }

  /// The JDK reports what is wrong with a file by the type of the exception alone.
  private static String words(IOException failed) {
    String message = failed.getMessage();
    if (failed instanceof FileSystemException file && file.getFile() != null) {
      return file.getFile() + ": " + FileFailure.why(failed);
    }
    return (failed.getClass() == IOException.class || failed instanceof ApiFailure)
            && message != null
        ? message
        : failed.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static void complain(Terminal terminal, String message) {
    Paragraph.on(terminal.toError()).say(Paint.BAD, "error:", message);
  }

  private void trace(Throwable thrown) {
    if (debug()) {
      thrown.printStackTrace(terminal.err());
    }
  }

  private boolean debug() {
    return !terminal.environment().getOrDefault(DEBUG, "").isEmpty();
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.run.pod.PodOutcome;
import java.util.List;

/// Reports on stderr what is wrong, and remembers the worst of it for the exit code.
final class Reporter {
  private final Terminal terminal;
  private ExitCode code = ExitCode.OK;

  Reporter(Terminal terminal) {
    this.terminal = terminal;
  }

  /// How the process ends, by what was reported so far.
  ExitCode code() {
    return code;
  }

  void complain(List<Diagnostic> complaints) {
    for (Diagnostic complaint : complaints) {
      say(Paint.BAD, "error:", complaint.text());
      worsen(complaint.code());
    }
  }

  /// Reports that nothing was started, if anything is wrong.
  ///
  /// @return whether it is
  boolean stops() {
    if (code != ExitCode.OK) {
      note("nothing was started");
    }
    return code != ExitCode.OK;
  }

  /// What could not be removed at the end.
  void complainOfRest(List<String> left) {
    complain(
        left.stream().map(each -> new Diagnostic("left behind: " + each, ExitCode.WORLD)).toList());
  }

  /// What a pod failed by, and what could not be removed of it.
  ///
  /// @return whether it was run
  boolean complainOf(PodOutcome outcome) {
    String pod =
        outcome.plan().identity().source() + ": pod " + outcome.plan().identity().label() + ": ";
    if (outcome.failure() != null) {
      complain(List.of(new Diagnostic(pod + outcome.failure(), ExitCode.WORLD)));
    }
    for (String left : outcome.left()) {
      complain(List.of(new Diagnostic(pod + "left behind: " + left, ExitCode.WORLD)));
    }
    return outcome.failure() == null;
  }

  void note(String text) {
    say(Paint.FAINT, "note:", text);
  }

  void warn(String text) {
    say(Paint.WARNING, "warning:", text);
  }

  /// A failure of the world outweighs a refusal: what could not be read was not judged.
  void worsen(ExitCode other) {
    if (other.number() > code.number()) {
      code = other;
    }
  }

  private void say(Paint paint, String word, String text) {
    // A runner of GitHub takes ##[ anywhere in a line for a command of its own.
    Paragraph.on(terminal.toError()).say(paint, word, text.replace("##[", "#\\x23["));
  }
}

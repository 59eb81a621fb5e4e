package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FixTarget;
import dev.portcullis.cli.input.ManifestFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.ProfileNameArgument;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.DiffPrint;
import dev.portcullis.cli.result.FileReplacement;
import dev.portcullis.cli.result.FixJson;
import dev.portcullis.cli.result.PodLabel;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.fix.FixOutcome;
import dev.portcullis.pods.fix.FixRules;
import dev.portcullis.pods.fix.ManifestFix;
import dev.portcullis.pods.fix.Obstacle;
import dev.portcullis.pods.fix.PodChange;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `portcullis fix`
final class FixCommand {
  /// Kinds whose pod, or template, is fixed once the object exists.
  private static final Set<String> IMMUTABLE = Set.of("Pod", "Job");

  private static final Option DIFF =
      Option.flag("diff", "show what would change (the default, except for -)");
  private static final Option WRITE = Option.flag("write", "write it into the files");
  private static final Option REMOVE_ANNOTATIONS =
      Option.flag(
          "remove-annotations", "remove the annotations, which only Kubernetes before 1.19 needs");
  private static final Option DEFAULT =
      Option.value(
              "default",
              "PROFILE",
              "write this profile into pods with a container for which nothing is named (default: leave"
                  + " them)")
          .taking(ProfileNameArgument.VALUES);

  static final Verb VERB =
      new Verb(
          "fix",
          new Help(
              "turn seccomp annotations into fields, in the text of manifests",
              List.of("FILE|DIR|-... [--write] [--remove-annotations] [--default PROFILE]"),
              "Writes the seccompProfile that each seccomp annotation means, in pods and in the "
                  + "templates of workloads. Comments, order, quotes and line breaks stay. Without "
                  + "--write it shows a diff, and ends with 1 where there is something to do. What "
                  + "it cannot do safely it says, and leaves the object as it is. Of - it writes the "
                  + "whole result to standard output.",
              List.of(
                  new Help.Example("fix examples/", "what would change"),
                  new Help.Example(
                      "fix --default runtime/default examples/",
                      "the same, with a profile for pods that name none")),
              Map.of(
                  ExitCode.OK,
                  "nothing to do, or all of it is written",
                  ExitCode.REFUSED,
                  "files would change, or something cannot be done"),
              "fix.md"),
          Grammar.of(DIFF, WRITE, REMOVE_ANNOTATIONS, DEFAULT, OutputOptions.OUTPUT)
              .taking(Operands.many(Values.FILES)),
          (arguments, terminal) -> new FixCommand(arguments, terminal).run());

  private final Arguments arguments;
  private final Terminal terminal;
  private final OutputFormat format;
  private final FixRules rules;
  private final boolean input;
  private final boolean write;
  private final boolean diff;
  private final Reporter reporter;
  private final FixJson json = new FixJson();

  private int files;
  private int changed;
  private int written;
  private final Set<String> pods = new HashSet<>();
  private boolean immutable;

  private FixCommand(Arguments arguments, Terminal terminal) throws UsageException {
    arguments.requireOperands("fix needs a file, a directory, or - for standard input");
    this.arguments = arguments;
    this.terminal = terminal;
    format = arguments.output();
    String named = arguments.value(DEFAULT);
    rules =
        new FixRules(
            named == null ? null : ProfileNameArgument.read(DEFAULT.text() + ": ", named),
            arguments.has(REMOVE_ANNOTATIONS));
    input = arguments.operands().contains(Diagnostic.STANDARD_INPUT);
    if (input && arguments.operands().size() > 1) {
      throw new UsageException("fix takes - alone: the result goes to standard output");
    }
    if (input && arguments.has(WRITE) && arguments.has(DIFF)) {
      throw new UsageException("of -, both --write and --diff go to standard output; use one");
    }
    write = arguments.has(WRITE) || (input && !arguments.has(DIFF));
    diff = arguments.has(DIFF) || !write;
    reporter = new Reporter(terminal);
  }

  private ExitCode run() {
    List<Diagnostic> complaints =
        ManifestFiles.contents(arguments.operands(), terminal.in(), this::file);
    reporter.complain(complaints);
    switch (format) {
      case TABLE, WIDE -> summary();
      case JSON -> terminal.out().println(JsonWriter.pretty(json.document(complaints)));
      case YAML -> terminal.out().print(YamlWriter.write(json.document(complaints)));
    }
    if (changed > 0 && !write) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }

  private void file(String file, byte[] content) {
    FixTarget target = input ? null : FixTarget.of(file, arguments.operands());
    try {
      if (target != null && target.isFoundElsewhere()) {
        return;
      }
    } catch (IOException e) {
      complain(file + ": " + e.getMessage(), ExitCode.WORLD);
      return;
    }
    FixOutcome outcome = ManifestFix.of(content, rules);
    files++;
    boolean done =
        switch (outcome) {
          case FixOutcome.Unreadable(var at, String message) -> {
            complain(Diagnostic.place(file, at) + ": " + message, ExitCode.REFUSED);
            yield false;
          }
          case FixOutcome.Edited edited -> {
            edited.obstacles().forEach(obstacle -> complain(file, obstacle));
            yield edited(file, target, content, edited);
          }
        };
    if (!format.forPeople()) {
      json.add(file, outcome, done);
    }
  }

  /// Whether the content is written.
  ///
  /// @param target null for standard output
  private boolean edited(
      String file, @Nullable FixTarget target, byte[] before, FixOutcome.Edited edited) {
    if (edited.changed()) {
      changed++;
      count(file, edited.changes());
    }
    if (format.forPeople() && diff && edited.changed()) {
      new DiffPrint(terminal).print(file, edited.before(), edited.edits());
    }
    if (!write) {
      return false;
    }
    if (target == null) {
      if (format.forPeople()) {
        terminal.out().writeBytes(edited.content());
      }
      written += edited.changed() ? 1 : 0;
      return true;
    }
    return edited.changed() && written(target, before, edited);
  }

  private boolean written(FixTarget target, byte[] before, FixOutcome.Edited edited) {
    if (target.behindLink()) {
      complain(
          target.file()
              + ": not written: a symbolic link leads to it; name the file that it leads to",
          ExitCode.REFUSED);
      return false;
    }
    try {
      new FileReplacement(target.directory(), target.below(), before, edited.content()).write();
      written++;
      return true;
    } catch (IOException e) {
      complain(String.valueOf(e.getMessage()), ExitCode.WORLD);
      return false;
    }
  }

  private void complain(String file, Obstacle obstacle) {
    complain(
        Diagnostic.place(file, obstacle.path().at())
            + ": "
            + PodLabel.of(obstacle.pod())
            + ": "
            + obstacle.path().text()
            + ": "
            + obstacle.message(),
        obstacle.kind() == Obstacle.Kind.BUG ? ExitCode.BUG : ExitCode.REFUSED);
  }

  private void complain(String text, ExitCode code) {
    reporter.complain(List.of(new Diagnostic(text, code)));
  }

  private void count(String file, List<PodChange> changes) {
    for (PodChange change : changes) {
      pods.add(file + " " + change.pod().object().at() + " " + change.pod().spec().path());
      immutable |=
          change instanceof PodChange.FieldSet
              && change.pod().object().isStored()
              && IMMUTABLE.contains(change.pod().identity().kind());
    }
  }

  private void summary() {
    String all = Plural.of(files, "file") + ", ";
    String some =
        " (" + pods.size() + (pods.size() == 1 ? " pod or template)" : " pods or templates)");
    if (changed == 0) {
      reporter.note(
          all + (reporter.code() == ExitCode.OK ? "nothing to do" : "nothing that can be done"));
    } else if (write) {
      reporter.note(all + written + " changed" + some);
    } else {
      reporter.note(all + changed + " would change" + some + "; --write changes them");
    }
    if (immutable) {
      reporter.note(
          "Kubernetes changes no seccompProfile of a Pod or a Job that exists; replace it:"
              + " kubectl replace --force -f FILE");
    }
  }
}

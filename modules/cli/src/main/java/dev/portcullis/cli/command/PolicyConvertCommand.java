package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ManifestFiles;
import dev.portcullis.cli.input.ManifestFiles.SourcedObject;
import dev.portcullis.cli.input.PolicySet;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ManifestOutput;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.convert.PolicyMigration;
import dev.portcullis.pods.convert.PolicyMigration.Conflict;
import dev.portcullis.pods.object.ConvertedObject;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// `portcullis policy convert`
final class PolicyConvertCommand {
  static final Verb VERB =
      new Verb(
          "policy convert",
          new Help(
              "make SeccompPolicies and their RBAC from PodSecurityPolicies",
              List.of("FILE|DIR|-... [-o yaml|json]"),
              "Writes a SeccompPolicy for every PodSecurityPolicy that says something about "
                  + "seccomp, and for every role and binding that grants its use another that "
                  + "grants the new one. All or nothing.",
              List.of(
                  new Help.Example(
                      "policy convert examples/policies", "as YAML, for kubectl apply"),
                  new Help.Example(
                      "policy convert -o json examples/policies/kubernetes-1.24", "as JSON")),
              Map.of(
                  ExitCode.OK,
                  "converted",
                  ExitCode.REFUSED,
                  "a file is wrong, or there is nothing to convert"),
              "policy.md"),
          Grammar.of(ManifestFormat.OPTION).taking(Operands.many(Values.FILES)),
          PolicyConvertCommand::run);

  private PolicyConvertCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    arguments.requireOperands("policy convert needs a file, a directory, or - for standard input");
    ManifestFormat format = ManifestFormat.of(arguments);
    Reporter reporter = new Reporter(terminal);
    ManifestFiles.Read read = ManifestFiles.read(arguments.operands(), terminal.in());
    reporter.complain(read.complaints());
    reporter.complain(PolicySet.of(read.objects(), "").complaints());
    PolicyMigration migration =
        PolicyMigration.of(read.objects().stream().map(SourcedObject::object).toList());
    if (migration instanceof PolicyMigration.Conflicting(List<Conflict> conflicts)) {
      reporter.complain(complaints(conflicts, read.objects()));
    }
    // Half a conversion, applied, would be another policy.
    if (reporter.code() != ExitCode.OK || !(migration instanceof PolicyMigration.Converted made)) {
      return reporter.code();
    }
    read.objects().forEach(each -> PolicySet.oddKeys(each).forEach(reporter::note));
    made.notes().forEach(reporter::note);
    for (ConvertedObject object : made.objects()) {
      object.differences().forEach(difference -> reporter.note(object.label() + ": " + difference));
    }
    if (made.objects().isEmpty()) {
      reporter.complain(
          List.of(
              new Diagnostic(
                  "nothing to convert in "
                      + String.join(", ", arguments.operands())
                      + ": no PodSecurityPolicy with a seccomp annotation, and no role that grants"
                      + " the use of one, that is not converted already",
                  ExitCode.REFUSED)));
      return reporter.code();
    }
    ManifestOutput.print(documents(made), format, terminal.out());
    return reporter.code();
  }

  private static List<Diagnostic> complaints(
      List<Conflict> conflicts, List<SourcedObject> sourced) {
    // By identity: two files may hold the same object.
    IdentityHashMap<KubernetesObject, String> places = new IdentityHashMap<>();
    sourced.forEach(each -> places.put(each.object(), each.place(each.object().at())));
    List<Diagnostic> complaints = new ArrayList<>();
    for (Conflict conflict : conflicts) {
      KubernetesObject first = conflict.first();
      complaints.add(
          new Diagnostic(
              places.getOrDefault(conflict.object(), "")
                  + ": "
                  + conflict.text()
                  + (first == null
                      ? ""
                      : "; first at " + places.getOrDefault(first, "") + ". Remove one of them"),
              ExitCode.REFUSED));
    }
    return complaints;
  }

  private static List<YamlWriter.Document> documents(PolicyMigration.Converted made) {
    List<YamlWriter.Document> documents = new ArrayList<>();
    for (ConvertedObject object : made.objects()) {
      List<String> comments = new ArrayList<>();
      if (documents.isEmpty()) {
        comments.add(
            "Made by portcullis policy convert. Read the differences before you apply it.");
        made.notes().forEach(note -> comments.add("* " + note));
        comments.add("");
      }
      comments.add("From " + object.from() + ".");
      object.differences().forEach(difference -> comments.add("* " + difference));
      documents.add(new YamlWriter.Document(comments, object.object().manifest()));
    }
    return documents;
  }
}

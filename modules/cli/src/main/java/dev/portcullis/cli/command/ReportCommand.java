package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CatalogueFiles;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterSource;
import dev.portcullis.cli.input.PodSurvey;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.input.RefusedCallFiles;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.ReportForm;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.StockOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.cli.result.ReportAssembly;
import dev.portcullis.cli.result.ReportBasis;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.profiles.exposure.VulnerabilityReader;
import dev.portcullis.report.HtmlPage;
import dev.portcullis.report.MarkdownText;
import dev.portcullis.report.OpenReports;
import dev.portcullis.report.ReportDocument;
import dev.portcullis.report.SeccompReport;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `portcullis report`
final class ReportCommand {
  private static final Option RUNTIME_DEFAULT =
      ExposureOptions.RUNTIME_DEFAULT.meaning(
          "the profile that runtime/default stands for (default: containerd/default; in a cluster,"
              + " that of each node's runtime)");

  private static final Option DENIALS =
      Option.values(
              "denials",
              "PATH",
              "what nodes refused: portcullis node denials -o json of each; may be repeated")
          .taking(Values.FILES);
  private static final Option NODE =
      Option.value(
          "node",
          "NAME",
          "with --cluster and no files: the pods of this node alone (default: all)");

  static final Verb VERB =
      new Verb(
          "report",
          new Help(
              "write a page about what runs under which profile",
              List.of("FILE|DIR|-... [options]", "--cluster [-n NAMESPACE] [options]"),
              "One page, for decision makers: which containers have a filter today and with"
                  + " Portcullis, what to do first, what runs in each namespace, what each profile"
                  + " lets through and how it compares with the default, which vulnerabilities of"
                  + " the kernel are reached, which calls nodes refused, and who may use which"
                  + " profile. It needs no network and no script.",
              List.of(
                  new Help.Example(
                      "report examples --policy examples/policies --output-file report.html",
                      "of files, as a page"),
                  new Help.Example("report examples/workloads -o markdown", "as text"),
                  new Help.Example(
                      "report --cluster --denials denials --output-file report.html",
                      "of a cluster, with the calls that its nodes refused")),
              Map.of(
                  ExitCode.OK,
                  "written, whatever it says",
                  ExitCode.REFUSED,
                  "a file or a policy is wrong, or there is no pod"),
              "report.md"),
          Grammar.of(
                  Stream.of(
                          List.of(
                              RUNTIME_DEFAULT,
                              ExposureOptions.CATALOGUE,
                              ClusterOptions.ALL_NAMESPACES,
                              NODE,
                              ExposureOptions.PROFILES_NAMESPACE,
                              DENIALS),
                          OutputOptions.NEW_FILE,
                          JudgeOptions.ALL,
                          List.of(StockOptions.KUBERNETES, StockOptions.SECCOMP_DEFAULT),
                          FilterOptions.ALL,
                          RuntimeOptions.ALL,
                          List.of(ReportForm.OPTION))
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(Values.FILES)),
          ReportCommand::run);

  private static final Pattern NODE_NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  private static final SubjectFilter NO_DEFAULT = new SubjectFilter.Unknown("not asked");

  private ReportCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    boolean running = ClusterOptions.requireFilesOrCluster(arguments, "report");
    if (!running && arguments.has(ExposureOptions.PROFILES_NAMESPACE)) {
      throw new UsageException(
          ExposureOptions.PROFILES_NAMESPACE.text() + " is for --cluster without files");
    }
    String node = node(arguments, running);
    ReportForm form = ReportForm.of(arguments);
    NewFile file = NewFile.of(arguments);
    Reporter reporter = new Reporter(terminal);
    SyscallTable table = SyscallTable.ofThisMachine();
    CatalogueFiles catalogue =
        CatalogueFiles.read(
            arguments, new VulnerabilityReader(ChangeReader.of(table)), terminal.in());
    reporter.complain(catalogue.complaints());
    PreparedJudge made = PreparedJudge.read(arguments, terminal.in());
    reporter.complain(made.complaints());
    StockKubernetes today = StockOptions.kubernetes(arguments);
    ReportBasis basis = new ReportBasis(arguments, made);
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Judge judge = made.judge();
    List<Diagnostic> wrong =
        Stream.concat(catalogue.complaints().stream(), made.complaints().stream()).toList();
    if (judge == null || !wrong.isEmpty()) {
      // A program gets its document, too, with the errors.
      if (form.isDocument()) {
        file.write(
            text(ReportAssembly.failed(basis.of(today, NO_DEFAULT, now), wrong), form, now),
            terminal);
      }
      return reporter.code();
    }
    FilterSource source = FilterSource.ofThatRuntime(List.of(), arguments, terminal.in());
    PodSurvey survey;
    List<String> notes = new ArrayList<>(made.notes());
    if (running) {
      try (ClusterConnection connection = ClusterOptions.open(arguments)) {
        int minor = connection.minorVersion();
        today = StockOptions.running(arguments, minor);
        notes.addAll(StockOptions.notes(today, minor));
        survey = PodSurvey.ofCluster(connection, arguments, node, judge, today, source);
        basis = basis.ofCluster(connection.server(), node);
      }
    } else {
      survey = PodSurvey.ofFiles(arguments, judge, today, source, terminal.in());
    }
    RefusedCallFiles refused =
        arguments.has(DENIALS)
            ? RefusedCallFiles.read(arguments.values(DENIALS), terminal.in())
            : null;
    reporter.complain(survey.complaints());
    if (refused != null) {
      reporter.complain(refused.complaints());
    }
    if (survey.pods().isEmpty() && !form.isDocument()) {
      return reporter.code();
    }
    notes.addAll(survey.notes());
    SeccompReport report =
        ReportAssembly.of(
            survey,
            basis.of(today, survey.runtimeDefault(), now),
            made.policies(),
            catalogue.catalogue().entries(),
            source.target().architecture(),
            table,
            refused,
            notes);
    file.write(text(report, form, now), terminal);
    if (form == ReportForm.OPENREPORTS) {
      for (String namespace : OpenReports.impossible(report)) {
        reporter.note("namespace \"" + namespace + "\" has no valid name, and is left out");
      }
    }
    return reporter.code();
  }

  /// Null for all nodes.
  private static @Nullable String node(Arguments arguments, boolean running) throws UsageException {
    String node = arguments.value(NODE);
    if (node != null && !running) {
      throw new UsageException(NODE.text() + " is for --cluster without files");
    }
    if (node != null && !NODE_NAME.matcher(node).matches()) {
      throw new UsageException(
          NODE.text() + " \"" + node + "\" is no name of a node; kubectl get nodes lists them");
    }
    return node;
  }

  private static String text(SeccompReport report, ReportForm form, Instant now) {
    return switch (form) {
      case HTML -> HtmlPage.of(report);
      case MARKDOWN -> MarkdownText.of(report);
      case JSON -> JsonWriter.pretty(ReportDocument.of(report)) + "\n";
      case YAML -> YamlWriter.write(ReportDocument.of(report));
      case OPENREPORTS ->
          YamlWriter.stream(
              OpenReports.of(report, now.getEpochSecond()).stream()
                  .map(object -> new YamlWriter.Document(List.of(), object))
                  .toList());
    };
  }
}

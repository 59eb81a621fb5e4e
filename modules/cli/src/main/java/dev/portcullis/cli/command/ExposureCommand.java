package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CatalogueFiles;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureAnswers;
import dev.portcullis.cli.input.ExposureSubjects;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.FilterSource;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputForm;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.StockOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.CatalogueReport;
import dev.portcullis.cli.result.ExposureReport;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.exposure.CallNumbers;
import dev.portcullis.profiles.exposure.Catalogue;
import dev.portcullis.profiles.exposure.ClosingSearch;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.profiles.exposure.VulnerabilityReader;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `portcullis exposure`
final class ExposureCommand {
  private static final Pattern CVE = Pattern.compile("(?i)CVE-[0-9]{4}-[0-9]+");

  static final Verb VERB =
      new Verb(
          "exposure",
          new Help(
              "show which containers reach a vulnerability of the kernel",
              List.of(
                  "[ID...] FILE|DIR|-|PROFILE|pid:N|runtime/default... [options]",
                  "[ID...] --cluster [-n NAMESPACE] [options]",
                  "ID... --close [FILE|DIR|-...] [options]",
                  "[options]"),
              "Asks, of vulnerabilities in a catalogue, whether the filter and the rights of "
                  + "containers let them make the calls that reach it, which call that is, and "
                  + "which change of their profile closes it, proven stricter. Containers count "
                  + "as Kubernetes runs them today. Without ID, all vulnerabilities; with nothing "
                  + "to ask about, the catalogue is listed.",
              List.of(
                  new Help.Example(
                      "exposure CVE-2026-31431 examples/profiles/browser-sandbox.json",
                      "whether a profile lets AF_ALG sockets through"),
                  new Help.Example(
                      "exposure -o json examples/explorer.yaml", "all of them, for a pod"),
                  new Help.Example(
                      "exposure CVE-2026-31431 --close --runtime-default"
                          + " examples/profiles/browser-sandbox.json --policy"
                          + " examples/everybody.yaml",
                      "what makes a default without it the default of a cluster")),
              Map.of(
                  ExitCode.OK,
                  "all of it is closed, or the catalogue is listed",
                  ExitCode.REFUSED,
                  "something is reachable or not known, or input is wrong"),
              "exposure.md"),
          Grammar.of(
                  Stream.of(
                          List.of(
                              ExposureOptions.CATALOGUE,
                              ExposureOptions.RUNTIME_DEFAULT,
                              ExposureOptions.WITH_PORTCULLIS,
                              ClusterOptions.ALL_NAMESPACES,
                              ExposureOptions.PROFILES_NAMESPACE,
                              ExposureOptions.CLOSE,
                              ExposureOptions.EVERY_ARCHITECTURE),
                          OutputOptions.NEW_FILE,
                          JudgeOptions.ALL,
                          List.of(StockOptions.KUBERNETES, StockOptions.SECCOMP_DEFAULT),
                          FilterOptions.ALL,
                          RuntimeOptions.ALL,
                          List.of(OutputOptions.FINDING_OUTPUT))
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(FilterNames.FILTERS.or(ExposureCommand::words))),
          ExposureCommand::run);

  private ExposureCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    requireMeaning(arguments);
    OutputForm form = arguments.findingOutput();
    SyscallTable table = SyscallTable.ofThisMachine();
    ChangeReader calls = ChangeReader.of(table);
    CatalogueFiles files =
        CatalogueFiles.read(arguments, new VulnerabilityReader(calls), terminal.in());
    Reporter reporter = new Reporter(terminal);
    reporter.complain(files.complaints());
    if (reporter.code() != ExitCode.OK) {
      return failed(List.of(), files.complaints(), form, reporter, terminal);
    }
    List<String> operands = new ArrayList<>();
    List<Vulnerability> asked = asked(arguments.operands(), files.catalogue(), operands);
    boolean close = arguments.has(ExposureOptions.CLOSE);
    if (close && operands.size() == arguments.operands().size()) {
      throw new UsageException("--close needs the ID of a vulnerability; exposure lists them");
    }
    boolean ofCluster = operands.isEmpty() && arguments.has(PolicyOptions.CLUSTER);
    requireScope(arguments, ofCluster);
    boolean running = ofCluster && !close;
    if (operands.isEmpty() && !close && !running) {
      if (!arguments.operands().isEmpty()) {
        throw new UsageException(
            "exposure needs something to ask about: a file or directory of manifests, -, a profile,"
                + " runtime/default, pid:N, or --cluster for what runs there");
      }
      if (!(form instanceof OutputFormat format)) {
        throw new UsageException(
            OutputOptions.FINDING_OUTPUT.text()
                + " "
                + arguments.text(OutputOptions.FINDING_OUTPUT)
                + " needs something to ask about: without, the catalogue is listed");
      }
      new CatalogueReport(files.catalogue()).print(format, terminal);
      return ExitCode.OK;
    }
    PreparedJudge made =
        running && !arguments.has(ExposureOptions.WITH_PORTCULLIS)
            ? PreparedJudge.validityOnly(arguments)
            : PreparedJudge.read(arguments, terminal.in());
    reporter.complain(made.complaints());
    Judge judge = made.judge();
    if (judge == null) {
      return failed(asked, made.complaints(), form, reporter, terminal);
    }
    List<String> read =
        close && !arguments.has(ExposureOptions.RUNTIME_DEFAULT)
            ? List.of(ProfileName.RUNTIME_DEFAULT.text())
            : operands;
    FilterSource source = FilterSource.ofThatRuntime(read, arguments, terminal.in());
    CallNumbers numbers = new CallNumbers(source.target().architecture(), table);
    ClosingSearch search =
        new ClosingSearch(source.compiler(), source.dialect(), table, numbers, calls);
    if (close) {
      new EmergencyBrake(asked, operands, source, numbers, search, reporter)
          .pull(arguments, judge, terminal);
      return reporter.code();
    }
    ExposureSubjects.Found found =
        running
            ? ofCluster(arguments, judge, source)
            : ExposureSubjects.read(operands, arguments, judge, source, terminal.in());
    reporter.complain(found.complaints());
    if (found.subjects().isEmpty()) {
      failed(asked, found.complaints(), form, reporter, terminal);
    } else {
      ExposureReport report =
          new ExposureReport(
              ExposureAnswers.of(found.subjects(), asked, numbers, search),
              found.how(),
              found.leftOut(),
              found.complaints());
      report.print(form, terminal);
      if (report.open()) {
        reporter.worsen(ExitCode.REFUSED);
      }
    }
    found.leftOut().forEach(each -> reporter.note(each.text()));
    found.notes().forEach(reporter::note);
    if (arguments.has(ExposureOptions.WITH_PORTCULLIS)) {
      made.notes().forEach(reporter::note);
    }
    return reporter.code();
  }

  /// Where nothing can be asked, a program gets its document, too, with the errors.
  private static ExitCode failed(
      List<Vulnerability> asked,
      List<Diagnostic> errors,
      OutputForm form,
      Reporter reporter,
      Terminal terminal) {
    if (!(form instanceof OutputFormat format && format.forPeople())) {
      ExposureReport.failed(asked, errors).print(form, terminal);
    }
    return reporter.code();
  }

  /// What can be listed of the operands.
  private static List<String> words() {
    return Stream.concat(
            Catalogue.builtIn(
                    new VulnerabilityReader(ChangeReader.of(SyscallTable.ofThisMachine())))
                .entries()
                .stream()
                .map(Vulnerability::id),
            FilterNames.FILTERS.words().get().stream())
        .toList();
  }

  private static void requireMeaning(Arguments arguments) throws UsageException {
    boolean close = arguments.has(ExposureOptions.CLOSE);
    boolean with = close || arguments.has(ExposureOptions.WITH_PORTCULLIS);
    for (var option :
        List.of(ExposureOptions.EVERY_ARCHITECTURE, OutputOptions.FILE, OutputOptions.OVERWRITE)) {
      if (!close && arguments.has(option)) {
        throw new UsageException(option.text() + " is about --close, which is not given");
      }
    }
    if (close && arguments.has(OutputOptions.FINDING_OUTPUT)) {
      throw new UsageException("--close prints YAML; leave --output out");
    }
    for (var option : List.of(PolicyOptions.POLICY, JudgeOptions.AS)) {
      if (!with && arguments.has(option)) {
        throw new UsageException(
            option.text() + " is about what Portcullis admits; give --with-portcullis, too");
      }
    }
    for (var option : List.of(StockOptions.KUBERNETES, StockOptions.SECCOMP_DEFAULT)) {
      if (with && arguments.has(option)) {
        throw new UsageException(
            option.text() + " is about how pods run today; leave --with-portcullis out");
      }
    }
  }

  /// @param running whether the pods of a cluster are asked about
  private static void requireScope(Arguments arguments, boolean running) throws UsageException {
    ClusterOptions.requireOneScope(arguments, running);
    if (running) {
      return;
    }
    if (arguments.has(ExposureOptions.PROFILES_NAMESPACE)
        && !arguments.has(ExposureOptions.CLOSE)) {
      throw new UsageException(
          ExposureOptions.PROFILES_NAMESPACE.text()
              + " is for --cluster without files, or --close");
    }
    if (arguments.has(PolicyOptions.CLUSTER)
        && !arguments.has(ExposureOptions.CLOSE)
        && !arguments.has(ExposureOptions.WITH_PORTCULLIS)) {
      throw new UsageException(
          "--cluster beside files is about what Portcullis admits; give --with-portcullis, too, or"
              + " leave the files out");
    }
  }

  private static ExposureSubjects.Found ofCluster(
      Arguments arguments, Judge judge, FilterSource source) throws UsageException, IOException {
    try (ClusterConnection connection = ClusterOptions.open(arguments)) {
      return ExposureSubjects.ofCluster(connection, arguments, judge, source);
    }
  }

  /// The vulnerabilities that are named; all where none is.
  ///
  /// @param others gets the operands that name none
  private static List<Vulnerability> asked(
      List<String> operands, Catalogue catalogue, List<String> others) throws UsageException {
    List<Vulnerability> asked = new ArrayList<>();
    for (String operand : operands) {
      Vulnerability named = catalogue.find(operand).orElse(null);
      if (named != null) {
        asked.add(named);
      } else if (CVE.matcher(operand).matches()) {
        List<String> known = catalogue.entries().stream().map(Vulnerability::id).toList();
        throw new UsageException(
            "the catalogue does not have "
                + operand
                + NearestOption.hint(operand, "", known)
                + "; portcullis exposure lists it, --catalogue adds to it");
      } else {
        others.add(operand);
      }
    }
    return asked.isEmpty() ? catalogue.entries() : asked.stream().distinct().toList();
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.input.ProfilePresence;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.FailOn;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputForm;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.StockOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.options.Verbosity;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.CheckReport;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.resolve.StockKubernetes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// `portcullis check`
final class CheckCommand {
  private static final Option ALLOW_NONE =
      Option.flag("allow-none", "do not fail if a file has no pod: for files that a hook chooses");

  private static final Option EXPLAIN =
      Option.flag(
          "explain",
          "show where each profile is named, and which policies there are for whom; with -q, of the"
              + " pods that are refused");

  static final Verb VERB =
      new Verb(
          "check",
          new Help(
              "show which pods would be admitted, and with which profiles",
              List.of("FILE|DIR|-... [options]", "--cluster [-n NAMESPACE] [options]"),
              "Decides as the webhook would: about pods, and about the pods that workloads "
                  + "would make. It also shows what Kubernetes without Portcullis does with "
                  + "each container. Without --policy or --cluster, it shows only whether the pods are "
                  + "valid. It contacts a cluster only with --cluster; without files, it "
                  + "judges the pods that run there.",
              List.of(
                  new Help.Example(
                      "check examples/", "which pods are valid, and the profile of each container"),
                  new Help.Example(
                      "check --policy examples/policies --as ann --as-group developers examples/",
                      "which pods ann might create"),
                  new Help.Example(
                      "check --kubernetes 1.26 --fail-on unconfined-today examples/",
                      "whether a container would run without a filter on Kubernetes 1.26")),
              Map.of(
                  ExitCode.OK,
                  "every pod is admitted",
                  ExitCode.REFUSED,
                  "a pod is refused, there is none, a file is wrong, or what --fail-on names"),
              "policy.md"),
          Grammar.of(
                  Stream.concat(JudgeOptions.ALL.stream(), Verbosity.OPTIONS.stream()).toList(),
                  StockOptions.KUBERNETES,
                  StockOptions.SECCOMP_DEFAULT,
                  FailOn.OPTION,
                  ClusterOptions.ALL_NAMESPACES,
                  ALLOW_NONE,
                  EXPLAIN,
                  OutputOptions.FINDING_OUTPUT)
              .taking(Operands.many(Values.FILES)),
          CheckCommand::run);

  private CheckCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    boolean running = ClusterOptions.requireFilesOrCluster(arguments, "check");
    OutputForm form = arguments.findingOutput();
    if (arguments.has(EXPLAIN) && !(form instanceof OutputFormat)) {
      throw new UsageException(
          EXPLAIN.text() + " has no place in this output format; use table, wide, json or yaml");
    }
    Verbosity verbosity = Verbosity.read(arguments);
    StockKubernetes stock = StockOptions.kubernetes(arguments);
    Set<FailOn> failOn = FailOn.read(arguments);
    Reporter reporter = new Reporter(terminal);
    PreparedJudge made = PreparedJudge.read(arguments, terminal.in());
    reporter.complain(made.complaints());
    Judge judge = made.judge();
    if (judge == null) {
      // A program gets its document, too, with the errors.
      if (!(form instanceof OutputFormat format && format.forPeople())) {
        new CheckReport(List.of(), 0, stock, made.complaints(), failOn, verbosity, null)
            .print(form, terminal);
      }
      return reporter.code();
    }
    JudgedPods judged;
    if (running) {
      try (ClusterConnection connection = ClusterOptions.open(arguments)) {
        int minor = connection.minorVersion();
        stock = StockOptions.running(arguments, minor);
        StockOptions.notes(stock, minor).forEach(reporter::note);
        judged = JudgedPods.ofCluster(connection, PolicyOptions.namespace(arguments), judge);
      }
    } else {
      judged =
          JudgedPods.read(arguments.operands(), terminal.in(), judge, !arguments.has(ALLOW_NONE));
    }
    reporter.complain(judged.complaints());
    List<JudgedPod> pods = judged.pods();
    if (arguments.has(ProfileRootOptions.SECCOMP_PROFILE_ROOT)
        || arguments.has(ProfileRootOptions.ROOT_DIR)) {
      ProfilePresence presence =
          new ProfilePresence(new ProfileRoot(ProfileRootOptions.profileRoot(arguments)));
      pods = pods.stream().map(presence::warned).toList();
    }
    CheckReport report =
        new CheckReport(
            pods,
            judged.others().size() + judged.foreign(),
            stock,
            judged.complaints(),
            failOn,
            verbosity,
            arguments.has(EXPLAIN) ? made.explainer() : null);
    report.print(form, terminal);
    if (verbosity != Verbosity.QUIET) {
      made.notes().forEach(reporter::note);
      judged.notes().forEach(reporter::note);
    }
    if (judged.pods().isEmpty() && judged.complaints().isEmpty() && !arguments.has(ALLOW_NONE)) {
      reporter.complain(
          List.of(JudgedPods.none(running ? List.of("the cluster") : arguments.operands())));
    }
    if (!judged.allAdmitted()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    for (FailOn what : failOn) {
      String found = report.found(what);
      if (!found.isEmpty()) {
        reporter.complain(
            List.of(
                new Diagnostic(
                    FailOn.OPTION.text() + " " + what.text() + ": " + found, ExitCode.REFUSED)));
      }
    }
    return reporter.code();
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.PolicySet;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.input.PolicyTable;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputForm;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.PolicyTestReport;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.expectation.CaseResult;
import dev.portcullis.pods.expectation.PolicyCase;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `portcullis policy test`
final class PolicyTestCommand {
  static final Verb VERB =
      new Verb(
          "policy test",
          new Help(
              "check that policies allow and refuse what a table of cases expects",
              List.of("FILE... [--policy PATH...|--cluster] [options]"),
              "FILE lists cases as YAML: a pod, a user, and whether it is expected to be "
                  + "allowed. The policies are those that it names, or those of --policy or "
                  + "--cluster instead.",
              List.of(
                  new Help.Example(
                      "policy test examples/policies-test.yaml", "with the policies that it names"),
                  new Help.Example(
                      "policy test examples/policies-test.yaml --policy examples/policies -o json",
                      "with others, for a program")),
              Map.of(
                  ExitCode.OK,
                  "all cases pass",
                  ExitCode.REFUSED,
                  "a case fails, or a file is wrong"),
              "policy.md"),
          Grammar.of(
                  List.of(
                      PolicyOptions.POLICY,
                      PolicyOptions.CLUSTER,
                      ClusterOptions.KUBECONFIG,
                      ClusterOptions.CONTEXT),
                  JudgeOptions.DEFAULT_PROFILE,
                  JudgeOptions.TRUST_WINDOWS_PODS,
                  ProfileRootOptions.ROOT_DIR,
                  ProfileRootOptions.SECCOMP_PROFILE_ROOT,
                  OutputOptions.FINDING_OUTPUT)
              .taking(Operands.many(Values.FILES)),
          PolicyTestCommand::run);

  private PolicyTestCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands("policy test needs a file with cases");
    OutputForm form = arguments.findingOutput();
    ProfileName clusterDefault = JudgeOptions.defaultProfile(arguments);
    Strictness strictness = PreparedJudge.strictness(arguments);
    Leniency leniency = new Leniency(false, arguments.has(JudgeOptions.TRUST_WINDOWS_PODS));
    PolicySource chosen = PolicySource.read(arguments, terminal.in());
    Reporter reporter = new Reporter(terminal);
    Set<String> notes = new LinkedHashSet<>();
    List<PolicyTestReport.Line> lines = new ArrayList<>();
    List<Diagnostic> errors = new ArrayList<>();
    for (String file : arguments.operands()) {
      PolicyTable table = PolicyTable.read(file);
      reporter.complain(table.complaints());
      errors.addAll(table.complaints());
      if (!table.complaints().isEmpty()) {
        continue;
      }
      if (chosen == null && table.policies().isEmpty()) {
        throw new UsageException(
            file
                + " names no policies; add the list policies to it, or give --policy or --cluster");
      }
      PolicySet set =
          chosen == null
              ? PolicySet.ofFiles(table.policies(), "default", InputStream.nullInputStream())
              : chosen.set();
      reporter.complain(set.complaints());
      errors.addAll(set.complaints());
      if (!set.complaints().isEmpty()) {
        continue;
      }
      notes.addAll(set.notes());
      Policies policies = Policies.of(set.policies());
      for (PolicyTable.WithPod each : table.cases()) {
        PolicyCase policyCase = each.policyCase();
        Judge judge =
            new Judge(
                new PolicyScope.PoliciesForUser(
                    policies,
                    Grants.known(set.rbac()::mayUse),
                    strictness,
                    User.requesting(policyCase.user(), policyCase.groups())),
                clusterDefault,
                policyCase.namespace() == null ? "default" : policyCase.namespace(),
                Judge.Place.FILE,
                leniency);
        lines.add(
            new PolicyTestReport.Line(file, CaseResult.of(policyCase, judge.judge(each.pod()))));
      }
    }
    // Half a table would pass without the cases that cannot be read.
    if (reporter.code() != ExitCode.OK) {
      if (!(form instanceof OutputFormat format && format.forPeople())) {
        new PolicyTestReport(List.of(), errors).print(form, terminal);
      }
      return reporter.code();
    }
    PolicyTestReport report = new PolicyTestReport(lines, List.of());
    report.print(form, terminal);
    notes.forEach(reporter::note);
    if (report.failed() > 0) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }
}

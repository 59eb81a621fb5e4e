package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.PolicySet;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileNameArgument;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.WhoCanReport;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.WhoCan;
import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis policy who-can`
final class PolicyWhoCanCommand {
  static final Verb VERB =
      new Verb(
          "policy who-can",
          new Help(
              "show who may use a profile, and by which grant",
              List.of("use PROFILE [-n NAMESPACE] --policy PATH...|--cluster [options]"),
              "PROFILE is runtime/default, unconfined or localhost/<path>. Names users, "
                  + "groups and service accounts, and the grants that let them.",
              List.of(
                  new Help.Example(
                      "policy who-can use localhost/batch/no-network.json --policy "
                          + "examples/policies",
                      "by policies and RBAC in files"),
                  new Help.Example(
                      "policy who-can use unconfined -n default --policy examples/policies -o json",
                      "for pods of a namespace, for a program"),
                  new Help.Example(
                      "policy who-can use unconfined --cluster",
                      "by those of the cluster that kubectl would ask")),
              Map.of(
                  ExitCode.OK,
                  "somebody may",
                  ExitCode.REFUSED,
                  "nobody may, or a policy is wrong"),
              "policy.md"),
          Grammar.of(
                  PolicyOptions.ALL,
                  JudgeOptions.DEFAULT_PROFILE,
                  ProfileRootOptions.ROOT_DIR,
                  ProfileRootOptions.SECCOMP_PROFILE_ROOT,
                  OutputOptions.OUTPUT)
              .taking(Operands.of(Values.oneOf(List.of("use")), ProfileNameArgument.VALUES)),
          PolicyWhoCanCommand::run);

  private PolicyWhoCanCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    ProfileName profile = profile(arguments.operands());
    ProfileName clusterDefault = JudgeOptions.defaultProfile(arguments);
    Strictness strictness = PreparedJudge.strictness(arguments);
    OutputFormat format = arguments.output();
    PolicySource source = PolicySource.read(arguments, terminal.in());
    if (source == null) {
      throw new UsageException(
          "policy who-can needs --policy PATH or --cluster, to read policies and RBAC objects");
    }
    Reporter reporter = new Reporter(terminal);
    PolicySet set = source.set();
    String namespace = source.namespace();
    reporter.complain(set.complaints());
    if (!set.complaints().isEmpty()) {
      return reporter.code();
    }
    WhoCan who =
        WhoCan.use(profile, namespace, clusterDefault, set.policies(), set.rbac(), strictness);
    WhoCanReport report =
        new WhoCanReport(profile, namespace, clusterDefault, set.policies().isEmpty(), who);
    report.print(format, terminal);
    set.notes().forEach(reporter::note);
    if (!report.somebody()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }

  private static ProfileName profile(List<String> operands) throws UsageException {
    if (operands.size() != 2 || !operands.getFirst().equals("use")) {
      boolean profileOnly = operands.size() == 1 && !operands.getFirst().equals("use");
      throw new UsageException(
          "policy who-can needs \"use\" and a profile: policy who-can use "
              + (profileOnly ? operands.getFirst() : "PROFILE")
              + " --policy PATH");
    }
    return ProfileNameArgument.read("", operands.getLast());
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.PolicySet;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileNameArgument;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.WhoCanReport;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.WhoCan;
import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `portcullis policy who-can`
final class PolicyWhoCanCommand implements Command {
  @Override
  public String name() {
    return "policy who-can";
  }

  @Override
  public String summary() {
    return "say who may run pods under a profile, and by which grant";
  }

  @Override
  public String usage() {
    return "use PROFILE [-n NAMESPACE] --policy PATH...|--cluster [options]";
  }

  @Override
  public Grammar grammar() {
    List<Option> options = new ArrayList<>(PolicyOptions.ALL);
    options.add(JudgeOptions.DEFAULT_PROFILE);
    options.add(ProfileRootOptions.ROOT_DIR);
    options.add(ProfileRootOptions.SECCOMP_PROFILE_ROOT);
    options.add(OutputOptions.OUTPUT);
    return new Grammar(options);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    ProfileName profile = profile(arguments.operands());
    ProfileName clusterDefault = JudgeOptions.defaultProfile(arguments);
    Strictness strictness = PreparedJudge.strictness(arguments);
    boolean table =
        switch (arguments.output()) {
          case TABLE -> true;
          case JSON -> false;
        };
    PolicySource source = PolicySource.read(arguments, terminal.in());
    if (source == null) {
      throw new UsageException(
          "policy who-can needs --policy or --cluster: who may what stands there");
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
    if (table) {
      report.table(terminal.out(), terminal.colour());
    } else {
      terminal.out().println(report.json());
    }
    set.notes().forEach(reporter::note);
    if (!report.somebody()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }

  private static ProfileName profile(List<String> operands) throws UsageException {
    if (operands.size() != 2 || !operands.getFirst().equals("use")) {
      throw new UsageException("write: policy who-can use PROFILE --policy PATH");
    }
    return ProfileNameArgument.read("", operands.getLast());
  }
}

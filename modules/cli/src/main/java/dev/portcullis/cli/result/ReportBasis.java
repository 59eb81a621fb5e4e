package dev.portcullis.cli.result;

import dev.portcullis.cli.input.PodSurvey;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.StockOptions;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.report.SeccompReport.Basis;
import dev.portcullis.report.SeccompReport.Commands;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a report rests on, by the options of the command.
///
/// @param server of the cluster that it is about; empty of files, and where nothing was asked there
/// @param node whose pods alone it is about; null for all
public record ReportBasis(
    Arguments arguments, PreparedJudge judge, String server, @Nullable String node) {
  private static final List<Option> POLICIES =
      List.of(
          PolicyOptions.POLICY,
          PolicyOptions.CLUSTER,
          ClusterOptions.KUBECONFIG,
          ClusterOptions.CONTEXT);

  private static final List<Option> EXPOSED =
      Stream.of(
              List.of(
                  PolicyOptions.NAMESPACE,
                  ExposureOptions.RUNTIME_DEFAULT,
                  ExposureOptions.PROFILES_NAMESPACE,
                  ExposureOptions.CATALOGUE,
                  StockOptions.KUBERNETES,
                  StockOptions.SECCOMP_DEFAULT),
              ProfileRootOptions.ALL)
          .flatMap(List::stream)
          .toList();

  /// About files.
  public ReportBasis(Arguments arguments, PreparedJudge judge) {
    this(arguments, judge, "", null);
  }

  /// The same about a cluster.
  public ReportBasis ofCluster(String address, @Nullable String named) {
    return new ReportBasis(arguments, judge, address, named);
  }

  /// The basis.
  ///
  /// @param runtimeDefault what `runtime/default` is
  /// @param now to the second
  public Basis of(StockKubernetes today, SubjectFilter runtimeDefault, Instant now) {
    PolicySource policies = judge.policies();
    boolean cluster = arguments.operands().isEmpty();
    return new Basis(
        subject(),
        cluster,
        "Kubernetes 1." + today.minor() + (today.seccompDefault() ? " with seccompDefault" : ""),
        runtimeDefault instanceof SubjectFilter.Known known && known.origin() != null
            ? known.origin().operand()
            : "",
        policies == null ? "" : policies.where(),
        requester(policies != null),
        now.toString(),
        Build.VERSION,
        new Commands(
            operands(),
            join(operands(), exposed(cluster)),
            join(operands(), words(JudgeOptions.ALL)),
            words(POLICIES)));
  }

  private String subject() {
    if (arguments.operands().isEmpty()) {
      return (node == null ? "" : "node " + node + " of ")
          + (server.isEmpty() ? "the cluster" : "the cluster at " + server);
    }
    return arguments.operands().stream()
        .map(each -> each.equals("-") ? "standard input" : each)
        .collect(Collectors.joining(", "));
  }

  private String operands() {
    return arguments.operands().stream().map(ExposureText::quoted).collect(Collectors.joining(" "));
  }

  private String exposed(boolean cluster) {
    if (cluster) {
      return join(words(POLICIES), words(EXPOSED));
    }
    // Without the option, exposure asks a runtime of the machine.
    String stand =
        arguments.has(ExposureOptions.RUNTIME_DEFAULT)
            ? ""
            : ExposureOptions.RUNTIME_DEFAULT.text() + " " + PodSurvey.STAND_IN;
    return join(words(EXPOSED), stand);
  }

  private static String join(String some, String more) {
    return (some + " " + more).strip();
  }

  /// Those of the options that were given, as they were.
  private String words(List<Option> options) {
    List<String> words = new ArrayList<>();
    for (Option option : options) {
      if (arguments.has(option)) {
        List<String> values = arguments.values(option);
        if (values.isEmpty()) {
          words.add(option.text());
        }
        values.forEach(each -> words.add(option.text() + " " + ExposureText.quoted(each)));
      }
    }
    return String.join(" ", words);
  }

  private String requester(boolean policies) {
    String user = arguments.value(JudgeOptions.AS);
    if (!policies) {
      return "not asked: without policies nobody needs a grant";
    }
    return user == null
        ? "not named: every policy counts as usable"
        : "user " + user + ", or the pod's service account";
  }
}

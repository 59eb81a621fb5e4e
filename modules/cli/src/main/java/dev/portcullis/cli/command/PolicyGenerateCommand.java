package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.PolicySource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ManifestOutput;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.starter.ObservedPod;
import dev.portcullis.pods.starter.StarterPolicies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `portcullis policy generate`
final class PolicyGenerateCommand {
  private static final Option CLUSTER =
      PolicyOptions.CLUSTER.meaning("read the pods that run in the cluster of the kubeconfig");

  static final Verb VERB =
      new Verb(
          "policy generate",
          new Help(
              "make the first policies of a cluster from the pods that run in it",
              List.of("FILE|DIR|-... [--cluster] [options]", "--cluster [-n NAMESPACE] [options]"),
              "Prints a policy for everybody, with the default profile, and one for each further "
                  + "set of profiles, granted to the service accounts whose pods use it. Comments "
                  + "name the pods. check admits all of them with these policies.",
              List.of(
                  new Help.Example("policy generate examples/workloads", "from files, as YAML"),
                  new Help.Example(
                      "policy generate examples/default.yaml examples/override.yaml -n shop -o"
                          + " json",
                      "for a namespace, as JSON"),
                  new Help.Example("policy generate --cluster", "from the pods of a cluster")),
              Map.of(
                  ExitCode.OK,
                  "printed",
                  ExitCode.REFUSED,
                  "a file is wrong, there is no pod, or no policy can admit a pod"),
              "policy.md"),
          Grammar.of(
                  CLUSTER,
                  ClusterOptions.KUBECONFIG,
                  ClusterOptions.CONTEXT,
                  PolicyOptions.NAMESPACE.meaning(
                      "namespace of objects in files that name none (default: default); with --cluster,"
                          + " the only one that is read (default: all)"),
                  JudgeOptions.DEFAULT_PROFILE,
                  JudgeOptions.TRUST_WINDOWS_PODS,
                  ManifestFormat.OPTION)
              .taking(Operands.many(Values.FILES)),
          PolicyGenerateCommand::run);

  private PolicyGenerateCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    if (!arguments.has(CLUSTER)) {
      arguments.requireOperands(
          "policy generate needs a file, a directory, - for standard input, or --cluster");
      if (arguments.has(ClusterOptions.KUBECONFIG) || arguments.has(ClusterOptions.CONTEXT)) {
        throw new UsageException("--kubeconfig and --context require --cluster");
      }
    }
    ManifestFormat format = ManifestFormat.of(arguments);
    ProfileName clusterDefault = JudgeOptions.defaultProfile(arguments);
    Leniency leniency = new Leniency(false, arguments.has(JudgeOptions.TRUST_WINDOWS_PODS));
    Reporter reporter = new Reporter(terminal);
    List<JudgedPod> judged = new ArrayList<>();
    for (JudgedPods source : sources(arguments, terminal, clusterDefault, leniency)) {
      reporter.complain(source.complaints());
      source.notes().forEach(reporter::note);
      judged.addAll(source.pods());
    }
    if (judged.isEmpty() && reporter.code() == ExitCode.OK) {
      reporter.complain(
          List.of(
              JudgedPods.none(
                  arguments.operands().isEmpty() ? List.of("the cluster") : arguments.operands())));
    }
    // Policies from a part of the pods would refuse the others.
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    List<ObservedPod> pods = judged.stream().map(PolicyGenerateCommand::observed).toList();
    switch (StarterPolicies.of(pods, clusterDefault, leniency)) {
      case StarterPolicies.TooMany(String why) ->
          reporter.complain(List.of(new Diagnostic(why, ExitCode.REFUSED)));
      case StarterPolicies.Made(var objects, List<StarterPolicies.LeftOut> leftOut) -> {
        List<YamlWriter.Document> documents = new ArrayList<>();
        objects.forEach(object ->
            documents.add(new YamlWriter.Document(object.comments(), object.object().manifest())));
        ManifestOutput.print(documents, format, terminal.out());
        for (StarterPolicies.LeftOut each : leftOut) {
          reporter.complain(
              List.of(
                  new Diagnostic(
                      each.pod().text() + " is left out, as no policy can admit it: " + each.why(),
                      ExitCode.REFUSED)));
        }
      }
    }
    return reporter.code();
  }

  /// The files, and the cluster.
  private static List<JudgedPods> sources(
      Arguments arguments, Terminal terminal, ProfileName clusterDefault, Leniency leniency)
      throws UsageException, IOException {
    Judge judge =
        StarterPolicies.everythingAllowed(
            clusterDefault, PolicySource.namespace(arguments), leniency);
    List<JudgedPods> sources = new ArrayList<>();
    if (!arguments.operands().isEmpty()) {
      sources.add(JudgedPods.read(arguments.operands(), terminal.in(), judge));
    }
    if (arguments.has(CLUSTER)) {
      try (ClusterConnection connection = ClusterOptions.open(arguments)) {
        sources.add(JudgedPods.ofCluster(connection, PolicyOptions.namespace(arguments), judge));
      }
    }
    return sources;
  }

  private static ObservedPod observed(JudgedPod pod) {
    return new ObservedPod(pod.judgement(), pod.place(pod.judgement().pod().object().at()));
  }
}

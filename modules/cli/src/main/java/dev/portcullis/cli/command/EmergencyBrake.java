package dev.portcullis.cli.command;

import dev.portcullis.admission.cluster.ClusterObjects;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.ClosedDefault;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureSubjects;
import dev.portcullis.cli.input.FilterOrigin;
import dev.portcullis.cli.input.FilterSource;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.ManifestFiles;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ClosingManifests;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.profiles.exposure.CallNumbers;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.ClosingSearch;
import dev.portcullis.profiles.exposure.Privileges;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.ReachAnalysis;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.seccomp.bpf.Filters;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `portcullis exposure ID --close`: the default of a cluster, without what reaches
/// vulnerabilities.
///
/// @param asked the vulnerabilities
/// @param operands manifests of pods that it concerns
record EmergencyBrake(
    List<Vulnerability> asked,
    List<String> operands,
    FilterSource source,
    CallNumbers numbers,
    ClosingSearch search,
    Reporter reporter) {
  private static final String RUNTIME_DEFAULT = "runtime/default";

  /// Prints it, or complains.
  void pull(Arguments arguments, Judge judge, Terminal terminal)
      throws UsageException, IOException {
    if (arguments.values(PolicyOptions.POLICY).contains("-")) {
      throw new UsageException("--close cannot read policies from standard input; name a file");
    }
    String namespace =
        Objects.requireNonNull(
            ClusterProfileOptions.namespace(arguments, ExposureOptions.PROFILES_NAMESPACE));
    NewFile file = NewFile.of(arguments);
    ClosingChange closing = closing(arguments);
    if (closing == null) {
      return;
    }
    JudgedPods pods = pods(arguments, judge, terminal);
    reporter.complain(pods.complaints());
    List<KubernetesObject> policies = policies(arguments, terminal);
    if (reporter.code() != ExitCode.OK) {
      return;
    }
    String base = arguments.value(ExposureOptions.RUNTIME_DEFAULT);
    boolean none = !arguments.has(PolicyOptions.CLUSTER) && !arguments.has(PolicyOptions.POLICY);
    ClosedDefault closed =
        ClosedDefault.of(base == null ? RUNTIME_DEFAULT : base, policies, none, pods.pods());
    file.write(new ClosingManifests(closing, closed, namespace).yaml(), terminal);
    if (!closing.whole()) {
      reporter.note(
          "programs of other architectures are not closed out; --every-architecture does that, and"
              + " takes more away");
    }
  }

  /// The pods that it concerns: of the files, else of the cluster.
  private JudgedPods pods(Arguments arguments, Judge judge, Terminal terminal)
      throws UsageException, IOException {
    if (!operands.isEmpty() || !arguments.has(PolicyOptions.CLUSTER)) {
      return JudgedPods.read(operands, terminal.in(), judge);
    }
    try (ClusterConnection connection = ClusterOptions.open(arguments)) {
      return JudgedPods.ofCluster(connection, arguments.value(PolicyOptions.NAMESPACE), judge);
    }
  }

  /// The change, which is proven; null where there is none, which is reported.
  private @Nullable ClosingChange closing(Arguments arguments) throws UsageException {
    Privileges privileges = new Privileges(source.target().capabilities(), true);
    return switch (ExposureSubjects.runtimeDefault(arguments, source)) {
      case SubjectFilter.Unknown(String why) -> refuse(why, ExitCode.WORLD);
      case SubjectFilter.Known(Filters filters, FilterOrigin origin) -> {
        Map<Vulnerability, Reach> open = new LinkedHashMap<>();
        ReachAnalysis.of(filters, privileges, asked, numbers)
            .forEach((vulnerability, reach) -> {
              if (reach.outcome() != Reach.Outcome.CLOSED) {
                open.put(vulnerability, reach);
              }
            });
        if (origin == null || open.isEmpty()) {
          reporter.note("runtime/default is closed already, and nothing is to do");
          yield null;
        }
        yield chosen(
            search.of(origin.profile(), filters, privileges, open),
            arguments.has(ExposureOptions.EVERY_ARCHITECTURE));
      }
    };
  }

  /// One change for all of them: half a brake is none.
  private @Nullable ClosingChange chosen(ClosingSearch.Found found, boolean everyArchitecture) {
    for (Map.Entry<Vulnerability, String> each : found.without().entrySet()) {
      return refuse(
          each.getKey().id()
              + ": no change of runtime/default is proven to close it: "
              + each.getValue(),
          ExitCode.REFUSED);
    }
    List<ClosingChange> all = found.closings();
    if (all.stream().map(each -> each.after().keySet()).distinct().count() > 1) {
      return refuse(
          "no single change closes all of these; name one vulnerability at a time",
          ExitCode.REFUSED);
    }
    ClosingChange last = all.getLast();
    if (everyArchitecture && !last.whole()) {
      return refuse(
          "no change is proven to close it on every architecture; leave --every-architecture out",
          ExitCode.REFUSED);
    }
    return everyArchitecture ? last : all.getFirst();
  }

  private @Nullable ClosingChange refuse(String why, ExitCode code) {
    reporter.complain(List.of(new Diagnostic(why, code)));
    return null;
  }

  private List<KubernetesObject> policies(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    if (arguments.has(PolicyOptions.CLUSTER)) {
      try (ClusterConnection connection = ClusterOptions.open(arguments)) {
        return ClusterObjects.policiesAndRbac(connection);
      }
    }
    ManifestFiles.Read read =
        ManifestFiles.read(arguments.values(PolicyOptions.POLICY), terminal.in());
    reporter.complain(read.complaints());
    return read.objects().stream().map(ManifestFiles.SourcedObject::object).toList();
  }
}

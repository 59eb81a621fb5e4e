package dev.portcullis.cli.command;

import dev.portcullis.cel.CompiledPolicies;
import dev.portcullis.cel.LostEffect;
import dev.portcullis.cel.PolicyTarget;
import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CompiledObjects;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ManifestFiles;
import dev.portcullis.cli.input.PolicySet;
import dev.portcullis.cli.input.ProvenProfiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.PolicyTargetOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ManifestOutput;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `portcullis policy compile`
final class PolicyCompileCommand {
  /// `kubectl apply` keeps the whole object in an annotation, and all annotations of an object have
  /// at most this many bytes.
  private static final int MOST_APPLIED = 262_144;

  private static final String NO_POLICY =
      "there is no policy, so pods may use the default alone; create one with portcullis policy"
          + " create, or give a directory that has policies";

  private static final Option PROFILES =
      Option.value(
              "profiles",
              "DIR",
              "contents of localhost/ profiles, to prove what stricterThan allows")
          .usually("none; with --cluster those of its ConfigMaps");
  private static final Option PROFILES_NAMESPACE =
      ClusterProfileOptions.PROFILES_NAMESPACE
          .meaning("with --cluster: the namespace of the ConfigMaps with profiles")
          .usually("portcullis-profiles");
  private static final Option STRICT =
      Option.flag("strict", "fail if decisions about pods would differ from the policies");
  private static final Option CHECK =
      Option.value(
              "check",
              "FILE",
              "compare with what was compiled before (- for standard input), and print nothing but"
                  + " the differences")
          .usually("nothing; the policies are printed");

  static final Verb VERB =
      new Verb(
          "policy compile",
          new Help(
              "compile policies to admission policies in CEL, which need no webhook",
              List.of("FILE|DIR|-... [options]", "--cluster [options]"),
              "Prints a MutatingAdmissionPolicy and ValidatingAdmissionPolicies with their "
                  + "bindings, by which the API server itself decides. Grants stay in RBAC. "
                  + "What they cannot express is listed on standard error.",
              List.of(
                  new Help.Example(
                      "policy compile examples/policies/seccomp-policy.yaml", "for kubectl apply"),
                  new Help.Example(
                      "policy compile --kubernetes 1.30 --mode warn examples/policies",
                      "without writing profiles into pods; warn only"),
                  new Help.Example(
                      "policy compile --cluster --strict", "fail if something is lost")),
              Map.of(
                  ExitCode.OK,
                  "compiled; with --check, the same as before",
                  ExitCode.REFUSED,
                  "a policy is wrong, too large, or loses meaning with --strict; with --check, "
                      + "compile again"),
              "without-webhook.md"),
          Grammar.of(
                  Stream.of(
                          List.of(
                              PolicyOptions.CLUSTER,
                              ClusterOptions.KUBECONFIG,
                              ClusterOptions.CONTEXT),
                          PolicyTargetOptions.ALL,
                          List.of(
                              PROFILES, PROFILES_NAMESPACE, STRICT, CHECK, ManifestFormat.OPTION))
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(Values.FILES)),
          PolicyCompileCommand::run);

  private PolicyCompileCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    boolean cluster = arguments.has(PolicyOptions.CLUSTER);
    refuseContradictions(arguments, cluster);
    PolicyTarget target = PolicyTargetOptions.read(arguments);
    ManifestFormat format = ManifestFormat.of(arguments);
    Reporter reporter = new Reporter(terminal);
    CompiledPolicies compiled =
        cluster
            ? ofCluster(arguments, target, reporter)
            : ofFiles(arguments, terminal, target, reporter);
    if (compiled == null) {
      return reporter.code();
    }
    reporter.complain(
        compiled.problems().stream()
            .map(problem -> new Diagnostic(problem, ExitCode.REFUSED))
            .toList());
    if (!compiled.problems().isEmpty()) {
      return reporter.code();
    }
    String before = arguments.value(CHECK);
    if (before != null) {
      check(before, compiled, terminal, reporter);
      return reporter.code();
    }
    tell(compiled, arguments.has(STRICT), reporter);
    ManifestOutput.print(
        compiled.objects().stream()
            .map(object -> new YamlWriter.Document(List.of(), object))
            .toList(),
        format,
        terminal.out());
    return reporter.code();
  }

  private static void refuseContradictions(Arguments arguments, boolean cluster)
      throws UsageException {
    if (cluster) {
      arguments.requireNoOperands();
      if (arguments.has(PROFILES)) {
        throw new UsageException(
            "--cluster takes the profiles from ConfigMaps, --profiles from files; give one of them");
      }
      return;
    }
    arguments.requireOperands(
        "policy compile needs a file, a directory, - for standard input, or --cluster");
    for (Option option :
        List.of(ClusterOptions.KUBECONFIG, ClusterOptions.CONTEXT, PROFILES_NAMESPACE)) {
      if (arguments.has(option)) {
        throw new UsageException(option.text() + " requires --cluster");
      }
    }
    if ("-".equals(arguments.value(CHECK)) && arguments.operands().contains("-")) {
      throw new UsageException("standard input is read once: for --check, or for the policies");
    }
  }

  private static @Nullable CompiledPolicies ofFiles(
      Arguments arguments, Terminal terminal, PolicyTarget target, Reporter reporter)
      throws UsageException, IOException {
    PolicySet set = PolicySet.ofFiles(arguments.operands(), "default", terminal.in());
    reporter.complain(set.complaints());
    if (!set.complaints().isEmpty()) {
      return null;
    }
    set.notes().forEach(reporter::note);
    Path profiles = arguments.path(PROFILES);
    if (profiles != null && !Files.isDirectory(profiles)) {
      throw new IOException(profiles + ": is not a directory");
    }
    ProvenProfiles proven = ProvenProfiles.NONE;
    if (ProvenProfiles.matter(set.policies())) {
      if (profiles == null) {
        reporter.note(
            "without --profiles, stricterThan allows only the profiles that it names, as no"
                + " content is known");
      } else {
        proven = ProvenProfiles.ofDirectory(set.policies(), profiles);
      }
    }
    return compiled(arguments, set, proven, target, reporter);
  }

  private static @Nullable CompiledPolicies ofCluster(
      Arguments arguments, PolicyTarget target, Reporter reporter)
      throws UsageException, IOException {
    String namespace = ClusterProfileOptions.namespace(arguments, PROFILES_NAMESPACE);
    try (ClusterConnection connection = ClusterOptions.open(arguments)) {
      PolicySet set = PolicySet.ofCluster(connection);
      set.notes().forEach(reporter::note);
      ProvenProfiles proven =
          ProvenProfiles.matter(set.policies()) && namespace != null
              ? ProvenProfiles.ofCluster(set.policies(), connection, namespace)
              : ProvenProfiles.NONE;
      return compiled(arguments, set, proven, target, reporter);
    }
  }

  private static CompiledPolicies compiled(
      Arguments arguments,
      PolicySet set,
      ProvenProfiles proven,
      PolicyTarget target,
      Reporter reporter) {
    if (set.policies().isEmpty()) {
      report(NO_POLICY, arguments.has(STRICT), reporter);
    }
    proven.notes().forEach(reporter::note);
    return CompiledPolicies.of(set.policies(), set.rbac(), proven.proven(), target);
  }

  private static void tell(CompiledPolicies compiled, boolean strict, Reporter reporter) {
    for (LostEffect lost : compiled.lost()) {
      if (!lost.verdicts()) {
        reporter.note("not compiled: " + lost.text());
      } else {
        report("not compiled: " + lost.text(), strict, reporter);
      }
    }
    if (compiled.objects().stream()
        .anyMatch(object -> JsonWriter.compact(object).length() > MOST_APPLIED / 2)) {
      reporter.note(
          "an object is too large for what kubectl apply keeps: use kubectl apply --server-side");
    }
  }

  private static void report(String warning, boolean strict, Reporter reporter) {
    if (strict) {
      reporter.complain(List.of(new Diagnostic(warning, ExitCode.REFUSED)));
    } else {
      reporter.warn(warning);
    }
  }

  private static void check(
      String file, CompiledPolicies compiled, Terminal terminal, Reporter reporter) {
    ManifestFiles.Read read = ManifestFiles.read(List.of(file), terminal.in());
    reporter.complain(read.complaints());
    if (!read.complaints().isEmpty()) {
      return;
    }
    CompiledObjects before = CompiledObjects.among(read.objects());
    CompiledObjects now = CompiledObjects.of(compiled.objects());
    List<String> differences = before.differences(now);
    if (differences.isEmpty()) {
      terminal.out().println("up to date: " + now.size() + " objects");
      return;
    }
    differences.forEach(
        difference -> reporter.complain(List.of(new Diagnostic(difference, ExitCode.REFUSED))));
    reporter.note(
        "compile again with the same options, and apply: policies, options, profiles or the version"
            + " of Portcullis are other ones");
  }
}

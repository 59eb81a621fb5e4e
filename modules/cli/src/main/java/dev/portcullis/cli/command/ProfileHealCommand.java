package dev.portcullis.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.DenialFiles;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.NodePodOptions;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.cli.result.HealReport;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.heal.HealCheck;
import dev.portcullis.seccomp.heal.HealPlan;
import dev.portcullis.seccomp.heal.HealProposal;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `portcullis profile heal`
final class ProfileHealCommand {
  private static final Option DENIALS =
      Option.values(
              "denials",
              "FILE",
              "what was refused: portcullis denials or node denials -o json, or the kernel's records of"
                  + " type 1326; may be repeated")
          .taking(Values.FILES);
  private static final Option ALLOW =
      Option.values("allow", "NAME", "allow what was refused for this call; may be repeated");
  private static final Option YES =
      Option.flag("yes", "allow all refused calls, except those with a warning");

  static final Verb VERB =
      new Verb(
          "profile heal",
          new Help(
              "allow the refused calls that you choose",
              List.of(
                  "PROFILE --denials FILE... [--yes] [--allow NAME]... [--output-file FILE|DIRECTORY]",
                  "PROFILE --pod NS/NAME [-c NAME] [--yes] [--allow NAME]... [--output-file"
                      + " FILE|DIRECTORY]"),
              "Shows which denials come from the profile, and the smallest change for each. "
                  + "Nothing is allowed that neither --yes nor --allow chooses. If the output is a"
                  + " directory, the file's name has a digest of its content.",
              List.of(
                  new Help.Example(
                      "profile heal web.json --denials denials.json", "look at what was refused"),
                  new Help.Example(
                      "profile heal web.json --denials denials.json --allow chmod --output-file .",
                      "allow it for one call, in a new version web-DIGEST.json"),
                  new Help.Example(
                      "profile heal web.json --pod shop/web-0",
                      "from what the agent of this node saw refused to a pod")),
              Map.of(
                  ExitCode.OK,
                  "the denials are shown, and the profile is written if calls are chosen",
                  ExitCode.REFUSED,
                  "a file is wrong, or no profile allows exactly what is chosen"),
              "heal.md"),
          Grammar.of(
                  Stream.of(
                          List.of(DENIALS, ALLOW, YES, OutputOptions.OUTPUT),
                          NodePodOptions.all(
                              "what portcullis node --denials saw refused to this pod of this"
                                  + " node, in place of --denials (default: none)"),
                          OutputOptions.NEW_FILE,
                          FilterOptions.ALL,
                          RuntimeOptions.ALL)
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.of(FilterNames.PROFILES)),
          ProfileHealCommand::run);

  private ProfileHealCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands(1, "profile heal needs a profile: profile heal FILE --denials FILE");
    List<String> files = arguments.values(DENIALS);
    boolean ofNode = NodePodOptions.of(arguments).pod() != null;
    if (files.isEmpty() != ofNode) {
      throw new UsageException(
          ofNode
              ? "--pod asks the agent of this node, and --denials reads files: give one of them"
              : "profile heal needs what was refused: --denials FILE, or --pod NAMESPACE/NAME on"
                  + " the node of the pod");
    }
    boolean chooses = arguments.has(YES) || !arguments.values(ALLOW).isEmpty();
    Path to = arguments.path(OutputOptions.FILE);
    if (to == null && chooses) {
      throw new UsageException("--yes and --allow choose what is written to --output-file");
    }
    if (to != null && !chooses) {
      throw new UsageException(
          "--output-file writes what is chosen, and nothing is: use --yes or --allow CALL");
    }
    boolean intoDirectory = to != null && Files.isDirectory(to);
    NewFile file = intoDirectory ? new NewFile(null, false) : NewFile.of(arguments);
    SyscallTable table = SyscallTable.ofThisMachine();
    ProfileSource source = ProfileSource.of(arguments, arguments.operands(), terminal.in());
    Dialect dialect = FilterOptions.dialect(arguments);
    Reporter reporter = new Reporter(terminal);
    ComposedInput input = ComposedInput.read(arguments.operands(), source);
    DenialFiles denials =
        ofNode ? PodDenials.read(arguments) : DenialFiles.read(files, terminal.in());
    reporter.complain(input.complaints());
    reporter.complain(denials.complaints());
    input.notes().forEach(reporter::note);
    if (denials.lost() > 0) {
      reporter.warn(
          "the files say that records are missing, cut off or not listed ("
              + denials.lost()
              + "): more may have been refused");
    }
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    NamedProfile named = input.profiles().getFirst();
    ChangedProfile.Setting setting =
        new ChangedProfile.Setting(dialect, source.target().architecture(), table, reporter);
    ChangedProfile origin = setting.compiled(named.name(), named.profile());
    if (origin == null) {
      return reporter.code();
    }
    HealPlan plan;
    switch (FilterSemantics.ask(
        List.of(origin.filters()),
        meanings ->
            HealPlan.of(
                denials.denials(),
                origin.profile(),
                meanings.getFirst(),
                table,
                setting.machine()))) {
      case Analysis.Understood(HealPlan made) -> plan = made;
      case Analysis.Undecided(String reason) -> {
        setting.refuse(named.name() + ": " + reason);
        return reporter.code();
      }
    }
    Map<String, List<String>> warnings = warnings(origin, plan, source.target(), setting);
    new HealReport(named.name(), plan, warnings, denials.lost())
        .print(arguments.output(), terminal);
    List<HealProposal> chosen = chosen(arguments, plan, warnings, reporter);
    if (!chooses || reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    if (chosen.isEmpty()) {
      reporter.note("nothing of it is chosen, and nothing is written");
      return reporter.code();
    }
    String text = healed(origin, chosen, setting, terminal);
    if (reporter.code() == ExitCode.OK) {
      (to != null && intoDirectory
              ? new NewFile(
                  to.toAbsolutePath().resolve(name(arguments.operands().getFirst(), text)),
                  arguments.has(OutputOptions.OVERWRITE))
              : file)
          .write(text, terminal);
    }
    return reporter.code();
  }

  private static List<HealProposal> chosen(
      Arguments arguments, HealPlan plan, Map<String, List<String>> warnings, Reporter reporter)
      throws UsageException {
    Set<String> named = new HashSet<>(arguments.values(ALLOW));
    for (String name : named) {
      if (plan.proposals().stream().noneMatch(each -> each.name().equals(name))) {
        throw new UsageException(
            "--allow "
                + name
                + ": the profile refused no such call; --allow takes names that are"
                + " listed above, without conditions");
      }
    }
    List<HealProposal> chosen = new ArrayList<>();
    for (HealProposal proposal : plan.proposals()) {
      if (named.contains(proposal.name())
          || (arguments.has(YES) && !warnings.containsKey(proposal.name()))) {
        chosen.add(proposal);
      } else if (arguments.has(YES)) {
        reporter.note(
            proposal.name()
                + " is left out because of the warning; to allow it, name it with"
                + " --allow");
      }
    }
    return chosen;
  }

  /// By the names of calls. What cannot be judged is reported, and has a warning, too.
  private static Map<String, List<String>> warnings(
      ChangedProfile origin, HealPlan plan, Target target, ChangedProfile.Setting setting) {
    List<ProfileEdit> all = edits(plan.proposals());
    ChangedProfile widest = all.isEmpty() ? null : origin.with(all, List.of(), setting);
    Map<String, List<String>> warnings =
        widest == null ? Map.of() : HealWarnings.of(plan, origin, widest, target, setting);
    return setting.reporter().code() == ExitCode.OK
        ? warnings
        : plan.proposals().stream()
            .map(HealProposal::name)
            .distinct()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    _ -> List.of("it is not known what a program can then use")));
  }

  private static List<ProfileEdit> edits(List<HealProposal> proposals) {
    return proposals.stream().flatMap(each -> each.edits().stream()).distinct().toList();
  }

  /// The text of the profile; empty where it is not as it should be, which is reported.
  private static String healed(
      ChangedProfile origin,
      List<HealProposal> chosen,
      ChangedProfile.Setting setting,
      Terminal terminal) {
    List<ProfileEdit> edits = edits(chosen);
    ChangedProfile healed = origin.with(edits, List.of(), setting);
    if (healed == null) {
      return "";
    }
    if (healed.checked(origin, edits, setting)
        instanceof Analysis.Understood(Comparison compared)) {
      new ComparisonReport("the healed profile", origin.name(), compared).table(terminal.toError());
    }
    for (HealedFilters pair : HealedFilters.of(origin, healed, setting)) {
      requireExact(pair, edits, setting);
    }
    if (setting.reporter().code() == ExitCode.OK) {
      setting
          .reporter()
          .note("proven for each OCI runtime: only what is chosen is allowed that was not");
    }
    return ProfileWriter.write(healed.profile());
  }

  private static void requireExact(
      HealedFilters pair, List<ProfileEdit> edits, ChangedProfile.Setting setting) {
    switch (HealCheck.beyond(pair.after(), pair.before(), edits, setting.table())) {
      case Analysis.Undecided(String reason) -> setting.refuse(reason);
      case Analysis.Understood(List<Difference> beyond) ->
          beyond.forEach(each ->
              setting.refuse(
                  "more than what is chosen would change: "
                      + DifferenceText.what(each)
                      + " is "
                      + DifferenceText.how(each)));
    }
  }

  /// The profile's name with a digest of what is in it now.
  private static String name(String profile, String text) {
    Path last = Path.of(profile).getFileName();
    String stem =
        (last == null ? "profile" : last.toString())
            .replaceFirst("\\.json$", "")
            .replaceFirst("-[0-9a-f]{12}$", "")
            .replaceAll("[^A-Za-z0-9._-]", "-");
    return stem
        + "-"
        + new ProfileContent(text.getBytes(UTF_8)).sha256().substring(0, 12)
        + ".json";
  }
}

package dev.portcullis.cli.command;

import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All verbs, in the order of the help.
public final class Verbs {
  private static final List<Verb> ALL =
      List.of(
          RunCommand.VERB,
          CheckCommand.VERB,
          ExposureCommand.VERB,
          ReportCommand.VERB,
          FixCommand.VERB,
          WebhookCommand.VERB,
          NodeCommand.VERB.with(
              List.of(
                  NodeDistributeCommand.VERB,
                  NodeStatusCommand.VERB,
                  NodeDenialsCommand.VERB,
                  NodeWatchCommand.VERB)),
          Verb.group(
              "profile",
              "validate, list, show, compare, record, derive, heal, combine and convert profiles",
              "A profile is a file in the format of OCI or of Docker, runtime/default, or a"
                  + " built-in default such as containerd/default@2.3. What is said of it comes"
                  + " from its filter, which libseccomp makes as runtimes do.",
              "profiles.md",
              List.of(
                  ProfileValidateCommand.VERB,
                  ProfileListCommand.VERB,
                  ProfileShowCommand.VERB,
                  ProfileCompareCommand.VERB,
                  ProfileDeriveCommand.VERB,
                  ProfileHealCommand.VERB,
                  ProfileIntersectCommand.VERB,
                  ProfileUnionCommand.VERB,
                  ProfileOptimiseCommand.VERB,
                  ProfileRecordCommand.VERB,
                  ProfileMergeCommand.VERB,
                  ProfileCheckCoverageCommand.VERB,
                  ProfileConvertCommand.VERB)),
          VerifyCommand.VERB,
          DenialsCommand.VERB,
          Verb.group(
              "policy",
              "create, grant, generate, test, convert and compile policies, show who can use what",
              "A policy allows profiles by name, and may have a default for pods that name none."
                  + " Anyone who is granted the RBAC verb use on it may use it.",
              "policy.md",
              List.of(
                  PolicyCreateCommand.VERB,
                  PolicyGrantCommand.VERB,
                  PolicyGenerateCommand.VERB,
                  PolicyTestCommand.VERB,
                  PolicyConvertCommand.VERB,
                  PolicyCompileCommand.VERB,
                  PolicyWhoCanCommand.VERB)),
          Verb.group(
              "image",
              "write the image of the examples, for other runtimes",
              "The pods of the examples run an image that is made of this machine's busybox; no"
                  + " registry is asked for it.",
              "run.md",
              List.of(ImageSaveCommand.VERB)),
          CompletionCommand.VERB,
          ManCommand.VERB,
          VersionCommand.VERB,
          HelpCommand.VERB);

  private Verbs() {}

  public static List<Verb> all() {
    return ALL;
  }

  /// The verb that these words are, with nothing behind them.
  ///
  /// @param words at least one
  static Verb of(List<String> words) throws UsageException {
    Verb verb = named(words.getFirst());
    if (words.size() > 1 && !verb.parts().isEmpty()) {
      verb = verb.part(words.get(1));
    }
    if (words.size() > verb.name().split(" ", -1).length) {
      throw new UsageException(
          "there is no verb \"" + String.join(" ", words) + "\"; " + verb.name() + " is one");
    }
    return verb;
  }

  public static Verb named(String name) throws UsageException {
    List<String> names = new ArrayList<>();
    for (Verb verb : ALL) {
      if (verb.name().equals(name)) {
        return verb;
      }
      names.add(verb.name());
    }
    List<String> longer =
        ALL.stream()
            .flatMap(verb -> verb.parts().stream())
            .map(Verb::name)
            .filter(part -> part.endsWith(" " + name))
            .toList();
    throw new UsageException(
        "there is no verb \""
            + name
            + "\""
            + (longer.isEmpty()
                ? hint(name, names)
                : "; did you mean " + String.join(" or ", longer) + "?"));
  }

  /// A verb that is like a word, or one whose second word is.
  private static String hint(String word, List<String> names) {
    String hint = NearestOption.hint(word, "", names);
    if (!hint.isEmpty()) {
      return hint;
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (Verb verb : ALL) {
      for (Verb part : verb.parts()) {
        parts.putIfAbsent(part.name().substring(verb.name().length() + 1), part.name());
      }
    }
    String nearest = NearestOption.of(word, parts.keySet());
    return nearest == null ? "" : "; did you mean " + parts.get(nearest) + "?";
  }
}

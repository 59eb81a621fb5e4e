package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.profile.Condition;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.RuleCondition;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `syscalls`.
final class RuleReader {
  static final List<String> FIELDS =
      List.of("name", "names", "action", "errnoRet", "args", "comment", "includes", "excludes");
  private static final List<String> ARGUMENT_FIELDS = List.of("index", "value", "valueTwo", "op");
  private static final List<String> CONDITION_FIELDS = List.of("caps", "arches", "minKernel");
  private static final int LAST_ARGUMENT = 5;
  private static final long ALL_BITS = -1;

  private RuleReader() {}

  /// Gives nothing where it reported an error.
  static Optional<Rule> read(Fields fields) {
    Optional<SyscallNames> names = names(fields);
    Optional<Outcome> outcome = outcome(fields, "action", "errnoRet");
    List<ArgumentCondition> arguments =
        fields.objects("args", ARGUMENT_FIELDS, RuleReader::argument);
    RuleCondition guard =
        new RuleCondition(condition(fields, "includes"), condition(fields, "excludes"));
    String comment = fields.text("comment");
    return names.flatMap(present ->
        outcome.map(decided -> new Rule(fields.at(), present, decided, arguments, guard, comment)));
  }

  private static Optional<SyscallNames> names(Fields fields) {
    int before = fields.errors();
    String name = fields.text("name");
    List<Value.Text> texts = fields.texts("names");
    if (fields.errors() > before) {
      // Names are there, and of a wrong type: that was said.
      return Optional.empty();
    }
    if (!name.isEmpty() && !texts.isEmpty()) {
      fields.report(
          Problem.NAME_AND_NAMES,
          fields.at("name"),
          "the rule has both `name` and `names`: Docker rejects it, OCI runtimes read only `names`;"
              + " keep `names`");
      return Optional.empty();
    }
    for (Value.Text text : texts) {
      if (text.value().isEmpty()) {
        fields.report(Problem.NO_NAMES, text.at(), "the name of a system call is empty");
      }
    }
    if (name.isEmpty() && texts.isEmpty()) {
      switch (fields.mode()) {
        case STRICT ->
            fields.report(
                Problem.NO_NAMES,
                fields.at(),
                "the rule has no `names`, so runc ignores it silently; name system calls or remove"
                    + " the rule");
        case RUNTIME -> RuntimeDivergences.report(fields, "ignore a rule without `names`");
      }
      return Optional.empty();
    }
    return Optional.of(
        name.isEmpty()
            ? new SyscallNames(
                SyscallNames.Spelling.NAMES,
                texts.stream().map(text -> new SyscallName(text.at(), text.value())).toList())
            : new SyscallNames(
                SyscallNames.Spelling.NAME, List.of(new SyscallName(fields.at("name"), name))));
  }

  static Optional<Outcome> outcome(Fields fields, String actionKey, String errnoKey) {
    Optional<Action> action =
        fields.spelled(actionKey, Problem.UNKNOWN_ACTION, Vocabulary.ACTIONS, Action::spelling);
    @Nullable Long errno =
        fields.number(errnoKey, action.map(ProfileReader::mostErrno).orElse(0xffffL));
    Optional<Outcome> outcome =
        action.map(known ->
            new Outcome(
                fields.at(actionKey), known, errno == null ? null : Math.toIntExact(errno)));
    for (Map.Entry<String, String> each : ErrnoNames.FIELDS.entrySet()) {
      if (each.getValue().equals(errnoKey)) {
        outcome.ifPresent(known -> ErrnoNames.check(fields, each.getKey(), known));
      }
    }
    return outcome;
  }

  private static Optional<ArgumentCondition> argument(Fields fields) {
    @Nullable Long index = required(fields, "index", LAST_ARGUMENT);
    @Nullable Long value = required(fields, "value", ALL_BITS);
    @Nullable Long valueTwo = fields.number("valueTwo", ALL_BITS);
    Optional<Operator> operator =
        fields.spelled("op", Problem.UNKNOWN_OPERATOR, Vocabulary.OPERATORS, Operator::spelling);
    if (index == null || value == null) {
      return Optional.empty();
    }
    int argument = Math.toIntExact(index);
    long second = valueTwo == null ? 0 : valueTwo;
    return operator.map(known -> new ArgumentCondition(argument, value, second, known));
  }

  /// A number that must be there: for Go a missing one is 0.
  private static @Nullable Long required(Fields fields, String key, long most) {
    if (fields.has(key)) {
      return fields.number(key, most);
    }
    return switch (fields.mode()) {
      case STRICT -> {
        fields.missing(key);
        yield null;
      }
      case RUNTIME -> {
        RuntimeDivergences.report(fields, "read the missing `" + key + "` as 0");
        yield 0L;
      }
    };
  }

  private static Condition condition(Fields rule, String key) {
    Optional<Fields> object = rule.object(key, CONDITION_FIELDS);
    if (object.isEmpty()) {
      return Condition.NONE;
    }
    Fields fields = object.get();
    List<Value.Text> architectures = fields.texts("arches");
    for (Value.Text text : architectures) {
      if (!Architecture.dockerNames().contains(text.value())) {
        fields.report(
            Problem.UNKNOWN_CONDITION,
            text.at(),
            "no architecture is called "
                + QuotedText.of(text.value())
                + " in Docker's profiles"
                + Vocabulary.ARCHITECTURES.hint(text.value(), Architecture::dockerName));
      }
    }
    List<Value.Text> capabilities = fields.texts("caps");
    for (Value.Text text : capabilities) {
      if (!Capabilities.all().contains(text.value())) {
        fields.report(
            Problem.UNKNOWN_CONDITION,
            text.at(),
            QuotedText.of(text.value())
                + " is not a capability name of Docker's profiles, so no container ever has it"
                + capability(text.value()));
      }
    }
    return new Condition(
        capabilities.stream().map(Value.Text::value).toList(),
        architectures.stream().map(Value.Text::value).toList(),
        minKernel(fields));
  }

  private static String capability(String written) {
    return SpellingHint.hint(Capabilities.fullName(written.strip()), Capabilities.all());
  }

  private static @Nullable KernelVersion minKernel(Fields fields) {
    String text = fields.text("minKernel");
    if (text.isEmpty()) {
      return null;
    }
    Optional<KernelVersion> version = KernelVersion.written(text);
    if (version.isEmpty()) {
      fields.report(
          Problem.BAD_KERNEL_VERSION,
          fields.at("minKernel"),
          "`minKernel` must be two numbers below 256, as in \"4.8\", not " + QuotedText.of(text));
    }
    return version.orElse(null);
  }
}

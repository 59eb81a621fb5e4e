package dev.portcullis.seccomp.json;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.List;

/// Writes a profile: with only what the OCI runtime specification has, or as Docker has it.
public final class ProfileWriter {
  private ProfileWriter() {}

  /// The JSON text, for people and runtimes.
  public static String write(ResolvedProfile profile) {
    return writeDocker(profile.written());
  }

  /// The JSON text in Docker's format, with its conditions and comments.
  public static String writeDocker(Profile profile) {
    return JsonWriter.pretty(tree(profile)) + "\n";
  }

  /// The same as {@link #write}, as a value.
  public static Mapping tree(ResolvedProfile profile) {
    return tree(profile.written());
  }

  /// One entry of `syscalls`, as a value.
  public static Mapping tree(ResolvedRule rule) {
    return rule(rule.written());
  }

  private static Mapping tree(Profile profile) {
    MappingBuilder object = new MappingBuilder();
    outcome(object, "defaultAction", "defaultErrnoRet", profile.defaultOutcome());
    switch (profile.architectures()) {
      case Architectures.Listed(List<Architecture> list) -> {
        if (!list.isEmpty()) {
          object.put("architectures", texts(list.stream().map(Architecture::spelling).toList()));
        }
      }
      case Architectures.Mapped(List<Architectures.Entry> entries) ->
          object.put("archMap", entries.stream().map(DockerParts::entry).toList());
    }
    if (!profile.flags().isEmpty()) {
      object.put("flags", texts(profile.flags().stream().map(Flag::name).toList()));
    }
    if (!profile.listener().path().isEmpty()) {
      object.put("listenerPath", profile.listener().path());
    }
    if (!profile.listener().metadata().isEmpty()) {
      object.put("listenerMetadata", profile.listener().metadata());
    }
    if (!profile.rules().isEmpty()) {
      object.put("syscalls", profile.rules().stream().map(ProfileWriter::rule).toList());
    }
    return object.build();
  }

  private static Mapping rule(Rule rule) {
    MappingBuilder object = new MappingBuilder();
    object.put("names", texts(rule.names().list().stream().map(SyscallName::name).toList()));
    outcome(object, "action", "errnoRet", rule.outcome());
    if (!rule.arguments().isEmpty()) {
      object.put("args", rule.arguments().stream().map(ProfileWriter::argument).toList());
    }
    DockerParts.add(object, rule);
    return object.build();
  }

  private static void outcome(
      MappingBuilder object, String actionKey, String errnoKey, Outcome outcome) {
    object.put(actionKey, outcome.action().spelling());
    Integer errno = outcome.errno();
    if (errno != null) {
      object.put(errnoKey, errno);
    }
  }

  private static Mapping argument(ArgumentCondition condition) {
    return new MappingBuilder()
        .put("index", condition.index())
        .put("value", unsigned(condition.value()))
        .put("valueTwo", unsigned(condition.valueTwo()))
        .put("op", condition.operator().spelling())
        .build();
  }

  private static Value unsigned(long value) {
    return new Value.Numeral(Position.NONE, Long.toUnsignedString(value));
  }

  static List<Value.Text> texts(List<String> texts) {
    return texts.stream().map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}

package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonAddition;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;

/// The last rule of all that a runtime is given: for a call that no kernel has, `portcullis_` and
/// the SHA-256 of the profile before it, with the outcome of the default. No filter has a trace of
/// it: runtimes pass over a rule that does what the default does, and over a name that libseccomp
/// does not know.
///
/// It is there for OCI runtimes that keep the filters that they have made, and take one again by a
/// checksum that leaves out errnos, or reads names one after the other with nothing between them:
/// it is the same for profiles of different meaning. What is read last are the names of the last
/// rule. With this one a checksum is over a text that ends in 64 characters that no other profile
/// has.
final class DigestRule {
  static final String PREFIX = "portcullis_";
  private static final String DEFAULT_ERRNO = "defaultErrno";

  private DigestRule() {}

  /// The content with the rule; no other byte of it changes.
  ///
  /// @param profile what the content describes
  static RuntimeProfile added(ResolvedProfile profile, ProfileContent content) {
    ResolvedRule rule = rule(profile.defaultOutcome(), content);
    List<ResolvedRule> rules = new ArrayList<>(profile.rules());
    rules.add(rule);
    return new RuntimeProfile(
        new ResolvedProfile(
            profile.defaultOutcome(),
            profile.architectures(),
            profile.flags(),
            profile.listener(),
            rules),
        new ProfileContent(
            JsonAddition.toList(
                    new String(content.bytes(), UTF_8),
                    "syscalls",
                    JsonWriter.compact(withErrnoName(ProfileWriter.tree(rule), content)))
                .getBytes(UTF_8)));
  }

  private static ResolvedRule rule(Outcome defaultOutcome, ProfileContent content) {
    // crun refuses a profile with an errno beside an action that takes none.
    Integer errno = defaultOutcome.action().takesErrno() ? defaultOutcome.errno() : null;
    return new ResolvedRule(
        Position.NONE,
        List.of(new SyscallName(Position.NONE, PREFIX + content.sha256())),
        new Outcome(Position.NONE, defaultOutcome.action(), errno),
        List.of(),
        "");
  }

  /// The rule with the errno of the default by name, where the profile has one, which CRI-O reads:
  /// without it the rule would do there what the default does not.
  private static Mapping withErrnoName(Mapping rule, ProfileContent content) {
    if (!new String(content.bytes(), UTF_8).contains(DEFAULT_ERRNO)) {
      return rule;
    }
    return switch (Documents.readJson(content.bytes(), ProfileReader.RUNTIME_LIMITS)) {
      case ParseResult.Documents(List<Value> values)
          when values.getFirst() instanceof Mapping profile
              && profile.present(DEFAULT_ERRNO) instanceof Value.Text name -> {
        MappingBuilder named = new MappingBuilder();
        rule.entries().forEach((key, entry) -> named.put(key, entry.value()));
        yield named.put("errno", name.value()).build();
      }
      case ParseResult.Documents _, ParseResult.Malformed _ -> rule;
    };
  }
}

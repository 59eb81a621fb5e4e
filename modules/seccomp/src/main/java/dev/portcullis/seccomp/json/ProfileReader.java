package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.GoDecodeResult;
import dev.portcullis.documents.GoReader;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.List;
import java.util.Optional;

/// Reads a profile: the OCI format and Docker's.
///
/// By itself it is stricter than the runtimes. They skip what they do not know, so that a typing
/// error opens the filter; here it is a finding, and what they would read as something else is an
/// error. {@link ReadingMode#RUNTIME} is what they would read.
public final class ProfileReader {
  /// A full list of system calls with comments is 20 KB; the API server takes objects of 1 MiB.
  /// What is read takes up to 200 bytes of memory for each value. The format itself is six levels
  /// deep.
  public static final Limits LIMITS = new Limits(1024 * 1024, 16, 64 * 1024);

  /// Of what was made of a file for a runtime: a conversion writes out what the file leaves out,
  /// each value on a line of its own, and there may be a rule more.
  public static final Limits RUNTIME_LIMITS =
      new Limits(4 * LIMITS.bytes(), LIMITS.depth(), 2 * LIMITS.values());

  private static final List<String> FIELDS =
      List.of(
          "defaultAction",
          "defaultErrnoRet",
          "architectures",
          "archMap",
          "flags",
          "listenerPath",
          "listenerMetadata",
          "syscalls");
  private static final List<String> ENTRY_FIELDS = List.of("architecture", "subArchitectures");

  private final ReadingMode mode;
  private final Findings findings = new Findings();

  private ProfileReader(ReadingMode mode) {
    this.mode = mode;
  }

  /// Reads the content of a file, strictly.
  public static ProfileParseResult read(byte[] content) {
    return read(content, ReadingMode.STRICT);
  }

  /// Reads what a runtime was given, strictly.
  public static ProfileParseResult readOfRuntime(byte[] content) {
    return read(content, ReadingMode.STRICT, RUNTIME_LIMITS);
  }

  /// Reads the content of a file.
  public static ProfileParseResult read(byte[] content, ReadingMode mode) {
    return read(content, mode, LIMITS);
  }

  private static ProfileParseResult read(byte[] content, ReadingMode mode, Limits limits) {
    // Go's reader does not take a byte order mark; ours would.
    if (content.length >= 3
        && content[0] == (byte) 0xef
        && content[1] == (byte) 0xbb
        && content[2] == (byte) 0xbf) {
      return malformed(
          new Position(1, 1),
          "the file starts with a byte order mark, which runtimes reject; save it without one");
    }
    return switch (mode) {
      case STRICT -> strictly(content, limits);
      case RUNTIME -> asRuntimes(content, limits);
    };
  }

  private static ProfileParseResult strictly(byte[] content, Limits limits) {
    return switch (Documents.readJson(content, limits)) {
      case ParseResult.Malformed wrong -> malformed(wrong.at(), wrong.message());
      case ParseResult.Documents(List<Value> values) -> {
        if (values.isEmpty()) {
          yield malformed(Position.NONE, "the file is empty; a profile is a JSON object");
        }
        if (values.size() > 1) {
          yield malformed(values.get(1).at(), "there is text after the end of the profile");
        }
        yield read(values.getFirst());
      }
    };
  }

  /// Reads a value that was JSON, strictly.
  public static ProfileParseResult read(Value value) {
    Optional<Finding> other = LookAlikes.found(value);
    if (other.isPresent()) {
      return new ProfileParseResult.Rejected(List.of(other.get()));
    }
    if (!(value instanceof Mapping object)) {
      return new ProfileParseResult.Rejected(
          List.of(
              new Finding(
                  Problem.WRONG_TYPE,
                  value.at(),
                  "a profile must be an object, not " + value.kind())));
    }
    return new ProfileReader(ReadingMode.STRICT).reading(object);
  }

  private static ProfileParseResult asRuntimes(byte[] content, Limits limits) {
    return switch (GoReader.read(content, limits, OciShape.PROFILE)) {
      case GoDecodeResult.Malformed(Position at, String message) -> malformed(at, message);
      case GoDecodeResult.WrongType(Position at, String message) ->
          new ProfileParseResult.Rejected(List.of(new Finding(Problem.WRONG_TYPE, at, message)));
      case GoDecodeResult.Decoded(Mapping object, List<GoDecodeResult.Surprise> surprises) -> {
        ProfileReader reader = new ProfileReader(ReadingMode.RUNTIME);
        surprises.forEach(each -> RuntimeDivergences.report(each, reader.findings));
        yield reader.reading(object);
      }
    };
  }

  private ProfileParseResult reading(Mapping object) {
    Optional<Profile> profile = profile(new Fields(object, FIELDS, mode, findings));
    return profile.isEmpty() || findings.hasErrors()
        ? new ProfileParseResult.Rejected(findings.all())
        : new ProfileParseResult.Read(profile.get(), findings.all());
  }

  private static ProfileParseResult malformed(Position at, String message) {
    return new ProfileParseResult.Rejected(List.of(new Finding(Problem.MALFORMED, at, message)));
  }

  private Optional<Profile> profile(Fields fields) {
    Optional<Outcome> defaultOutcome = defaultOutcome(fields);
    Architectures architectures = architectures(fields);
    List<Flag> flags =
        fields.texts("flags").stream().map(text -> new Flag(text.at(), text.value())).toList();
    Listener listener = new Listener(fields.text("listenerPath"), fields.text("listenerMetadata"));
    List<Rule> rules = fields.objects("syscalls", RuleReader.FIELDS, RuleReader::read);
    return defaultOutcome.map(
        outcome -> new Profile(outcome, architectures, flags, listener, rules));
  }

  private static Optional<Outcome> defaultOutcome(Fields fields) {
    if (!fields.has("defaultAction") || fields.isEmptyText("defaultAction")) {
      fields.report(
          Problem.NO_DEFAULT_ACTION,
          fields.at("defaultAction"),
          "`defaultAction` is missing: without it and without rules, runc and containerd run the"
              + " container unconfined; add for example \"defaultAction\": \"SCMP_ACT_ERRNO\"");
      return Optional.empty();
    }
    return RuleReader.outcome(fields, "defaultAction", "defaultErrnoRet");
  }

  private static Architectures architectures(Fields fields) {
    List<Architecture> listed = architectures(fields, "architectures");
    List<Architectures.Entry> mapped =
        fields.objects("archMap", ENTRY_FIELDS, ProfileReader::entry);
    if (!listed.isEmpty() && !mapped.isEmpty()) {
      fields.report(
          Problem.ARCHITECTURES_AND_ARCH_MAP,
          fields.at("archMap"),
          "the profile has both `architectures` and `archMap`: Docker rejects it, OCI runtimes read"
              + " only the first; remove one");
    }
    return mapped.isEmpty() ? new Architectures.Listed(listed) : new Architectures.Mapped(mapped);
  }

  private static Optional<Architectures.Entry> entry(Fields fields) {
    List<Architecture> others = architectures(fields, "subArchitectures");
    return fields
        .spelled(
            "architecture",
            Problem.UNKNOWN_ARCHITECTURE,
            Vocabulary.ARCHITECTURES,
            Architecture::spelling)
        .map(architecture -> new Architectures.Entry(architecture, others));
  }

  private static List<Architecture> architectures(Fields fields, String key) {
    return fields.texts(key).stream()
        .map(text ->
            fields.spelled(
                key,
                text,
                Problem.UNKNOWN_ARCHITECTURE,
                Vocabulary.ARCHITECTURES,
                Architecture::spelling))
        .flatMap(Optional::stream)
        .toList();
  }

  /// The largest `errnoRet` that reaches the filter: libseccomp refuses more than the kernel's
  /// MAX_ERRNO, and a message to a tracer has 16 bits.
  static long mostErrno(Action action) {
    return action == Action.TRACE ? 0xffff : 4095;
  }
}

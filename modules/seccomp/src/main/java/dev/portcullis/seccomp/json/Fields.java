package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.GoKeys;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.finding.SpellingHint;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One object of a profile: reports the fields that it should not have, and reads those that it
/// should.
///
/// JSON's `null` counts as absent, as it does for the runtimes: Go's reader leaves the field as it
/// was.
final class Fields {
  private static final BigInteger U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /// As many digits as the largest unsigned 64-bit number has: more need not be parsed.
  private static final int DIGITS = 20;

  private final Mapping object;
  private final ReadingMode mode;
  private final Findings findings;

  Fields(Mapping object, List<String> known, ReadingMode mode, Findings findings) {
    this.object = object;
    this.mode = mode;
    this.findings = findings;
    object
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key) && !isErrnoName(key, known, entry)) {
            unknown(key, entry.keyAt(), known);
          }
        });
  }

  /// Only beside the number of the same meaning.
  private static boolean isErrnoName(String key, List<String> known, Mapping.Entry entry) {
    return ErrnoNames.isOne(key, entry) && known.contains(ErrnoNames.FIELDS.get(key));
  }

  private void unknown(String key, Position at, List<String> known) {
    Optional<String> folded = GoKeys.field(key, new LinkedHashSet<>(known));
    if (folded.isPresent()) {
      findings.add(
          Problem.FIELD_CASE,
          at,
          () ->
              "field "
                  + QuotedText.of(key)
                  + " differs from `"
                  + folded.get()
                  + "` only in case, and runtimes read it as that field; write `"
                  + folded.get()
                  + "`");
    } else {
      findings.add(
          Problem.UNKNOWN_FIELD,
          at,
          () ->
              "unknown field "
                  + QuotedText.of(key)
                  + ", which runtimes ignore silently"
                  + SpellingHint.hint(key, absent(known)));
    }
  }

  /// A field that is there was not meant by another.
  private List<String> absent(List<String> known) {
    return known.stream().filter(name -> !has(name)).toList();
  }

  ReadingMode mode() {
    return mode;
  }

  Position at() {
    return object.at();
  }

  Position at(String key) {
    return object.at(key);
  }

  boolean has(String key) {
    return object.present(key) != null;
  }

  /// A string; empty where it is absent or something else, which is said elsewhere.
  String textWithoutError(String key) {
    return object.present(key) instanceof Value.Text text ? text.value() : "";
  }

  void reportOnce(Problem problem, Position at, String message) {
    if (findings.all().stream().noneMatch(each -> each.problem() == problem)) {
      report(problem, at, message);
    }
  }

  /// Whether there is a string of no length.
  boolean isEmptyText(String key) {
    return object.present(key) instanceof Value.Text text && text.value().isEmpty();
  }

  /// How many values of a wrong type, and other errors, were found so far in the whole profile.
  int errors() {
    return findings.errors();
  }

  void report(Problem problem, Position at, String message) {
    findings.add(problem, at, () -> message);
  }

  private void wrongType(String what, String wanted, Value value) {
    findings.add(
        Problem.WRONG_TYPE,
        value.at(),
        () -> "`" + what + "` must be " + wanted + ", not " + value.kind());
  }

  /// A string; empty where it is absent or something else.
  String text(String key) {
    return switch (object.present(key)) {
      case null -> "";
      case Value.Text text -> wellFormed(key, text).value();
      case Value other -> {
        wrongType(key, "a string", other);
        yield "";
      }
    };
  }

  private Value.Text wellFormed(String key, Value.Text text) {
    if (!Documents.isWellFormed(text.value())) {
      findings.add(
          Problem.MALFORMED,
          text.at(),
          () ->
              "`"
                  + key
                  + "` contains an unpaired surrogate, such as \\ud800, which runtimes replace with"
                  + " another character; write the whole character");
    }
    return text;
  }

  /// A list; empty where it is absent or something else.
  private List<Value> list(String key) {
    return switch (object.present(key)) {
      case null -> List.of();
      case Sequence sequence -> sequence.items();
      case Value other -> {
        wrongType(key, "a list", other);
        yield List.of();
      }
    };
  }

  /// The strings of a list, each with its place.
  List<Value.Text> texts(String key) {
    List<Value.Text> texts = new ArrayList<>();
    for (Value item : list(key)) {
      if (item instanceof Value.Text text) {
        texts.add(wellFormed(key, text));
      } else {
        wrongType(key, "a list of strings", item);
      }
    }
    return texts;
  }

  /// The objects of a list, each read by a reader that gives nothing where it reported an error.
  <T> List<T> objects(String key, List<String> known, Function<Fields, Optional<T>> reader) {
    List<T> objects = new ArrayList<>();
    for (Value item : list(key)) {
      if (item instanceof Mapping mapping) {
        reader.apply(new Fields(mapping, known, mode, findings)).ifPresent(objects::add);
      } else {
        wrongType(key, "a list of objects", item);
      }
    }
    return objects;
  }

  /// An object; nothing where it is absent or something else.
  Optional<Fields> object(String key, List<String> known) {
    return switch (object.present(key)) {
      case null -> Optional.empty();
      case Mapping mapping -> Optional.of(new Fields(mapping, known, mode, findings));
      case Value other -> {
        wrongType(key, "an object", other);
        yield Optional.empty();
      }
    };
  }

  /// The value that a required string spells; nothing after an error.
  <T> Optional<T> spelled(
      String key, Problem problem, Vocabulary<T> words, Function<T, String> shown) {
    return switch (object.present(key)) {
      case null -> {
        missing(key);
        yield Optional.empty();
      }
      case Value.Text text -> spelled(key, text, problem, words, shown);
      case Value other -> {
        wrongType(key, "a string", other);
        yield Optional.empty();
      }
    };
  }

  /// The value that a string spells; nothing after an error.
  <T> Optional<T> spelled(
      String key,
      Value.Text text,
      Problem problem,
      Vocabulary<T> words,
      Function<T, String> shown) {
    Optional<T> value = words.spelled(text.value());
    if (value.isEmpty()) {
      findings.add(
          problem,
          text.at(),
          () ->
              "`"
                  + key
                  + "` cannot be "
                  + QuotedText.of(text.value())
                  + words.hint(text.value(), shown));
    }
    return value;
  }

  void missing(String key) {
    findings.add(Problem.MISSING_FIELD, object.at(), () -> "field `" + key + "` is missing");
  }

  /// An unsigned number of at most 64 bits; null where it is absent or after an error.
  @Nullable Long number(String key, long most) {
    return switch (object.present(key)) {
      case null -> null;
      case Value.Numeral numeral -> number(key, numeral, most);
      case Value other -> {
        wrongType(key, "a number", other);
        yield null;
      }
    };
  }

  private @Nullable Long number(String key, Value.Numeral numeral, long most) {
    String literal = numeral.literal();
    if (literal.chars().allMatch(c -> c >= '0' && c <= '9') && literal.length() <= DIGITS) {
      BigInteger value = new BigInteger(literal);
      if (value.compareTo(U64) <= 0 && Long.compareUnsigned(value.longValue(), most) <= 0) {
        return value.longValue();
      }
    }
    findings.add(
        Problem.BAD_NUMBER,
        numeral.at(),
        () ->
            "`"
                + key
                + "` must be an integer from 0 to "
                + Long.toUnsignedString(most)
                + ", written in digits, not "
                + QuotedText.of(literal));
    return null;
  }
}

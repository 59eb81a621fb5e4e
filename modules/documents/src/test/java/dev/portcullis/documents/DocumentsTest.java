package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
  private static final Limits SMALL = new Limits(4096, 20, 1000);

  private static List<Value> read(String text) {
    return switch (Documents.read(text.getBytes(UTF_8), SMALL)) {
      case ParseResult.Documents documents -> documents.values();
      case ParseResult.Malformed malformed ->
          throw new AssertionError(malformed.at() + ": " + malformed.message());
    };
  }

  private static ParseResult.Malformed refuse(byte[] content) {
    return switch (Documents.read(content, SMALL)) {
      case ParseResult.Malformed malformed -> malformed;
      case ParseResult.Documents documents -> throw new AssertionError("read " + documents);
    };
  }

  private static ParseResult.Malformed refuse(String text) {
    return refuse(text.getBytes(UTF_8));
  }

  private static Value only(String text, String key) {
    Value value = ((Mapping) read(text).getFirst()).get(key);
    assertThat(value).isNotNull();
    return value;
  }

  @Nested
  class Unread {
    private static final UnreadList OWNERS = new UnreadList("metadata", "owners");

    private static ParseResult read(String text) {
      return Documents.readJson(text.getBytes(UTF_8), SMALL, OWNERS);
    }

    /// What is left out is bounded by nothing but the text.
    @Test
    void isNoPartOfTheTree() {
      String many =
          "[" + "{\"a\":[],\"a\":[]},".repeat(200) + "[".repeat(60) + "]".repeat(60) + "]";
      ParseResult with = read("{\"metadata\":{\"owners\":" + many + ",\"b\":1},\"c\":2}");
      assertThat(with)
          .isInstanceOfSatisfying(
              ParseResult.Documents.class,
              read -> {
                Mapping all = (Mapping) read.values().getFirst();
                assertThat(((Mapping) requireNonNull(all.get("metadata"))).entries().keySet())
                    .containsExactly("b");
                assertThat(all.get("c")).isNotNull();
              });
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"metadata\":{\"owners\":\"x\"}}",
          "{\"metadata\":{\"owners\":{\"owners\":[]}}}",
          "{\"metadata\":[{\"owners\":[]}]}",
          "{\"metadata\":{\"other\":{\"owners\":[]}}}",
          "{\"extra\":{\"owners\":[]}}",
          "{\"owners\":[]}",
        })
    void isNothingElse(String text) {
      assertThat(read(text)).isEqualTo(Documents.readJson(text.getBytes(UTF_8), SMALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[}", "[]x", "[1,]", "[1] \"b\":2"})
    void mustBeJson(String list) {
      assertThat(read("{\"metadata\":{\"owners\":" + list + "}}"))
          .isInstanceOf(ParseResult.Malformed.class);
    }
  }

  @Nested
  class Yaml {
    @Test
    void severalDocumentsWithoutTheEmptyOnes() {
      assertThat(read("---\na: 1\n---\n# nothing\n---\nb: 2\n")).hasSize(2);
    }

    /// Behind them kubectl sees fields where YAML 1.2 has a comment.
    @ParameterizedTest
    @ValueSource(ints = {0x85, 0x2028, 0x2029})
    void breaksOfOneVersionOfYamlAlone(int point) {
      String hidden = "a: 1\nb: 2 # x" + Character.toString(point) + "c: 3\n";
      assertThat(refuse(hidden).at()).isEqualTo(new Position(2, 9));
      assertThat(refuse(hidden).message())
          .contains(
              "U+%04X is not allowed here: kubectl reads it as a line break".formatted(point));
      assertThat(read("a: \"\\u2028\"\n")).hasSize(1);
      assertThat(read("{\"a\": \"x" + Character.toString(point) + "\"}")).hasSize(1);
    }

    @Test
    void emptyFilesHaveNoDocuments() {
      assertThat(read("")).isEmpty();
      assertThat(read("# only a comment\n")).isEmpty();
    }

    @Test
    void everyValueKnowsItsPlace() {
      Mapping pod = (Mapping) read("a: 1\nspec:\n  items: [x, {y: z}]\n").getFirst();
      assertThat(pod.at("spec")).isEqualTo(new Position(2, 1));
      Mapping spec = (Mapping) pod.present("spec");
      assertThat(spec).isNotNull();
      Sequence items = (Sequence) spec.present("items");
      assertThat(items).isNotNull();
      assertThat(items.items().get(0).at()).isEqualTo(new Position(3, 11));
      assertThat(items.items().get(1).at()).isEqualTo(new Position(3, 14));
    }

    /// What go-yaml v2 makes of a plain scalar.
    @ParameterizedTest
    @CsvSource({
      "yes, Truth, true",
      "On, Truth, true",
      "n, Truth, false",
      "False, Truth, false",
      "0644, Numeral, 420",
      "0x1F, Numeral, 31",
      "-0b11, Numeral, -3",
      "1_000, Numeral, 1000",
      "0o17, Numeral, 15",
      "18446744073709551615, Numeral, 18446744073709551615",
      "1.5e3, Numeral, 1.5e3",
      "'\"yes\"', Text, yes",
      "1.2.3, Text, 1.2.3",
      "2026-11-24, Text, 2026-11-24",
      "runtime/default, Text, runtime/default",
      "!!str 12, Text, 12",
      "089, Numeral, 089",
    })
    void scalars(String written, String kind, String meaning) {
      Value value = only("a: " + written, "a");
      assertThat(value.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(
              switch (value) {
                case Value.Text text -> text.value();
                case Value.Numeral numeral -> numeral.literal();
                case Value.Truth truth -> Boolean.toString(truth.value());
                default -> value.kind();
              })
          .isEqualTo(meaning);
    }

    @Test
    void bracesDoNotMakeItJson() {
      assertThat(only("{a: {b: [c]}}", "a")).isInstanceOf(Mapping.class);
      assertThat(refuse("{a: [}").message()).startsWith("not YAML");
    }

    @Test
    void nothingIsNullAndAbsentIsAbsent() {
      Mapping mapping = (Mapping) read("a:\nb: ~\nc: ''\n").getFirst();
      assertThat(mapping.get("a")).isInstanceOf(Value.Null.class);
      assertThat(mapping.present("b")).isNull();
      assertThat(mapping.get("c")).isInstanceOf(Value.Text.class);
      assertThat(mapping.get("d")).isNull();
    }

    @Test
    void mergeKeysFillWhatIsNotSaid() {
      Mapping mapping = (Mapping) only("base: &b {p: 1, q: 2}\nthis:\n  q: 3\n  <<: *b\n", "this");
      assertThat(mapping.get("p")).isInstanceOf(Value.Numeral.class);
      assertThat(mapping.get("q")).isEqualTo(new Value.Numeral(new Position(3, 6), "3"));
    }

    @Test
    void aDuplicateKeyIsRefusedWithBothPlaces() {
      ParseResult.Malformed malformed = refuse("a: 1\nb: 2\na: 3\n");
      assertThat(malformed.at()).isEqualTo(new Position(3, 1));
      assertThat(malformed.message()).contains("\"a\" occurs twice", "first at 1:1");
    }

    @Test
    void aTabIsNamedWithItsLine() {
      ParseResult.Malformed malformed = refuse("a:\n\tb: 1\n");
      assertThat(malformed.at().line()).isEqualTo(2);
      assertThat(malformed.message()).contains("TAB");
    }

    @Test
    void aControlCharacterIsNamedWithItsLine() {
      ParseResult.Malformed malformed = refuse("a: 1\nb: \u0007\n");
      assertThat(malformed.at()).isEqualTo(new Position(2, 4));
      assertThat(malformed.message()).contains("U+0007");
    }

    @Test
    void aliasesThatExplodeAreRefused() {
      StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
      for (int i = 1; i < 10; i++) {
        laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
      }
      assertThat(refuse(laughs.toString()).message()).contains("aliases");
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
      assertThat(refuse("a: &a [*a]\n").message())
          .contains("refers to its anchor before the end of");
    }

    @Test
    void depthIsBoundedWithoutAStackOverflow() {
      String deep = "[".repeat(100_000);
      ParseResult reading = Documents.read(deep.getBytes(UTF_8), Limits.MANIFEST);
      assertThat(reading).isInstanceOf(ParseResult.Malformed.class);
      assertThat(((ParseResult.Malformed) reading).message()).contains("200 levels");
    }

    @Test
    void tagsThatNobodyUnderstandsAreRefused() {
      assertThat(refuse("a: !binary aGk=\n").message()).contains("tag !binary");
    }
  }

  @Nested
  class Json {
    @Test
    void severalValuesOneAfterTheOther() {
      assertThat(read("{\"a\": 1}\n{\"b\": 2}")).hasSize(2);
    }

    @Test
    void everyValueKnowsItsPlace() {
      assertThat(only("{\n  \"a\": [1,\n    true]\n}", "a").at()).isEqualTo(new Position(2, 8));
    }

    @Test
    void a64BitNumberKeepsEveryDigit() {
      assertThat(only("{\"a\": 18446744073709551615}", "a"))
          .isEqualTo(new Value.Numeral(new Position(1, 7), "18446744073709551615"));
    }

    @Test
    void aDuplicateKeyIsRefused() {
      ParseResult.Malformed malformed = refuse("{\"a\": 1,\n \"a\": 2}");
      assertThat(malformed.at()).isEqualTo(new Position(2, 2));
      assertThat(malformed.message()).contains("occurs twice");
    }

    @Test
    void aMistakeHasItsPlace() {
      ParseResult.Malformed malformed = refuse("{\"a\": 1,\n \"b\" 2}");
      assertThat(malformed.at().line()).isEqualTo(2);
      assertThat(malformed.message()).startsWith("not JSON");
    }

    @Test
    void anUnfinishedDocumentIsRefused() {
      assertThat(refuse("{\"a\": {").message())
          .isEqualTo("not JSON: the text is incomplete: a closing quote, } or ] is missing");
      assertThat(refuse("{\"a\": [1}").message())
          .isEqualTo(
              "not JSON: the closing bracket has the wrong kind: } instead of ], or ] instead of"
                  + " }");
    }

    @Test
    void depthIsBounded() {
      assertThat(refuse("{\"a\":".repeat(30)).message()).contains("20 levels");
    }

    @Test
    void valuesAreBounded() {
      assertThat(read("{\"a\": [" + "0,".repeat(997) + "0]}")).hasSize(1);
      assertThat(refuse("{\"a\": [" + "0,".repeat(998) + "0]}").message())
          .isEqualTo("more than 1000 values");
    }

    @Test
    void numbersAreBounded() {
      String text = "{\"a\": " + "1".repeat(2_000) + "}";
      assertThat(Documents.readJson(text.getBytes(UTF_8), Limits.MANIFEST))
          .isInstanceOfSatisfying(
              ParseResult.Malformed.class,
              malformed -> assertThat(malformed.message()).contains("a number of more than"));
    }

    @Test
    void yamlIsNotJsonWhereOnlyJsonWill() {
      assertThat(Documents.readJson("a: 1".getBytes(UTF_8), SMALL))
          .isInstanceOf(ParseResult.Malformed.class);
    }
  }

  @Test
  void tooManyBytesAreRefusedBeforeTheyAreRead() {
    assertThat(refuse("#".repeat(5000)).message()).contains("larger than 4096 bytes (5000)");
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsPlace() {
    ParseResult.Malformed malformed = refuse(new byte[] {'a', ':', '\n', ' ', (byte) 0xff, '\n'});
    assertThat(malformed.at()).isEqualTo(new Position(2, 2));
    assertThat(malformed.message()).contains("0xff");
  }

  @Test
  void aByteOrderMarkIsNoContent() {
    assertThat(read("\uFEFFa: 1")).hasSize(1);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Mapping value =
        new MappingBuilder()
            .put("text", "line\nbreak \u0000")
            .put("number", 42)
            .put("list", List.of(new Value.Truth(Position.NONE, true)))
            .putNull("nothing")
            .build();
    String compact =
        "{\"text\":\"line\\nbreak \\u0000\",\"number\":42,\"list\":[true],\"nothing\":null}";
    assertThat(JsonWriter.compact(value)).isEqualTo(compact);
    assertThat(JsonWriter.compact(read(JsonWriter.pretty(value)).getFirst())).isEqualTo(compact);
  }

  /// A thousand names of one hash, in 30 kB of annotations, filled the parser's table of names, and
  /// broke it for all documents after that.
  @Test
  void namesThatSomebodyChoseSpoilNoDocument() {
    for (int bits : new int[] {8, 10}) {
      String alike =
          IntStream.range(0, 1 << bits)
              .mapToObj(number -> "\"" + alike(number, bits) + "\": 1")
              .collect(Collectors.joining(",", "{", "}"));
      assertThat(names(alike)).hasSize(1 << bits);
      String others =
          IntStream.range(0, 300)
              .mapToObj(number -> "\"name" + number + "\": 1")
              .collect(Collectors.joining(",", "{", "}"));
      assertThat(names(others)).hasSize(300);
    }
  }

  /// `Ab` and `BA` are alike to the parser, which counts by 33.
  private static String alike(int number, int bits) {
    return IntStream.range(0, bits)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Ab" : "BA")
        .collect(Collectors.joining());
  }

  /// The name of a container's variable is one, in `managedFields`, and has no limit.
  @Test
  void aNameMayBeAsLongAsADocument() {
    String name = "A".repeat(100_000);
    assertThat(names("{\"" + name + "\": 1}")).containsExactly(name);
  }

  private static Set<String> names(String json) {
    Limits large = new Limits(200_000, 20, 2_000);
    return Documents.readJson(json.getBytes(UTF_8), large)
            instanceof ParseResult.Documents(List<Value> values)
        ? ((Mapping) values.getFirst()).entries().keySet()
        : Set.of();
  }
}

package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  private static List<Value> read(String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents documents -> documents.values();
      case ParseResult.Malformed malformed ->
          throw new AssertionError(malformed.at() + ": " + malformed.message() + "\n" + yaml);
    };
  }

  private static Value.Text text(String value) {
    return new Value.Text(Position.NONE, value);
  }

  /// As JSON, which has no positions.
  private static String json(Value value) {
    return JsonWriter.compact(value);
  }

  private static void roundTrip(Value value) {
    String yaml = YamlWriter.write(value);
    assertThat(yaml).matches("[\\n -~]*\\n");
    assertThat(read(yaml)).singleElement().extracting(YamlWriterTest::json).isEqualTo(json(value));
  }

  @Test
  void blockStyleAsKubectlWritesIt() {
    assertThat(
            YamlWriter.write(
                new MappingBuilder()
                    .put("kind", "ClusterRole")
                    .put("metadata", new MappingBuilder().put("name", "system:x").build())
                    .put(
                        "rules",
                        List.of(
                            new MappingBuilder()
                                .put("verbs", List.of(text("use"), text("*")))
                                .put("none", List.of())
                                .build()))
                    .put("empty", new MappingBuilder().build())
                    .put("count", 12)
                    .put("on", true)
                    .putNull("nothing")
                    .build()))
        .isEqualTo(
            """
            kind: ClusterRole
            metadata:
              name: system:x
            rules:
            - verbs:
              - use
              - "*"
              none: []
            empty: {}
            count: 12
            "on": true
            nothing: null
            """);
  }

  /// What YAML 1.1, YAML 1.2 or go-yaml v2 may take for something else than a string.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "y",
        "Y",
        "yes",
        "n",
        "No",
        "on",
        "OFF",
        "true",
        "False",
        "null",
        "Null",
        "~",
        "1",
        "-1",
        "+1",
        "0777",
        "0o17",
        "0x1f",
        "0b1",
        "1_0",
        "1e3",
        ".5",
        "1.",
        "6.02e23",
        ".inf",
        "-.Inf",
        ".nan",
        "1:30",
        "190:20:30",
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "=",
        "<<",
        "-",
        "- a",
        "? a",
        ":",
        "a:",
        "a: b",
        "a #b",
        "#",
        "*",
        "*a",
        "&a",
        "!a",
        "!!str a",
        "|",
        ">",
        "%",
        "@a",
        "`a`",
        "'",
        "\"",
        "[a]",
        "{a}",
        ",",
        "---",
        "...",
        " a",
        "a ",
        "a\nb",
        "\n",
        "a\tb",
        "\u0000",
        "\u0085",
        "\u2028",
        "\u202e",
        "\u00e9",
        "\ufeff",
        "\ud83d\ude00",
        "a\\b",
        "\u001b["
      })
  void stringsThatCouldBeSomethingElseAreQuoted(String string) {
    assertThat(YamlWriter.write(new MappingBuilder().put("value", string).build()))
        .startsWith("value: \"");
    roundTrip(text(string));
    roundTrip(new MappingBuilder().put("value", string).put(string, "key").build());
    roundTrip(new MappingBuilder().put("list", List.of(text(string))).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"use", "localhost/batch/*", "system:masters", "ann@example.org", "yes/no", "a-"})
  void wordsAreNot(String string) {
    assertThat(YamlWriter.write(new MappingBuilder().put("value", string).build()))
        .isEqualTo("value: " + string + "\n");
    roundTrip(new MappingBuilder().put("value", string).put(string, "key").build());
  }

  @Test
  void longOnesStayOnTheirLine() {
    for (int length : new int[] {100, 1000, 1100, 5000}) {
      for (String unit : List.of("a", "a b", "1")) {
        String string = unit.repeat(length);
        roundTrip(new MappingBuilder().put(string, string).put("z", "z").build());
      }
    }
  }

  @Test
  void numeralsStayAsTheyAre() {
    Value value =
        read("{\"a\": 1e400, \"b\": -0, \"c\": 12345678901234567890, \"d\": 1.50}").getFirst();
    assertThat(YamlWriter.write(value))
        .isEqualTo("a: 1e400\nb: -0\nc: 12345678901234567890\nd: 1.50\n");
    roundTrip(value);
  }

  @Test
  void anyStringComesBack() {
    Random random = new Random(20_260_101);
    String alphabet = "ayn01-_.:#*&!|>'\"%@`{}[],?~= \n\t\\\u0007\u0085\u00e9\u2029\ud7ff\ue000";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder string = new StringBuilder();
      for (int length = random.nextInt(8); length >= 0; length--) {
        string.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      roundTrip(
          new MappingBuilder()
              .put(string.toString(), List.of(text(string.toString()), text("end")))
              .build());
    }
  }

  @Test
  void documentsUnderTheirComments() {
    String yaml =
        YamlWriter.stream(
            List.of(
                new YamlWriter.Document(
                    List.of("first", "", "word ".repeat(30).strip()),
                    new MappingBuilder().put("a", 1).build()),
                new YamlWriter.Document(List.of(), new MappingBuilder().put("b", 2).build())));
    assertThat(yaml)
        .isEqualTo(
            "# first\n#\n#"
                + " word".repeat(19)
                + "\n#"
                + " word".repeat(11)
                + "\na: 1\n---\nb: 2\n");
    assertThat(read(yaml)).hasSize(2);
  }

  @Test
  void nothingGetsOutOfAComment() {
    String yaml =
        YamlWriter.stream(
            List.of(
                new YamlWriter.Document(
                    List.of("x\nb: 2", "x\rb: 2", "x\u0085b: 2", "x\u2028b: 2", "\u202e\u001b[2J"),
                    new MappingBuilder().put("a", 1).build())));
    assertThat(yaml).matches("[\\n -~]*\\n").contains("# x\\u000ab: 2\n");
    assertThat(read(yaml)).singleElement().extracting(YamlWriterTest::json).isEqualTo("{\"a\":1}");
  }
}

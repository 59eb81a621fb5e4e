package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
  /// Controls, breaks of lines, and what turns text around or has no width; all else stays.
  @ParameterizedTest
  @CsvSource({
    "1b, \\u001B",
    "7f, \\u007F",
    "85, \\u0085",
    "9b, \\u009B",
    "ad, \\u00AD",
    "200b, \\u200B",
    "202e, \\u202E",
    "2028, \\u2028",
    "2029, \\u2029",
    "2066, \\u2066",
    "feff, \\uFEFF",
    "e0041, \\uDB40\\uDC41",
    "e9, \u00e9",
    "4e2d, \u4e2d",
    "1f600, \ud83d\ude00"
  })
  void whatCannotBeSeenIsEscaped(String point, String written) {
    String text = "a" + Character.toString(Integer.parseInt(point, 16)) + "b";
    Mapping mapping = new MappingBuilder().put(text, text).build();
    assertThat(JsonWriter.compact(mapping))
        .isEqualTo("{\"a%sb\":\"a%sb\"}".formatted(written, written));
    assertThat(Documents.read(JsonWriter.pretty(mapping).getBytes(UTF_8), Limits.MANIFEST))
        .isInstanceOfSatisfying(
            ParseResult.Documents.class,
            read ->
                assertThat(JsonWriter.compact(read.values().getFirst()))
                    .isEqualTo(JsonWriter.compact(mapping)));
  }
}

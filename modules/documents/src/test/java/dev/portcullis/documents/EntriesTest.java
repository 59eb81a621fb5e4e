package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Few entries are looked through, many are found by a hash: no user may see the difference.
final class EntriesTest {
  private static String object(int keys) {
    return IntStream.range(0, keys)
        .mapToObj("\"k%1$d\": %1$d"::formatted)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static Mapping read(String text) {
    return (Mapping)
        ((ParseResult.Documents) Documents.read(text.getBytes(UTF_8), Limits.MANIFEST))
            .values()
            .getFirst();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 10, 1000})
  void areFoundInTheirOrder(int keys) {
    Map<String, Mapping.Entry> entries = read(object(keys)).entries();
    assertThat(entries).hasSize(keys).doesNotContainKey("k" + keys);
    assertThat(entries.get("k" + keys)).isNull();
    int expected = 0;
    for (Map.Entry<String, Mapping.Entry> entry : entries.entrySet()) {
      assertThat(entry.getKey()).isEqualTo("k" + expected);
      assertThat(entries.get("k" + expected)).isSameAs(entry.getValue());
      assertThat(entry.getValue().value())
          .isEqualTo(new Value.Numeral(entry.getValue().value().at(), "" + expected));
      expected++;
    }
    assertThat(expected).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 9, 10, 1000})
  void noKeyStandsTwice(int keys) {
    String twice = object(keys - 1).replace("}", ", \"k0\": 7}");
    assertThat(Documents.readJson(twice.getBytes(UTF_8), Limits.MANIFEST))
        .isInstanceOfSatisfying(
            ParseResult.Malformed.class, bad -> assertThat(bad.message()).contains("\"k0\""));
    assertThat(Documents.read(("- " + twice).getBytes(UTF_8), Limits.MANIFEST))
        .isInstanceOf(ParseResult.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void neverChange(int keys) {
    Map<String, Mapping.Entry> entries = read(object(keys)).entries();
    var first = entries.entrySet().iterator();
    first.next();
    assertThatThrownBy(first::remove).isInstanceOf(UnsupportedOperationException.class);
  }
}

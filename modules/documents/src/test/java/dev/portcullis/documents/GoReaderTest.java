package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.documents.GoDecodeResult.Surprise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What Go reads is held against Go where a structure of Go is at hand, in `seccomp`.
class GoReaderTest {
  private static final Limits SMALL = new Limits(200, 5, 20);
  private static final GoShape.Struct SHAPE =
      new GoShape.Struct(
          new LinkedHashMap<>(
              Map.of(
                  "kind",
                  new GoShape.Text(),
                  "size",
                  new GoShape.Unsigned(false),
                  "names",
                  new GoShape.Slice(new GoShape.Text()))));

  private static GoDecodeResult read(String json) {
    return GoReader.read(json.replace('\'', '"').getBytes(UTF_8), SMALL, SHAPE);
  }

  private static GoDecodeResult.Decoded decoded(String json) {
    return (GoDecodeResult.Decoded) read(json);
  }

  @Test
  void everyValueKnowsItsPlace() {
    Mapping value = decoded("{'kind': 'a',\n 'NAMES': ['b']}").value();
    assertThat(value.at("names")).isEqualTo(new Position(2, 2));
    assertThat(value.get("kind")).isEqualTo(new Value.Text(new Position(1, 10), "a"));
  }

  @Test
  void surprisesInTheirOrder() {
    assertThat(decoded("{'KIND': 'a', 'what': 1, 'kind': '\\ud800'}").surprises())
        .extracting(Surprise::kind, each -> each.at().column(), Surprise::key, Surprise::field)
        .containsExactly(
            tuple(Surprise.Kind.FOLDED, 2, "KIND", "kind"),
            tuple(Surprise.Kind.SKIPPED, 15, "what", ""),
            tuple(Surprise.Kind.TWICE, 26, "kind", "kind"),
            tuple(Surprise.Kind.REPLACED, 34, "", ""));
    assertThat(decoded("{'kind': 'a'}").surprises()).isEmpty();
  }

  @Test
  void aWrongTypeIsNamed() {
    assertThat(read("{'size': 1, 'size': -1, 'names': 3}"))
        .isEqualTo(
            new GoDecodeResult.WrongType(
                new Position(1, 21),
                "`size` must be an integer from 0 to 18446744073709551615, written in digits,"
                    + " not the number -1"));
  }

  @Test
  void inputIsBounded() {
    assertThat(read("{'a': [[[[1]]]]}")).isInstanceOf(GoDecodeResult.Decoded.class);
    assertThat(read("{'a': [[[[[1]]]]]}"))
        .hasToString(malformed(1, 11, "nested more than 5 levels deep"));
    assertThat(read("{'names': [" + "'',".repeat(20) + "'']}"))
        .hasToString(malformed(1, 66, "more than 20 values"));
    assertThat(read(" ".repeat(201))).hasToString(malformed(0, 0, "larger than 200 bytes (201)"));
  }

  private static String malformed(int line, int column, String message) {
    return new GoDecodeResult.Malformed(new Position(line, column), message).toString();
  }

  @Test
  void caseIsFoldedAsGoFoldsIt() {
    Set<String> fields = Set.of("kind", "names");
    assertThat(GoKeys.field("kind", fields)).contains("kind");
    assertThat(GoKeys.field("\u212aIND", fields)).contains("kind");
    assertThat(GoKeys.field("name\u017f", fields)).contains("names");
    assertThat(GoKeys.field("k\u0131nd", fields)).isEmpty();
    assertThat(GoKeys.field("K\u0130ND", fields)).isEmpty();
    assertThat(GoKeys.field("kinds", fields)).isEmpty();
  }
}

package dev.portcullis.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonAdditionTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{} | {\"k\":[7]}",
        "{ } | {\"k\":[7] }",
        "{\"a\": 1} | {\"a\": 1,\"k\":[7]}",
        "{\"k\": null, \"a\": 1} | {\"k\": [7], \"a\": 1}",
        "{\"k\": []} | {\"k\": [7]}",
        "{\"k\": [ ], \"a\": 1} | {\"k\": [7 ], \"a\": 1}",
        "{\"k\": [1, [2]]} | {\"k\": [1, [2],7]}",
        "{\"k\": [\" ] \", \"\\\"]\"]} | {\"k\": [\" ] \", \"\\\"]\",7]}",
        "{\"k\": [{\"k\": [1]} ]} | {\"k\": [{\"k\": [1]},7 ]}",
        "{\"a\": {\"k\": [1]}, \"k\": [2]} | {\"a\": {\"k\": [1]}, \"k\": [2,7]}",
        "{\"a\": [{\"k\": [1]}]} | {\"a\": [{\"k\": [1]}],\"k\":[7]}",
        "{\"a\": \"k\"} | {\"a\": \"k\",\"k\":[7]}",
        "{\"\\u006b\": [1]} | {\"\\u006b\": [1,7]}",
        "{\"K\": [1]} | {\"K\": [1],\"k\":[7]}",
        "{\"é\u2028😀\": \"é😀\", \"k\": [\"é😀\"], \"z\": 0} |"
            + " {\"é\u2028😀\": \"é😀\", \"k\": [\"é😀\",7], \"z\": 0}",
      })
  void anItemIsAddedAndNothingElseChanges(String object, String expected) {
    assertThat(JsonAddition.toList(object, "k", "7")).isEqualTo(expected);
  }

  @Test
  void blanksStayBeforeTheBracket() {
    assertThat(JsonAddition.toList("\n{\"k\" : [\r\n\t1\r\n\t]\n}\n", "k", "7"))
        .isEqualTo("\n{\"k\" : [\r\n\t1,7\r\n\t]\n}\n");
    assertThat(JsonAddition.toList("{\n  \"a\": 1\n}\n", "k", "7"))
        .isEqualTo("{\n  \"a\": 1,\"k\":[7]\n}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "null",
        "\"k\"",
        "{",
        "{\"k\": [",
        "{\"k\": []",
        "{\"k\": null, x}",
        "{\"k\": 1}",
        "{\"k\": {}}",
        "{\"k\": \"\"}"
      })
  void whatHasNoSuchListIsRefused(String text) {
    assertThatThrownBy(() -> JsonAddition.toList(text, "k", "7"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package dev.portcullis.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `ReadsTest` compares with kubectl; these need no cluster.
class JsonPathTest {
  private static final String LIST =
      """
      {"items": [
        {"metadata": {"name": "a", "annotations": {"x.dev/y": "1"}}, "spec": {"z": true, "b": [2]}},
        {"metadata": {"name": "b"}, "spec": {}}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "{.items[*].metadata.name}                            | a b",
        "{.items[1].metadata.name}                            | b",
        "{.items[0].metadata.annotations.x\\.dev/y}           | 1",
        "{.items[0].metadata.annotations['x\\.dev/y']}        | 1",
        "{.items[?(@.none=='a')].metadata.name}               | ''",
        "{range .items[*]}[{.metadata.name}{.spec.z}]{end}    | [atrue][b]",
        "{.items[0].spec}                                     | {\"b\":[2],\"z\":true}",
        "{.items[0].none.name} and {.items[0].metadata.name}  | ' and a'"
      })
  void whatIsPrinted(String template, String printed) throws IOException {
    assertThat(JsonPath.parse(template).orElseThrow().of(LIST)).isEqualTo(printed);
  }

  @Test
  void anItemThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> JsonPath.parse("{.items[7].metadata}").orElseThrow().of(LIST))
        .isInstanceOf(IOException.class)
        .hasMessage("array index out of bounds: index 7 of 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{..name}", "{.items[-1:]}", "{.a", "{range .a[*]}", "{.items[?(@.a>1)].b}", "{}"})
  void whatIsNotUnderstoodIsLeftToKubectl(String template) {
    assertThat(JsonPath.parse(template)).isEmpty();
  }
}

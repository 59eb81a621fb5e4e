package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMistakeTest {
  private static final Limits LIMITS = new Limits(4096, 20, 1000);

  private static ParseResult read(String text) {
    return Documents.readJson(text.getBytes(UTF_8), LIMITS);
  }

  /// The text, with | for a line break and ~ for a single quote; the line, and what is said.
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{|// why|\"a\": 1}@2@JSON has no comments; remove this one",
        "{\"a\": 1 /* why */}@1@JSON has no comments; remove this one",
        "{\"a\": 1,|# why|\"b\": 2}@2@JSON has no comments; remove this one",
        "{\"a\": [1,|]}@2@a comma before ]; remove it",
        "{\"a\": 1,|}@2@a comma before }; remove it",
        "{\"a\": [1,,2]}@1@there is a comma instead of a value",
        "{~a~: 1}@1@use double quotes instead of single ones",
        "{\"a\": ~b~}@1@use double quotes instead of single ones",
        "{a: 1}@1@a field name must be in double quotes",
        "{\"a\": 0x8}@1@numbers are decimal digits: 8, not 0x8",
        "{\"a\": 0xFFFFFFFFFFFFFFFF}@1@numbers are decimal digits: 18446744073709551615,"
            + " not 0xFFFFFFFFFFFFFFFF",
        "{\"a\": 010}@1@numbers are decimal digits, and do not begin with 0",
        "{\"a\": +1}@1@numbers are decimal digits, with a digit on each side of the point, and"
            + " without a +",
        "{\"a\": .5}@1@numbers are decimal digits, with a digit on each side of the point, and"
            + " without a +",
        "{\"a\": NaN}@1@numbers are decimal digits",
        "{\"a\": True}@1@write true, false and null in lower case",
        "{\"a\": None}@1@write true, false and null in lower case",
        "{\"a\": SCMP_ACT_ALLOW}@1@text must be in double quotes",
        "defaultAction: SCMP_ACT_ALLOW@1@an object starts with {, but this does not (is it YAML?)",
        "/etc/docker/seccomp.json@1@this is a path, not the content of a file",
        "<html></html>@1@this is HTML or XML",
        "404: Not Found@1@there is text after the first value",
        "{\"a\": 1|\"b\": 2}@2@a comma is missing before this",
        "{\"a\": [1 2]}@1@a comma is missing before this",
        "{\"a\" 1}@1@a colon is missing after the name of a field",
        "{\"a\": \"b|c\"}@1@a string must end on the line where it starts; write a line break as"
            + " \\n",
        "{\"a\": \"\\w\"}@1@the escape is invalid; write a backslash in a string as \\\\",
        "{\"a\": \"b@1@the text is incomplete: a closing quote, } or ] is missing",
      })
  void whatIsWrongIsSaidWithItsLine(String text, int line, String words) {
    String json = text.replace('|', '\n').replace('~', '\'');
    assertThat(read(json))
        .isInstanceOfSatisfying(
            ParseResult.Malformed.class,
            malformed -> {
              assertThat(malformed.message()).isEqualTo("not JSON: " + words);
              assertThat(malformed.at().line()).isEqualTo(line);
            });
  }

  /// Nothing that a text holds makes it fail otherwise than with words.
  @Test
  void anyTextIsReadOrRefused() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(17);
    String letters = "{}[]:,\"'/*#+-.0x9eEtrufalsnN \n\\<\u00e9\u2028\ud83d\ude00";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(12);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(read(text.toString())).isNotNull();
    }
  }
}

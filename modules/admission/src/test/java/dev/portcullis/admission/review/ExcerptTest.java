package dev.portcullis.admission.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void whatIsShortIsWhole() {
    for (String text : new String[] {"", "a", "a".repeat(3_000)}) {
      assertThat(Excerpt.of(text)).isSameAs(text);
    }
  }

  @Test
  void whatIsLongHasABeginningAndAnEnd() {
    assertThat(Excerpt.of("a".repeat(1_500) + "b".repeat(1_000_000) + "c".repeat(500)))
        .isEqualTo(
            "a".repeat(1_500) + " ... (1000000 characters are left out) ... " + "c".repeat(500));
  }

  @Test
  void noCharacterIsCut() {
    String text = "x" + "\uD83D\uDE00".repeat(5_000) + "y";
    assertThat(Excerpt.of(text).chars().filter(c -> Character.isSurrogate((char) c)).count())
        .isEven();
    assertThat(Excerpt.of(text).codePoints())
        .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  /// A webhook is asked before the API server has looked at names.
  @Test
  void nothingIsObeyed() {
    assertThat(
            Excerpt.of(
                "metadata.annotations.x\nhelp: run this\u001b[2J\u2028\u202e\u0085\u009b31m\r"))
        .isEqualTo(
            "metadata.annotations.x\\nhelp: run this\\x1b[2J\\u2028\\u202e\\u0085\\u009b31m\\r");
    assertThat(Excerpt.of("\"ä\" \\ 日本")).isEqualTo("\"ä\" \\ 日本");
    assertThat(Excerpt.of("x".repeat(4_000) + "\n")).endsWith("x\\n");
  }
}

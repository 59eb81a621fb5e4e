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
}

package dev.portcullis.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrapTest {
  @Test
  void betweenWordsElseAfterASeparatorElseAnywhere() {
    assertThat(Wrap.within("one two three", 7)).containsExactly("one two", "three");
    assertThat(Wrap.within("a localhost/team/web.json b", 12))
        .containsExactly("a", "localhost/", "team/web.", "json b");
    assertThat(Wrap.within("x".repeat(10), 4)).containsExactly("xxxx", "xxxx", "xx");
  }

  /// A separator near the beginning would leave the line empty.
  @Test
  void notAfterTheFirstSeparatorOfALongName() {
    assertThat(Wrap.within("a/" + "x".repeat(20), 12)).startsWith("a/" + "x".repeat(10));
  }

  @Test
  void aLongWordHasALineOfItsOwnWhereItMayBeLonger() {
    assertThat(Wrap.words("a localhost/team b", 6)).containsExactly("a", "localhost/team", "b");
  }

  @Test
  void whatIsAsWideAsTwoIsCountedSo() {
    assertThat(Wrap.within("世界世界", 4)).containsExactly("世界", "世界");
    assertThat(Wrap.words("世界 世界", 5)).containsExactly("世界", "世界");
    assertThat(Wrap.within("世", 1)).containsExactly("世");
  }
}

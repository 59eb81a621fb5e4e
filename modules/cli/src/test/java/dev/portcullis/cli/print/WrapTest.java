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

  /// Short as the first line gets: what comes after the separator is whole.
  @Test
  void aNameIsBrokenAfterItsFirstSeparatorWhereTheRestFits() {
    assertThat(Wrap.within("pod-annotation", 13)).containsExactly("pod-", "annotation");
    assertThat(Wrap.within("a/bcdefghijkl", 12)).containsExactly("a/", "bcdefghijkl");
    assertThat(Wrap.within("containerd/default@1.7.34", 18))
        .containsExactly("containerd/", "default@1.7.34");
  }

  @Test
  void beforeACapitalWithinAName() {
    assertThat(Wrap.within("localhostProfile", 12)).containsExactly("localhost", "Profile");
    assertThat(Wrap.within("spec.securityContext.seccompProfile", 16))
        .containsExactly("spec.security", "Context.seccomp", "Profile");
    assertThat(Wrap.within("SCMP_ACT_ALLOW", 10)).containsExactly("SCMP_ACT_", "ALLOW");
    // Capitals that stand together are one word.
    assertThat(Wrap.within("abcABCDEFGH", 9)).containsExactly("abc", "ABCDEFGH");
  }

  @Test
  void separatorsThatStandTogetherStayTogether() {
    assertThat(Wrap.within("https://example.com/x", 12))
        .containsExactly("https://", "example.com/", "x");
    assertThat(Wrap.within("----------", 4)).containsExactly("----", "----", "--");
  }

  @Test
  void whatATextNeedsToStayWhole() {
    assertThat(Wrap.uncut("WITH PORTCULLIS")).isEqualTo(10);
    assertThat(Wrap.uncut("localhost/batch/no-network.json")).isEqualTo(10);
    assertThat(Wrap.uncut("世界")).isEqualTo(4);
    assertThat(Wrap.uncut("")).isZero();
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

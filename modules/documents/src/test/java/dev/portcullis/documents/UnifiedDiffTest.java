package dev.portcullis.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static String diff(String before, TextEdit... edits) {
    StringBuilder text = new StringBuilder();
    for (UnifiedDiff.Hunk hunk : UnifiedDiff.of(before, List.of(edits))) {
      text.append(hunk.header()).append('\n');
      for (UnifiedDiff.Line line : hunk.lines()) {
        text.append(line.side().sign()).append(line.text()).append(line.unended() ? "|\n" : "\n");
      }
    }
    return text.toString();
  }

  @Test
  void aLineMoreHasThreeAround() {
    assertThat(diff("1\n2\n3\n4\n5\n6\n7\n8\n", new TextEdit(8, 0, "new\n")))
        .isEqualTo("@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n");
  }

  @Test
  void aChangeWithinALineReplacesTheLine() {
    assertThat(diff("a\nbcd\ne\n", new TextEdit(3, 1, "x")))
        .isEqualTo("@@ -1,3 +1,3 @@\n a\n-bcd\n+bxd\n e\n");
  }

  @Test
  void changesFarFromEachOtherHaveHunksOfTheirOwn() {
    String lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    assertThat(diff(lines, new TextEdit(0, 0, "x\n"), new TextEdit(18, 0, "y\n")))
        .isEqualTo("@@ -1,3 +1,4 @@\n+x\n 1\n 2\n 3\n@@ -7,3 +8,4 @@\n 7\n 8\n 9\n+y\n");
    assertThat(diff(lines, new TextEdit(0, 2, ""), new TextEdit(14, 2, "")))
        .isEqualTo("@@ -1,9 +1,7 @@\n-1\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n 9\n");
  }

  @Test
  void aTextThatDoesNotEndWithALineFeed() {
    assertThat(diff("a\nb", new TextEdit(3, 0, "\nc")))
        .isEqualTo("@@ -1,2 +1,3 @@\n a\n-b|\n+b\n+c|\n");
  }

  @Test
  void nothingIsTheSame() {
    assertThat(diff("a\n")).isEmpty();
  }

  /// By a patch(1) of our own: what the hunks say makes the new text of the old one.
  @Test
  void theHunksMakeTheNewText() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int line = random.nextInt(30); line > 0; line--) {
        text.append("abc\r", 0, random.nextInt(5)).append('\n');
      }
      if (random.nextInt(3) == 0) {
        text.append("end");
      }
      List<TextEdit> edits = new ArrayList<>();
      for (int at = random.nextInt(9); at < text.length(); at += 1 + random.nextInt(40)) {
        int length = random.nextInt(Math.min(4, text.length() - at) + 1);
        edits.add(new TextEdit(at, length, random.nextBoolean() ? "x\ny\n" : "z"));
        at += length;
      }
      String before = text.toString();
      assertThat(patched(before, UnifiedDiff.of(before, edits)))
          .isEqualTo(TextEdit.apply(before, edits));
    }
  }

  private static String patched(String before, List<UnifiedDiff.Hunk> hunks) {
    List<String> old = new ArrayList<>(List.of(before.split("(?<=\n)")));
    if (before.isEmpty()) {
      old.clear();
    }
    StringBuilder now = new StringBuilder();
    int at = 0;
    int newLines = 0;
    for (UnifiedDiff.Hunk hunk : hunks) {
      int start = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
      for (; at < start; at++) {
        now.append(old.get(at));
        newLines++;
      }
      assertThat(newLines).isEqualTo(hunk.newCount() == 0 ? hunk.newStart() : hunk.newStart() - 1);
      for (UnifiedDiff.Line line : hunk.lines()) {
        String text = line.text() + (line.unended() ? "" : "\n");
        if (line.side() != UnifiedDiff.Side.NEW) {
          assertThat(old.get(at++)).isEqualTo(text);
        }
        if (line.side() != UnifiedDiff.Side.OLD) {
          now.append(text);
          newLines++;
        }
      }
    }
    for (; at < old.size(); at++) {
      now.append(old.get(at));
    }
    return now.toString();
  }

  @Test
  void editsOfOnePlaceOverlap() {
    TextEdit one = new TextEdit(1, 2, "x");
    assertThat(TextEdit.overlap(TextEdit.ordered(List.of(one, new TextEdit(2, 1, ""))))).isTrue();
    assertThat(TextEdit.overlap(TextEdit.ordered(List.of(one, new TextEdit(1, 2, "y"))))).isTrue();
    assertThat(TextEdit.overlap(TextEdit.ordered(List.of(one, one)))).isFalse();
    assertThat(TextEdit.overlap(TextEdit.ordered(List.of(new TextEdit(3, 1, ""), one)))).isFalse();
    assertThatThrownBy(() -> TextEdit.apply("abc", List.of(one, new TextEdit(2, 1, ""))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

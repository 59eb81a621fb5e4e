package dev.portcullis.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.TreeComparison.ObjectChange;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TreeComparisonTest {
  private static final Mapping NEW = new MappingBuilder().put("x", "new").build();

  private static Mapping read(String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents documents -> (Mapping) documents.values().getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static boolean isAsAsked(String before, String after, ObjectChange change) {
    Mapping old = read(before);
    IdentityHashMap<Mapping, ObjectChange> changes = new IdentityHashMap<>();
    if (!(old.get("o") instanceof Mapping object)) {
      throw new AssertionError(before);
    }
    changes.put(object, change);
    return TreeComparison.difference(old, read(after), changes) == null;
  }

  private static ObjectChange put(int times) {
    return new ObjectChange(Map.of("m", NEW), Set.of(), times);
  }

  @Test
  void whatWasAskedForAndNothingElse() {
    String before = "o: {a: 1, b: yes}\nlist: [1, 2]\n";
    assertThat(isAsAsked(before, "list: [1, 2]\no: {m: {x: new}, b: yes, a: 1}\n", put(1)))
        .isTrue();
    assertThat(isAsAsked(before, before, put(1))).isFalse();
    assertThat(isAsAsked(before, "o: {a: 1, b: yes, m: {x: other}}\nlist: [1, 2]", put(1)))
        .isFalse();
    assertThat(isAsAsked(before, "o: {a: 1, b: 'yes', m: {x: new}}\nlist: [1, 2]", put(1)))
        .isFalse();
    assertThat(isAsAsked(before, "o: {a: 2, b: yes, m: {x: new}}\nlist: [1, 2]", put(1))).isFalse();
    assertThat(isAsAsked(before, "o: {b: yes, m: {x: new}}\nlist: [1, 2]", put(1))).isFalse();
    assertThat(isAsAsked(before, "o: {a: 1, b: yes, m: {x: new}}\nlist: [1]", put(1))).isFalse();
    assertThat(isAsAsked(before, "o: {a: 1, b: yes, m: {x: new}}\nlist: [2, 1]", put(1))).isFalse();
    ObjectChange removal = new ObjectChange(Map.of(), Set.of("a"), 1);
    assertThat(isAsAsked(before, "o: {b: yes}\nlist: [1, 2]", removal)).isTrue();
    assertThat(isAsAsked(before, "o: {a: 1}\nlist: [1, 2]", removal)).isFalse();
  }

  @Test
  void anAliasMayNotChangeMoreThanWasAskedFor() {
    String before = "o: &o {a: 1}\nagain: *o\n";
    String after = "o: &o {a: 1, m: {x: new}}\nagain: *o\n";
    assertThat(isAsAsked(before, after, put(1))).isFalse();
    assertThat(isAsAsked(before, after, put(2))).isTrue();
  }

  @Test
  void twoWhoAskForTheSame() {
    assertThat(TreeComparison.joined(put(1), put(2))).isEqualTo(put(3));
    ObjectChange other =
        new ObjectChange(Map.of("m", new MappingBuilder().put("x", "other").build()), Set.of(), 1);
    assertThat(TreeComparison.joined(put(1), other)).isNull();
  }
}

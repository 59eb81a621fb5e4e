package dev.portcullis.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static String anew(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Test
  void aKeyThatRecursIsOneString() {
    assertThat(Keys.shared(anew("containers"))).isSameAs(Keys.shared(anew("containers")));
  }

  /// Far more than there are slots.
  @Test
  void eachKeyIsItself() {
    IntStream.range(0, 5_000)
        .mapToObj(i -> "key-" + i)
        .forEach(key -> assertThat(Keys.shared(anew(key))).isEqualTo(key));
  }

  @Test
  void longOnesAreNotKept() {
    String key = "k".repeat(65);
    assertThat(Keys.shared(anew(key))).isNotSameAs(Keys.shared(anew(key))).isEqualTo(key);
  }

  /// Beyond eight keys there is an index, and the order stays that of the document.
  @Test
  void entriesKeepTheirOrder() {
    Entries.Builder builder = new Entries.Builder();
    Mapping.Entry value = new Mapping.Entry(Position.NONE, new Value.Null(Position.NONE));
    for (int i = 20; i > 0; i--) {
      builder.add("key" + i, value);
      builder.addIfNew("key" + i, new Mapping.Entry(new Position(1, 1), value.value()));
    }
    Entries entries = builder.done();
    assertThat(entries.keySet())
        .containsExactlyElementsOf(
            IntStream.iterate(20, i -> i > 0, i -> i - 1).mapToObj(i -> "key" + i).toList());
    assertThat(entries.get("key7")).isSameAs(value);
    assertThat(entries.get("key21")).isNull();
    assertThat(entries.containsKey(null)).isFalse();
  }
}

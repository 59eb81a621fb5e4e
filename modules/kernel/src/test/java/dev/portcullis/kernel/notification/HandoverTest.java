package dev.portcullis.kernel.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {
  /// As runc writes it, in one line, and crun, over several.
  private static final String RUNC =
      "{\"ociVersion\":\"1.0.2-dev\",\"fds\":[\"seccompFd\"],\"pid\":17,\"metadata\":\"a/b\","
          + "\"state\":{\"id\":\"c0\",\"status\":\"creating\",\"pid\":17,"
          + "\"annotations\":{\"brace\":\"}\\\"}\"}}}";

  private static Handover parsed(String json) {
    return Handover.parse(json.getBytes(UTF_8)).orElseThrow();
  }

  @Test
  void whatARuntimeSays() {
    assertThat(parsed(RUNC)).isEqualTo(new Handover("a/b", "c0", 17));
    assertThat(parsed(RUNC.replace(",", ",\n  ").replace("\"metadata\":\"a/b\",", "")))
        .isEqualTo(new Handover("", "c0", 17));
  }

  /// Braces in texts do not count: nothing tells the end but they.
  @Test
  void itIsWholeWithItsLastBrace() {
    byte[] whole = RUNC.getBytes(UTF_8);
    assertThat(Handover.isWhole(whole)).isTrue();
    for (int end = 0; end < whole.length; end++) {
      assertThat(Handover.isWhole(RUNC.substring(0, end).getBytes(UTF_8))).as("%d", end).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"pid\":1}",
        "{\"state\":{\"id\":\"x\"}}",
        "{\"pid\":-1,\"state\":{\"id\":\"x\"}}",
        "{\"pid\":1e9,\"state\":{\"id\":\"x\"}}",
        "{\"pid\":1,\"state\":{\"id\":7}}"
      })
  void anythingElseIsNone(String text) {
    assertThat(Handover.parse(text.getBytes(UTF_8))).isEmpty();
  }
}

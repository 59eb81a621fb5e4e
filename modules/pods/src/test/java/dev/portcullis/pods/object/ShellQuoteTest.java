package dev.portcullis.pods.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellQuoteTest {
  @Test
  void plainWordsStayAsTheyAre() {
    assertThat(
            ShellQuote.join(
                List.of("policy", "grant", "web", "--to", "user:alice@example.com", "-n", "shop")))
        .isEqualTo("policy grant web --to user:alice@example.com -n shop");
  }

  /// Held against a shell: it hands on the words that were quoted, and does nothing else.
  @Test
  void aShellTakesTheSameWords() throws IOException, InterruptedException {
    List<String> words =
        List.of(
            "it's", "", "a b", "$(id)", "`id`", "a;b", "a\\", "~", "*", "a\"b", "$HOME", "!x",
            "#x");
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "printf '%s|' " + ShellQuote.join(words)).start();
    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(output).isEqualTo(String.join("|", words) + "|");
  }

  @Test
  void whatATerminalActsUponIsNotShown() {
    assertThat(ShellQuote.isShown("localhost/a \"b\"")).isTrue();
    for (String text : List.of("a\nb", "a\u001b[2J", "a\u202eb", "a\u00a0b", "a\u200bb")) {
      assertThat(ShellQuote.isShown(text)).isFalse();
    }
  }
}

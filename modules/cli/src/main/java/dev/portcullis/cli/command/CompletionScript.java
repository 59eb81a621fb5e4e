package dev.portcullis.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// The script by which a shell completes command lines. It knows nothing of verbs: it asks for a
/// {@link Completion}. So one that was installed with another version is as good.
enum CompletionScript {
  BASH("portcullis.bash"),
  ZSH("_portcullis"),
  FISH("portcullis.fish");

  /// Where `tools/deb` takes it from.
  private final String file;

  CompletionScript(String file) {
    this.file = file;
  }

  /// The name of the shell.
  String shell() {
    return name().toLowerCase(Locale.ROOT);
  }

  String text() throws IOException {
    try (InputStream in = CompletionScript.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + file);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}

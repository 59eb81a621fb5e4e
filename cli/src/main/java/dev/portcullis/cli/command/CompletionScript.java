package dev.portcullis.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Grammar;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// `portcullis completion bash|zsh|fish`
///
/// The scripts know nothing of verbs: they ask for a {@link Completion}. So one that was installed
/// with another version is as good.
enum CompletionScript {
  BASH("portcullis.bash", "source <(portcullis completion bash)"),
  ZSH("_portcullis", "source <(portcullis completion zsh)"),
  FISH("portcullis.fish", "portcullis completion fish | source");

  /// Where `tools/deb` takes them from.
  private final String file;

  private final String switchOn;

  CompletionScript(String file, String switchOn) {
    this.file = file;
    this.switchOn = switchOn;
  }

  static final Verb VERB =
      Verb.group(
          "completion",
          "print the script by which a shell completes command lines",
          "command-line.md",
          List.of(BASH.verb(), ZSH.verb(), FISH.verb()));

  private Verb verb() {
    String shell = name().toLowerCase(java.util.Locale.ROOT);
    return new Verb(
        "completion " + shell,
        new Help(
            "print the script for " + shell,
            List.of("[options]"),
            "Completes verbs, options, their values, and the names of files and of built-in"
                + " defaults. In this shell: "
                + switchOn
                + ". The Debian package has it switched on.",
            List.of(
                new Help.Example("completion " + shell, "the script"),
                new Help.Example("completion " + shell + " > " + file, "into a file")),
            Map.of(ExitCode.OK, "printed"),
            "command-line.md"),
        Grammar.of(),
        (arguments, terminal) -> {
          arguments.requireNoOperands();
          terminal.out().print(text());
          return ExitCode.OK;
        });
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

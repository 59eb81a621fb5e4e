package dev.portcullis.cli.input;

import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.seccomp.compile.Compiler;
import java.time.Duration;

/// What makes filters for a command that ends. Everything in a command shares it, with what it
/// knows of profiles that take too long.
public final class CommandCompiler {
  /// That libseccomp has for a filter.
  private static final Duration LIBSECCOMP = Duration.ofSeconds(10);

  private static final Compiler COMPILER = Compiler.by(BoundedCompiler.ofCommand(LIBSECCOMP));

  private CommandCompiler() {}

  /// The one of this process. It has a process of its own where a profile wants one, which ends
  /// with this.
  public static Compiler get() {
    return COMPILER;
  }
}

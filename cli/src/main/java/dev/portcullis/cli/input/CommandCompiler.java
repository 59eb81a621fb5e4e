package dev.portcullis.cli.input;

import dev.portcullis.seccomp.compile.Compiler;

/// What makes filters for a command that ends.
public final class CommandCompiler {
  private CommandCompiler() {}

  /// One for this process.
  public static Compiler get() {
    return Compiler.inThisProcess();
  }
}

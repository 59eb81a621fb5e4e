package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;

/// How filters on the command line come to be.
///
/// @param mode how files are read
/// @param target the machine and the container that Docker's conditions are decided for, and a
///   runtime's default
/// @param runtime that is asked for its default
public record FilterSource(
    ReadingMode mode, Target target, Compiler compiler, Dialect dialect, RuntimeQuestion runtime) {

  /// By the options of {@link FilterOptions}, for all operands.
  public static FilterSource of(Arguments arguments) throws UsageException, IOException {
    RuntimeQuestion runtime = RuntimeQuestion.of(arguments);
    return new FilterSource(
        FilterOptions.readingMode(arguments),
        runtime.target(arguments, arguments.operands()),
        CommandCompiler.get(),
        FilterOptions.dialect(arguments),
        runtime);
  }
}

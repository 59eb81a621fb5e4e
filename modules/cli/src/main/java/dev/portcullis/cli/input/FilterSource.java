package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// How filters on the command line come to be.
///
/// @param profiles that they are made of
public record FilterSource(ProfileSource profiles, Compiler compiler, Dialect dialect) {

  /// By the options of {@link FilterOptions}, for all operands.
  public static FilterSource of(Arguments arguments, InputStream in)
      throws UsageException, IOException {
    return of(ProfileSource.of(arguments, arguments.operands(), in), arguments);
  }

  /// The same for some of the operands, where only the runtime itself can report its default.
  public static FilterSource ofThatRuntime(
      List<String> operands, Arguments arguments, InputStream in)
      throws UsageException, IOException {
    return of(
        ProfileSource.of(arguments, operands, RuntimeQuestion.ofThatRuntime(arguments), in),
        arguments);
  }

  private static FilterSource of(ProfileSource profiles, Arguments arguments)
      throws UsageException {
    return new FilterSource(profiles, CommandCompiler.get(), FilterOptions.dialect(arguments));
  }

  /// The machine and the container that they are made for.
  public Target target() {
    return profiles.target();
  }
}

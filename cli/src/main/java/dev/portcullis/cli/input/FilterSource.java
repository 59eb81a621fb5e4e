package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.util.List;

/// How filters on the command line come to be.
///
/// @param profiles that they are made of
public record FilterSource(ProfileSource profiles, Compiler compiler, Dialect dialect) {

  /// By the options of {@link FilterOptions}, for all operands.
  public static FilterSource of(Arguments arguments) throws UsageException, IOException {
    return of(arguments.operands(), arguments);
  }

  /// The same for some of the operands.
  public static FilterSource of(List<String> operands, Arguments arguments)
      throws UsageException, IOException {
    return new FilterSource(
        ProfileSource.of(arguments, operands),
        CommandCompiler.get(),
        FilterOptions.dialect(arguments));
  }

  /// The machine and the container that they are made for.
  public Target target() {
    return profiles.target();
  }
}

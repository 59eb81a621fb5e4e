package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// How profiles on the command line are read.
///
/// @param mode of files
/// @param target the machine and the container that Docker's conditions are decided for, and a
///   runtime's default
/// @param runtime that is asked for its default
/// @param input what the operand `-` stands for
public record ProfileSource(
    ReadingMode mode, Target target, RuntimeQuestion runtime, StandardInput input) {
  /// By the options of a verb.
  ///
  /// @param operands all that will be read
  public static ProfileSource of(Arguments arguments, List<String> operands, InputStream in)
      throws UsageException, IOException {
    return of(arguments, operands, RuntimeQuestion.of(arguments), in);
  }

  static ProfileSource of(
      Arguments arguments, List<String> operands, RuntimeQuestion runtime, InputStream in)
      throws UsageException, IOException {
    return new ProfileSource(
        FilterOptions.readingMode(arguments),
        runtime.target(arguments, operands),
        runtime,
        new StandardInput(in));
  }

  /// The profile of a file, or `runtime/default`.
  ///
  /// @throws UsageException where it is said by what has no text: `unconfined`, `pid:N`
  public ProfileOperand read(String text) throws UsageException {
    return ProfileOperand.read(text, mode, target, runtime, input);
  }
}

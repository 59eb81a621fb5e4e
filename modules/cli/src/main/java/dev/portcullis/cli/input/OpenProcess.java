package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PodOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.kernel.process.LiveProcess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A process that is held open, and what it is called.
///
/// @param text `pid:1234`, or the pod and the container that it belongs to
/// @param container where it is the first of one
public record OpenProcess(
    String text, LiveProcess process, DenialPlace.@Nullable OfContainer container)
    implements AutoCloseable {

  /// The process of an operand that can mean nothing else: `1234`, `pid:1234`, or `pod/NAME` by the
  /// {@link PodOptions} on the runtime of {@link RuntimeOptions#USUAL_ENDPOINT}.
  public static OpenProcess of(String operand, Arguments arguments)
      throws UsageException, IOException {
    if (PodArgument.isOne(operand)) {
      return PodArgument.read(operand, arguments)
          .open(arguments.text(RuntimeOptions.USUAL_ENDPOINT), new PodNode(arguments));
    }
    ProcessArgument process = ProcessArgument.parseAlsoNumber(operand);
    if (process == null) {
      throw new UsageException(
          "\"" + operand + "\" is neither a process nor a pod; write 1234, pid:1234 or pod/NAME");
    }
    for (Option option : PodOptions.ALL) {
      if (arguments.has(option)) {
        throw new UsageException(option.text() + " is for pod/NAME, and this is " + operand);
      }
    }
    return new OpenProcess(process.text(), process.open(), null);
  }

  /// What to report where it is not there any more.
  public IOException ended() {
    return new IOException(text + ": there is no such process, or it has ended");
  }

  @Override
  public void close() {
    process.close();
  }
}

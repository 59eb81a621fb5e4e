package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.seccomp.compare.Beside;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A living process on the command line: `pid:N`.
///
/// @param text as it was given
public record ProcessArgument(String text, int pid) {
  private static final String PREFIX = "pid:";

  /// Whether a text means a process, be there one or not.
  public static boolean isOne(String text) {
    return text.startsWith(PREFIX);
  }

  public static ProcessArgument read(String text) throws UsageException {
    ProcessArgument process = parse(text);
    if (process == null) {
      throw new UsageException("\"" + text + "\" is not a process; write pid:1234");
    }
    return process;
  }

  /// The same for an operand that may be a number alone; null where it is not a process.
  static @Nullable ProcessArgument parseAlsoNumber(String text) {
    return parse(text.matches("[0-9]+") ? PREFIX + text : text);
  }

  private static @Nullable ProcessArgument parse(String text) {
    try {
      int pid = Integer.parseInt(text, PREFIX.length(), text.length(), 10);
      return isOne(text) && pid > 0 && text.equals(PREFIX + pid)
          ? new ProcessArgument(text, pid)
          : null;
    } catch (NumberFormatException | IndexOutOfBoundsException notANumber) {
      return null;
    }
  }

  /// The process.
  public LiveProcess open() throws IOException {
    return LiveProcess.open(pid).orElseThrow(this::ended);
  }

  /// What to report where it is not there any more.
  public IOException ended() {
    return new IOException(text + ": there is no such process, or it has ended");
  }

  /// The filters of its first thread.
  FilterArgument filters() throws InterruptedException {
    try (LiveProcess process = open()) {
      Optional<LiveFilters> live = LiveFilters.read(process);
      List<Long> otherwise = process.filteredOtherwise();
      return live.isEmpty()
          ? failed(ended())
          : new FilterArgument(
              text,
              live.get().filters(),
              // Without a filter there is neither a listener nor a flag.
              live.get().filters().newestFirst().isEmpty() ? Beside.NONE : null,
              List.of(),
              notes(live.get(), otherwise));
    } catch (IOException failed) {
      return failed(failed);
    }
  }

  private FilterArgument failed(IOException failed) {
    return FilterArgument.failed(
        text, List.of(new Diagnostic(String.valueOf(failed.getMessage()), ExitCode.WORLD)));
  }

  private List<String> notes(LiveFilters live, List<Long> otherwise) {
    List<String> notes = new ArrayList<>();
    int size = live.filters().newestFirst().size();
    if (size > 1) {
      notes.add(text + ": " + size + " filters; of what they say the most severe counts");
    }
    if (!otherwise.isEmpty()) {
      notes.add(
          text
              + ": these are the filters of its first thread; other threads ("
              + otherwise.size()
              + ", such as "
              + otherwise.getFirst()
              + ") have filters of their own");
    }
    return notes;
  }
}

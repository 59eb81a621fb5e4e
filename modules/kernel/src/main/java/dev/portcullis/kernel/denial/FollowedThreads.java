package dev.portcullis.kernel.denial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.kernel.process.RecentTasks;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the threads of a trace execute: most have ended when their events are read.
final class FollowedThreads {
  private static final int MOST = 1 << 14;
  // TASK_COMM_LEN of linux/sched.h, with its zero
  private static final int LONGEST_COMMAND = 15;

  private final Map<Integer, Known> threads = new RecentTasks<>(MOST);

  /// @param asked whether /proc was asked
  private record Known(DeniedProcess process, boolean asked) {}

  void accept(TraceEvent event) {
    switch (event) {
      case ThreadBirth(_, int parent, int child) -> {
        Known known = threads.get(parent);
        if (known == null) {
          threads.remove(child);
        } else {
          threads.put(child, new Known(new DeniedProcess(child, known.process().command()), false));
        }
      }
      case ProgramStart(_, int thread, String file) -> {
        String name = file.substring(file.lastIndexOf('/') + 1);
        threads.put(
            thread,
            new Known(
                new DeniedProcess(
                    thread,
                    name.length() > LONGEST_COMMAND ? name.substring(0, LONGEST_COMMAND) : name),
                false));
      }
      case CallEntry _, CallExit _, NativeCall _, EventLoss _ -> {}
    }
  }

  /// The process of a thread, as it is or was.
  DeniedProcess of(int thread) {
    Known known = threads.get(thread);
    if (known != null && known.asked()) {
      return known.process();
    }
    DeniedProcess asked = ask(thread);
    DeniedProcess process =
        asked != null ? asked : known != null ? known.process() : new DeniedProcess(thread, "?");
    threads.put(thread, new Known(process, true));
    return process;
  }

  private static @Nullable DeniedProcess ask(int thread) {
    try {
      int pid = -1;
      for (String line : text(Path.of("/proc/" + thread + "/status")).split("\n", -1)) {
        if (line.startsWith("Tgid:")) {
          pid = Integer.parseInt(line.substring(5).strip());
        }
      }
      return new DeniedProcess(pid, text(Path.of("/proc/" + pid + "/comm")).strip());
    } catch (IOException ended) {
      return null;
    }
  }

  /// A program's name for itself may be no UTF-8.
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }
}

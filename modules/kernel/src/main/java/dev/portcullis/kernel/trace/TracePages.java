package dev.portcullis.kernel.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/// Reads pages of the kernel's ring buffer, as `trace_pipe_raw` gives them (linux/ring_buffer.h,
/// `header_page` and `header_event` of tracefs). Of text, as `trace_pipe` gives it, a call costs
/// the kernel and the reader ten times as much.
final class TracePages {
  // kernel/trace/ring_buffer.c: RB_MISSED_EVENTS, RB_MISSED_STORED
  private static final int MISSED = 1 << 31;
  private static final int MISSED_STORED = 1 << 30;
  private static final int LENGTH = 0x0fff_ffff;
  private static final int HEADER = 16;

  // enum ring_buffer_type
  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int TIME_STAMP = 31;
  private static final int DELTA_BITS = 27;
  private static final int TYPE_BITS = 5;

  /// `args` of sys_enter.
  private static final int ARGUMENTS = 6;

  private final CallEvents calls;
  private final EventFormat entry;
  private final EventFormat exit;
  private final EventFormat fork;
  private final EventFormat exec;
  private final int number;
  private final int first;
  private final int result;
  private final int numberAtExit;
  private final int child;
  private final int file;

  /// @param events the directory `events` of tracefs
  /// @param calls the events of single calls that may come
  TracePages(Path events, CallEvents calls) throws IOException {
    this.calls = calls;
    entry = EventFormat.read(events.resolve("raw_syscalls/sys_enter"));
    exit = EventFormat.read(events.resolve("raw_syscalls/sys_exit"));
    fork = EventFormat.read(events.resolve("sched/sched_process_fork"));
    exec = EventFormat.read(events.resolve("sched/sched_process_exec"));
    number = entry.offset("id");
    first = entry.offset("args");
    numberAtExit = exit.offset("id");
    result = exit.offset("ret");
    child = fork.offset("child_pid");
    file = exec.offset("filename");
  }

  /// Adds the events of one page, in their order.
  ///
  /// @param page from its position to its limit; empty where there is none
  /// @param since all that is older has been read
  void read(ByteBuffer page, long since, List<TraceEvent> events) throws IOException {
    if (page.remaining() < HEADER) {
      return;
    }
    long nanos = page.getLong(0);
    // A long of the kernel; on 64 bits the flags are in its lower half.
    int commit = (int) page.getLong(8);
    int end = HEADER + (commit & LENGTH);
    if (end > page.limit()) {
      throw new IOException(
          "tracefs gave a page of " + page.limit() + " bytes that says it has " + end);
    }
    if ((commit & MISSED) != 0) {
      boolean stored = (commit & MISSED_STORED) != 0 && end + Long.BYTES <= page.limit();
      events.add(new EventLoss(since, nanos, stored ? Math.max(1, page.getLong(end)) : 1));
    }
    int at = HEADER;
    while (at + Integer.BYTES <= end) {
      int begin = at;
      int head = page.getInt(at);
      boolean little = page.order() == ByteOrder.LITTLE_ENDIAN;
      int type = little ? head & ((1 << TYPE_BITS) - 1) : head >>> DELTA_BITS;
      long delta = little ? head >>> TYPE_BITS : head & ((1 << DELTA_BITS) - 1);
      at += Integer.BYTES;
      if (type == PADDING && delta == 0) {
        return;
      }
      int word = type == 0 || type >= PADDING ? at(page, at, end) : 0;
      switch (type) {
        case TIME_EXTEND -> {
          nanos += (Integer.toUnsignedLong(word) << DELTA_BITS) + delta;
          at += Integer.BYTES;
        }
        case TIME_STAMP -> {
          nanos = (Integer.toUnsignedLong(word) << DELTA_BITS) + delta;
          at += Integer.BYTES;
        }
        case PADDING -> {
          nanos += delta;
          at += word;
        }
        case 0 -> {
          nanos += delta;
          event(page, at + Integer.BYTES, Math.min(end, at + word), nanos, events);
          at += word;
        }
        default -> {
          nanos += delta;
          event(page, at, Math.min(end, at + type * Integer.BYTES), nanos, events);
          at += type * Integer.BYTES;
        }
      }
      if (at <= begin) {
        throw new IOException("tracefs gave a page with an event of " + word + " bytes");
      }
    }
  }

  private static int at(ByteBuffer page, int at, int end) throws IOException {
    if (at + Integer.BYTES > end) {
      throw new IOException("tracefs gave a page that ends within an event");
    }
    return page.getInt(at);
  }

  private void event(ByteBuffer page, int from, int end, long nanos, List<TraceEvent> events) {
    if (end - from < Long.BYTES) {
      return;
    }
    // common_type, common_flags, common_preempt_count, common_pid: the same everywhere
    int id = Short.toUnsignedInt(page.getShort(from));
    int thread = page.getInt(from + 4);
    if (id == exit.id() && from + result + Long.BYTES <= end) {
      events.add(
          new CallExit(
              nanos, thread, page.getLong(from + numberAtExit), page.getLong(from + result)));
    } else if (id == entry.id() && from + first + ARGUMENTS * Long.BYTES <= end) {
      int arguments = from + first;
      events.add(
          new CallEntry(
              nanos,
              thread,
              page.getLong(from + number),
              page.getLong(arguments),
              page.getLong(arguments + Long.BYTES),
              page.getLong(arguments + 2 * Long.BYTES),
              page.getLong(arguments + 3 * Long.BYTES),
              page.getLong(arguments + 4 * Long.BYTES),
              page.getLong(arguments + 5 * Long.BYTES)));
    } else if (id == fork.id() && from + child + Integer.BYTES <= end) {
      events.add(new ThreadBirth(nanos, thread, page.getInt(from + child)));
    } else if (id == exec.id() && from + file + Integer.BYTES <= end) {
      events.add(new ProgramStart(nanos, thread, text(page, from, page.getInt(from + file), end)));
    } else {
      nativeCall(page, from, end, nanos, id, thread, events);
    }
  }

  private void nativeCall(
      ByteBuffer page, int from, int end, long nanos, int id, int thread, List<TraceEvent> events) {
    String began = calls.entries().get(id);
    String ended = calls.exits().get(id);
    if (began != null && from + calls.first() <= end) {
      long[] arguments = new long[ARGUMENTS];
      for (int i = 0; i < ARGUMENTS; i++) {
        // It has those that the call has.
        int at = from + calls.first() + i * Long.BYTES;
        arguments[i] = at + Long.BYTES <= end ? page.getLong(at) : 0;
      }
      events.add(
          new NativeCall(
              new CallEntry(
                  nanos,
                  thread,
                  page.getInt(from + calls.number()),
                  arguments[0],
                  arguments[1],
                  arguments[2],
                  arguments[3],
                  arguments[4],
                  arguments[5]),
              began));
    } else if (ended != null && from + calls.result() + Long.BYTES <= end) {
      events.add(
          new NativeCall(
              new CallExit(
                  nanos,
                  thread,
                  page.getInt(from + calls.number()),
                  page.getLong(from + calls.result())),
              ended));
    }
  }

  /// `__data_loc`: where it is, and above that how long.
  private static String text(ByteBuffer page, int from, int place, int end) {
    int begin = Math.min(from + (place & 0xffff), end);
    byte[] bytes = new byte[Math.min(place >>> 16, end - begin)];
    page.get(begin, bytes);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, UTF_8);
  }
}

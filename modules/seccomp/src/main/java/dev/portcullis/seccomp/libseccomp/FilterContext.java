package dev.portcullis.seccomp.libseccomp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A filter in the making: `scmp_filter_ctx`. For one thread at a time; different filters may be
/// made on different threads.
public final class FilterContext implements AutoCloseable {
  /// `SCMP_FLTATR_CTL_OPTIMIZE`: 2 makes a binary tree, where the library can (since 2.5).
  public static final int OPTIMIZE = 8;

  private static final int EEXIST = 17;
  private static final int MFD_CLOEXEC = 1;

  // A program has at most 4096 instructions of 8 bytes; of a longer one enough to see that it is.
  private static final int LONGEST_EXPORT = 4097 * 8;

  private final FilterCalls calls;
  private final MemorySegment context;
  private boolean closed;

  private FilterContext(FilterCalls calls, MemorySegment context) {
    this.calls = calls;
    this.context = context;
  }

  static FilterContext init(FilterCalls calls, int defaultAction) throws LibseccompException {
    MemorySegment context;
    try {
      context = (MemorySegment) calls.init.invokeExact(defaultAction);
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
    if (context.equals(MemorySegment.NULL)) {
      throw new LibseccompException(
          "seccomp_init refuses the default action 0x%08x".formatted(defaultAction));
    }
    return new FilterContext(calls, context);
  }

  /// Adds an architecture to the filter; no effect if the filter has it already.
  public void addArchitecture(int token) throws LibseccompException {
    int answer;
    try {
      answer = (int) calls.addArchitecture.invokeExact(context, token);
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
    if (answer < 0 && answer != -EEXIST) {
      throw LibseccompException.of("seccomp_arch_add", answer);
    }
  }

  /// Sets an attribute of `enum scmp_filter_attr`; false where this library does not have it.
  public boolean attribute(int attribute, int value) {
    try {
      return (int) calls.setAttribute.invokeExact(context, attribute, value) == 0;
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  /// Adds a rule for calls where all comparisons hold.
  public void add(int action, int number, List<ArgumentComparison> comparisons)
      throws LibseccompException {
    int answer;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array =
          arena.allocate((long) ArgumentComparison.BYTES * comparisons.size() + 8, 8);
      for (int i = 0; i < comparisons.size(); i++) {
        ArgumentComparison each = comparisons.get(i);
        long at = (long) ArgumentComparison.BYTES * i;
        array.set(JAVA_INT, at, each.argument());
        array.set(JAVA_INT, at + 4, each.operator());
        array.set(JAVA_LONG, at + 8, each.first());
        array.set(JAVA_LONG, at + 16, each.second());
      }
      answer = (int) calls.addRule.invokeExact(context, action, number, comparisons.size(), array);
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
    if (answer < 0) {
      throw LibseccompException.of("seccomp_rule_add_array", answer);
    }
  }

  /// The program, as bytes of the machine's order. It goes through memory that only this process
  /// has (memfd_create(2)): libseccomp 2.5 writes to a descriptor and nowhere else.
  public byte[] export() throws LibseccompException {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) calls.memfdCreate.invokeExact(arena.allocateFrom("seccomp"), MFD_CLOEXEC);
      if (descriptor < 0) {
        throw LibseccompException.ofTheMachine(
            "memfd_create failed: the process has no descriptor left");
      }
      try {
        int answer = (int) calls.export.invokeExact(context, descriptor);
        if (answer < 0) {
          throw LibseccompException.of("seccomp_export_bpf", answer);
        }
        return read(descriptor, arena.allocate(LONGEST_EXPORT, 8));
      } finally {
        int _ = (int) calls.close.invokeExact(descriptor);
      }
    } catch (LibseccompException refused) {
      throw refused;
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  private byte[] read(int descriptor, MemorySegment buffer) throws Throwable {
    long used = 0;
    while (used < buffer.byteSize()) {
      long answer =
          (long)
              calls.pread.invokeExact(
                  descriptor, buffer.asSlice(used), buffer.byteSize() - used, used);
      if (answer < 0) {
        throw LibseccompException.ofTheMachine("cannot read the filter that libseccomp exported");
      }
      if (answer == 0) {
        break;
      }
      used += answer;
    }
    return buffer.asSlice(0, used).toArray(JAVA_BYTE);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      calls.release.invokeExact(context);
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }
}

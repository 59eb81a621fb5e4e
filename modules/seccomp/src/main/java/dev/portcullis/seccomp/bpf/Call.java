package dev.portcullis.seccomp.bpf;

import java.util.List;

/// A system call as a filter sees it: `struct seccomp_data` of linux/seccomp.h.
///
/// @param architecture the token `AUDIT_ARCH_*`, which x86_64 and x32 share
/// @param number of the system call; on x32 with the bit 0x40000000
/// @param instructionPointer where the call was made
/// @param arguments six, of 64 bits, unsigned
public record Call(int architecture, int number, long instructionPointer, List<Long> arguments) {
  /// `sizeof(struct seccomp_data)`.
  public static final int BYTES = 64;

  /// How many arguments a call has.
  public static final int ARGUMENTS = 6;

  public Call {
    arguments = List.copyOf(arguments);
    if (arguments.size() != ARGUMENTS) {
      throw new IllegalArgumentException("a call has six arguments, not " + arguments.size());
    }
  }

  /// A call from address 0.
  public static Call of(int architecture, int number, long... arguments) {
    Long[] six = {0L, 0L, 0L, 0L, 0L, 0L};
    for (int i = 0; i < arguments.length; i++) {
      six[i] = arguments[i];
    }
    return new Call(architecture, number, 0, List.of(six));
  }

  /// Which of the words has the lower half of an argument, on a little-endian machine.
  public static int lowerWord(int argument) {
    return 4 + 2 * argument;
  }

  /// The sixteen words that a program can load, on a little-endian machine: the lower half of an
  /// argument comes first.
  int[] words() {
    int[] words = new int[BYTES / 4];
    words[0] = number;
    words[1] = architecture;
    words[2] = (int) instructionPointer;
    words[3] = (int) (instructionPointer >>> 32);
    for (int i = 0; i < ARGUMENTS; i++) {
      long argument = arguments.get(i);
      words[lowerWord(i)] = (int) argument;
      words[lowerWord(i) + 1] = (int) (argument >>> 32);
    }
    return words;
  }
}

package dev.portcullis.seccomp.meaning;

/// In which order the bits of a call are decided: architecture, number, arguments, instruction
/// pointer, each from its highest bit. Level 0 comes first.
///
/// Which order is taken changes the size of diagrams, never what they say.
enum VariableOrder {
  /// One argument after the other: small for what compares arguments with constants.
  SEQUENTIAL,
  /// The highest bits of all arguments, then the next: small for what compares arguments with each
  /// other.
  INTERLEAVED;

  /// How many bits a call has.
  static final int LEVELS = 512;

  /// The first level of the number.
  static final int NUMBER = 32;

  /// The first level of the arguments.
  static final int ARGUMENTS = 64;

  /// The level of a bit of a word of `struct seccomp_data`.
  int level(int word, int bit) {
    if (word == 0) {
      return NUMBER + 31 - bit;
    }
    if (word == 1) {
      return 31 - bit;
    }
    // 0 to 5 are arguments, 6 is the instruction pointer; the odd word is the upper half
    int value = word < 4 ? 6 : (word - 4) / 2;
    int fromTop = 63 - (word % 2 * 32 + bit);
    return switch (this) {
      case SEQUENTIAL -> ARGUMENTS + 64 * value + fromTop;
      case INTERLEAVED -> ARGUMENTS + 7 * fromTop + value;
    };
  }

  /// Which value a level from {@link #ARGUMENTS} on belongs to: an argument, or 6.
  int value(int level) {
    return switch (this) {
      case SEQUENTIAL -> (level - ARGUMENTS) / 64;
      case INTERLEAVED -> (level - ARGUMENTS) % 7;
    };
  }

  /// Which bit of its 64 a level from {@link #ARGUMENTS} on is.
  int bit(int level) {
    return switch (this) {
      case SEQUENTIAL -> 63 - (level - ARGUMENTS) % 64;
      case INTERLEAVED -> 63 - (level - ARGUMENTS) / 7;
    };
  }
}

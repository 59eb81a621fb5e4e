package dev.portcullis.seccomp.meaning;

import java.util.List;

/// For which arguments something happens, in a form that people can read.
///
/// @param alternatives one of which must hold; one without tests always holds
/// @param complete false where there are more alternatives than are worth reading
public record CallCondition(List<Alternative> alternatives, boolean complete) {
  public CallCondition {
    alternatives = List.copyOf(alternatives);
  }

  /// Tests of which all must hold.
  public record Alternative(List<Test> tests) {
    public Alternative {
      tests = List.copyOf(tests);
    }
  }

  /// What an argument must be.
  ///
  /// @param value the argument, from 0 to 5, or 6 for the address that the call comes from
  public record Test(int value, ArgumentValues values) {}

  /// Whether it holds for all arguments.
  public boolean isAlways() {
    return complete && alternatives.size() == 1 && alternatives.getFirst().tests().isEmpty();
  }
}

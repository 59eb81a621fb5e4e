package dev.portcullis.kernel.process;

import dev.portcullis.seccomp.profile.Capabilities;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the bits of a set of capabilities in /proc/PID/status are called.
final class CapabilityNumbers {
  private CapabilityNumbers() {}

  /// The names of a set.
  ///
  /// @param hexadecimal as the kernel prints it, `00000000a80425fb`; numbers without a name here
  ///   are newer than any profile's conditions, and left out
  static Set<String> names(String hexadecimal) {
    long bits = Long.parseUnsignedLong(hexadecimal, 16);
    Set<String> names = new TreeSet<>();
    List<String> known = Capabilities.all();
    for (int number = 0; number < known.size(); number++) {
      if ((bits >>> number & 1) == 1) {
        names.add(known.get(number));
      }
    }
    return names;
  }
}

package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What is to be known about recorded calls.
final class RecordingRemarks {
  private final Set<String> remarks = new LinkedHashSet<>();

  void about(RecordedCall call) {
    if (call.name().isEmpty()) {
      remarks.add(
          "call number "
              + Integer.toUnsignedString(call.number())
              + " on "
              + word(call.architecture())
              + " has no name in this machine's libseccomp: the profile denies it");
    }
    if (call.name().equals("io_uring_setup")) {
      remarks.add(
          "io_uring_setup: what a program does through io_uring is no system call; no filter and no"
              + " recording sees it");
    }
    if (call.otherCount() > 0 || call.values().size() > CallConditions.MOST) {
      remarks.add(call.name() + " had too many different arguments for a condition");
    }
    if (call.architecture() == Architecture.X86
        || call.architecture() == Architecture.ARM
        || call.architecture() == Architecture.X32) {
      remarks.add(
          "programs of "
              + word(call.architecture())
              + " ran: the profile allows each call by its name, on all its architectures");
    }
  }

  void add(String remark) {
    remarks.add(remark);
  }

  private static String word(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }

  List<String> all() {
    return List.copyOf(remarks);
  }
}

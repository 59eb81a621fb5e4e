package dev.portcullis.run.pod;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a runtime's refusal to make or start a container most likely comes of, where its words do
/// not say it: runtimes pass on what their OCI runtime said, and that knows only which step failed.
///
/// The words are those of containerd 1.6, CRI-O 1.36, runc 1.1 and crun 1.8 to 1.28.
final class RefusalHint {
  private record Cause(Pattern words, String hint) {
    static Cause of(String words, String hint) {
      return new Cause(Pattern.compile(words), hint);
    }
  }

  /// The first that fits; in lower case.
  private static final List<Cause> CAUSES =
      List.of(
          Cause.of(
              "signature|source image rejected",
              "the runtime's signature policy does not allow this image: see signature_policy in"
                  + " its configuration, and containers-policy.json(5)"),
          Cause.of(
              "unknown version specified",
              "the OCI runtime does not support the ociVersion that the runtime writes: use a newer"
                  + " OCI runtime"),
          Cause.of(
              "glibc_[0-9.]+' not found",
              "the OCI runtime was built for a newer C library than this machine has"),
          Cause.of(
              "cgroup",
              "the cgroup driver of the runtime (systemd or cgroupfs) and the cgroup version that"
                  + " its OCI runtime needs must match this machine"));

  /// What is said where the process of the OCI runtime, which has the filter already, was refused a
  /// call, or ended, before it executed the program.
  private static final Pattern ENDED_BEFORE_THE_PROGRAM =
      Pattern.compile(
          "operation not permitted"
              + "|permission denied"
              + "|function not implemented"
              + "|cannot start an already running container"
              + "|cannot start a stopped process"
              + "|is not in created state"
              + "|from the init process"
              + "|waiting for init"
              + "|open /proc/[0-9]+/stat: no such file");

  /// The program itself is at fault: the words say how.
  private static final Pattern OF_THE_PROGRAM =
      Pattern.compile("exec: \\\\?\"|open executable|executable file");

  private RefusalHint() {}

  /// In parentheses, after a space; empty where nothing is to be added.
  ///
  /// @param words the runtime's
  /// @param profile as the pod names it; null where it is the runtime's own, or none
  static String of(String words, @Nullable String profile) {
    String lower = words.toLowerCase(Locale.ROOT);
    for (Cause cause : CAUSES) {
      if (cause.words().matcher(lower).find()) {
        return " (" + cause.hint() + ")";
      }
    }
    return profile != null
            && ENDED_BEFORE_THE_PROGRAM.matcher(lower).find()
            && !OF_THE_PROGRAM.matcher(lower).find()
        ? " (the profile "
            + profile
            + " may deny what the runtime needs before it executes the program, such as execve,"
            + " futex or openat)"
        : "";
  }
}

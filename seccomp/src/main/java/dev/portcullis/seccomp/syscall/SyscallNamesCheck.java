package dev.portcullis.seccomp.syscall;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Nearest;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says which system calls of a profile the runtimes of this machine will skip in silence, because
/// the libseccomp that they compile it with does not know them.
public final class SyscallNamesCheck {
  private static final int MOST_LISTED = 20;

  /// A C string ends at its first NUL, so `mkdir\0x` would be `mkdir` to libseccomp.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");

  // AUDIT_ARCH_* of linux/audit.h, which libseccomp takes as its own; 0 is the machine's own. Old
  // calls live on in i386 only, and the newest ABI without them is arm64's.
  private static final List<Integer> SUGGESTED_FROM = List.of(0, 0x40000003, 0xC00000B7);

  /// System calls are numbered up to 470 in 2026.
  private static final int LAST_NUMBER = 600;

  private final @Nullable Libseccomp library;
  private @Nullable Set<String> known;

  private SyscallNamesCheck(Optional<Libseccomp> library) {
    this.library = library.orElse(null);
  }

  /// A check with the libseccomp of this machine. Loads it, so make it only where names are asked
  /// about, and keep it: the list for suggestions is made once.
  public static SyscallNamesCheck ofThisMachine() {
    return new SyscallNamesCheck(Libseccomp.load(Libseccomp.FILE));
  }

  /// A check with another file of the library.
  static SyscallNamesCheck of(String file) {
    return new SyscallNamesCheck(Libseccomp.load(file));
  }

  /// Looks up every name of the profile.
  public NameCheck check(Profile profile) {
    Libseccomp libseccomp = library;
    if (libseccomp == null) {
      return new NameCheck.NotChecked(
          "names of system calls not checked: "
              + Libseccomp.FILE
              + " is missing (apt-get install libseccomp2)");
    }
    Map<String, SyscallName> unknown = new LinkedHashMap<>();
    profile.rules().stream()
        .flatMap(rule -> rule.names().list().stream())
        .filter(name -> !isKnown(libseccomp, name.name()))
        .forEach(name -> unknown.putIfAbsent(name.name(), name));
    if (unknown.isEmpty()) {
      return new NameCheck.Checked(List.of());
    }
    return new NameCheck.Checked(
        List.of(
            new Finding(
                Problem.UNKNOWN_SYSCALL,
                unknown.values().iterator().next().at(),
                "libseccomp "
                    + libseccomp.version()
                    + " does not know "
                    + list(unknown, libseccomp)
                    + "; mistyped, or newer than it: the runtime skips them in silence, and the"
                    + " default action applies")));
  }

  private static boolean isKnown(Libseccomp libseccomp, String name) {
    return NAME.matcher(name).matches() && libseccomp.number(0, name) != Libseccomp.UNKNOWN;
  }

  private String list(Map<String, SyscallName> unknown, Libseccomp libseccomp) {
    Set<String> candidates = known(libseccomp);
    String listed =
        unknown.values().stream()
            .limit(MOST_LISTED)
            .map(name -> {
              List<String> near = Nearest.to(name.name(), candidates, 1);
              return printable(name.name())
                  + " ("
                  + name.at()
                  + (near.isEmpty() ? "" : ", did you mean " + near.getFirst() + "?")
                  + ")";
            })
            .collect(Collectors.joining(", "));
    int more = unknown.size() - MOST_LISTED;
    return more > 0 ? listed + " and " + more + " more" : listed;
  }

  private static String printable(String name) {
    String start = name.length() > 60 ? name.substring(0, 60) + "..." : name;
    return start.replaceAll("[^\\x21-\\x7e.]", "?");
  }

  private synchronized Set<String> known(Libseccomp libseccomp) {
    if (known == null) {
      Set<String> names = new TreeSet<>();
      for (int architecture : SUGGESTED_FROM) {
        for (int number = 0; number <= LAST_NUMBER; number++) {
          libseccomp.name(architecture, number).ifPresent(names::add);
        }
      }
      known = names;
    }
    return known;
  }
}

package dev.portcullis.seccomp.syscall;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the system calls of a profile that the runtimes of this machine silently ignore, because
/// their libseccomp does not know them.
public final class SyscallNamesCheck {
  private static final int MOST_LISTED = 20;
  private static final NewerCalls NEWER = NewerCalls.load();

  // AUDIT_ARCH_* of linux/audit.h, which libseccomp takes as its own; 0 is the machine's own. Old
  // calls live on in i386 only, and the newest ABI without them is arm64's.
  private static final List<Integer> SUGGESTED_FROM = List.of(0, 0x40000003, 0xC00000B7);

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
          "cannot check the names of system calls: "
              + Libseccomp.FILE
              + " is missing (apt-get install libseccomp2)");
    }
    Map<String, SyscallName> unknown = new LinkedHashMap<>();
    profile.rules().stream()
        .flatMap(rule -> rule.names().list().stream())
        .filter(name -> !isKnown(libseccomp, name.name()))
        .forEach(name -> unknown.putIfAbsent(name.name(), name));
    Map<String, SyscallName> newer = new LinkedHashMap<>(unknown);
    newer.keySet().removeIf(name -> NEWER.since(name).isEmpty());
    unknown.keySet().removeAll(newer.keySet());
    List<Finding> findings = new ArrayList<>();
    if (!newer.isEmpty()) {
      findings.add(
          finding(
              newer,
              list(newer, name -> "of Linux " + NEWER.since(name).orElseThrow()),
              "calls of newer kernels, which libseccomp "
                  + libseccomp.version()
                  + " does not know: ",
              ": runtimes on this machine ignore them silently, and the default action applies"));
    }
    if (!unknown.isEmpty()) {
      Set<String> candidates = known(libseccomp);
      findings.add(
          finding(
              unknown,
              list(
                  unknown,
                  name ->
                      SyscallSuggestion.of(name, candidates)
                          .map(meant -> "did you mean " + meant + "?")
                          .orElse("")),
              "libseccomp " + libseccomp.version() + " does not know ",
              "; they are misspelled or newer, the runtime ignores them silently, and the default"
                  + " action applies"));
    }
    return new NameCheck.Checked(findings);
  }

  private static Finding finding(
      Map<String, SyscallName> names, String list, String before, String after) {
    return new Finding(
        Problem.UNKNOWN_SYSCALL, names.values().iterator().next().at(), before + list + after);
  }

  private static boolean isKnown(Libseccomp libseccomp, String name) {
    return SyscallName.canBeLookedUp(name) && libseccomp.number(0, name) != Libseccomp.UNKNOWN;
  }

  /// @param about what to say of a name; empty for nothing
  private static String list(Map<String, SyscallName> names, UnaryOperator<String> about) {
    String listed =
        names.values().stream()
            .limit(MOST_LISTED)
            .map(name -> {
              String more = about.apply(name.name());
              return printable(name.name())
                  + " ("
                  + name.at()
                  + (more.isEmpty() ? "" : ", " + more)
                  + ")";
            })
            .collect(Collectors.joining(", "));
    int more = names.size() - MOST_LISTED;
    return more > 0 ? listed + " and " + more + " more" : listed;
  }

  private static String printable(String name) {
    String start = name.length() > 60 ? name.substring(0, 60) + "..." : name;
    return start.replaceAll("[^\\x21-\\x7e.]", "?");
  }

  private synchronized Set<String> known(Libseccomp libseccomp) {
    if (known == null) {
      Set<String> names = new TreeSet<>(NEWER.names());
      for (int architecture : SUGGESTED_FROM) {
        for (int number = 0; number < SyscallTable.NUMBERS; number++) {
          libseccomp.name(architecture, number).ifPresent(names::add);
        }
      }
      known = names;
    }
    return known;
  }
}

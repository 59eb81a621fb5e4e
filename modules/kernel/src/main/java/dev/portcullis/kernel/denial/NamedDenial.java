package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Errno;
import java.util.List;
import java.util.Optional;

/// Calls of one name that a filter refused in one place.
///
/// @param name its name; its number where libseccomp has no name for it
/// @param changes what `profile derive --allow` takes to allow what the filter refuses; none for a
///   call without a name
/// @param <S> whose they are
public record NamedDenial<S>(
    Denial<S> denial, String name, Architecture architecture, List<String> changes) {
  public NamedDenial {
    changes = List.copyOf(changes);
  }

  /// What became of the calls, for people: `EPERM`, `KILL_PROCESS`.
  public String result() {
    Kind kind = denial.verdict().kind();
    return kind.asks()
        ? kind + " " + errno((int) -denial.result())
        : denial.verdict().on(architecture.token());
  }

  /// The errno that the program got, by name; empty where it got none.
  public Optional<String> errno() {
    return switch (denial.verdict().kind()) {
      case ERRNO -> Optional.of(errno(denial.verdict().data()));
      case USER_NOTIF, TRACE -> Optional.of(errno((int) -denial.result()));
      case KILL_PROCESS, KILL_THREAD, TRAP, LOG, ALLOW -> Optional.empty();
    };
  }

  private String errno(int number) {
    return Errno.name(number, architecture.token()).orElse(Integer.toString(number));
  }

  /// The command that allows them.
  ///
  /// @param program as its user calls it
  public String command(String program) {
    StringBuilder text = new StringBuilder(program).append(" profile derive --from PROFILE");
    for (String change : changes) {
      text.append(" --allow ").append(change.matches("[a-z0-9_]+") ? change : "'" + change + "'");
    }
    return text.toString();
  }
}

package dev.portcullis.seccomp.finding;

import java.util.Locale;

/// Every kind of finding. The ids are stable; docs/profiles.md explains each.
public enum Problem {
  /// Not JSON, or larger or deeper than a profile may be.
  MALFORMED(Severity.ERROR),
  /// A value of another type than the field has.
  WRONG_TYPE(Severity.ERROR),
  /// No `defaultAction`: runc takes a file without it and without rules for no profile at all.
  NO_DEFAULT_ACTION(Severity.ERROR),
  /// A rule or an argument lacks a field that it needs.
  MISSING_FIELD(Severity.ERROR),
  /// A field that differs from a known one only in case. Go's JSON reader takes it for that field.
  FIELD_CASE(Severity.ERROR),
  UNKNOWN_ACTION(Severity.ERROR),
  UNKNOWN_OPERATOR(Severity.ERROR),
  UNKNOWN_ARCHITECTURE(Severity.ERROR),
  /// Not a whole number, or outside of what the field can hold.
  BAD_NUMBER(Severity.ERROR),
  /// `minKernel` is not `<kernel>.<major>`.
  BAD_KERNEL_VERSION(Severity.ERROR),
  /// A rule for no system call: runc skips it, crun refuses it.
  NO_NAMES(Severity.ERROR),
  NAME_AND_NAMES(Severity.ERROR),
  ARCHITECTURES_AND_ARCH_MAP(Severity.ERROR),
  /// libseccomp does not take it, so no container starts.
  REFUSED_BY_LIBSECCOMP(Severity.ERROR),
  /// libseccomp was asked to make the filter, and did not finish in its time.
  FILTER_NOT_MADE(Severity.ERROR),
  /// Runtimes read the file, as something else than what it says to a strict reader.
  READS_DIFFERENTLY(Severity.WARNING),
  /// A field that no reader of profiles knows; runtimes silently ignore it.
  UNKNOWN_FIELD(Severity.WARNING),
  /// CRI-O and Podman read another errno than the OCI runtime.
  ERRNO_BY_NAME(Severity.WARNING),
  /// `includes` or `excludes` names an architecture that Docker does not have.
  UNKNOWN_CONDITION(Severity.WARNING),
  /// A system call that libseccomp does not know; runtimes silently ignore it.
  UNKNOWN_SYSCALL(Severity.WARNING),
  /// There was no libseccomp to ask whether the names exist.
  SYSCALLS_NOT_CHECKED(Severity.NOTE),
  /// The filter is too complex to analyse, so its effect is not checked.
  FILTER_NOT_CHECKED(Severity.WARNING),
  /// A flag that the kernel's interface does not have.
  UNKNOWN_FLAG(Severity.WARNING),
  /// runc 1.1 refuses every flag.
  RUNC_REFUSES_FLAGS(Severity.WARNING),
  /// runc 1.1 refuses an architecture that libseccomp has.
  RUNC_REFUSES_ARCHITECTURE(Severity.WARNING),
  /// `SCMP_ACT_NOTIFY` where it cannot work.
  NOTIFY_UNUSABLE(Severity.WARNING),
  /// The filter is there and forbids nothing.
  FORBIDS_NOTHING(Severity.WARNING),
  /// No process can start under it.
  DENIES_EVERYTHING(Severity.WARNING),
  /// It denies what nearly every process needs.
  DENIES_ESSENTIALS(Severity.WARNING),
  /// What nearly every process needs waits for the listener.
  NOTIFY_ESSENTIAL(Severity.WARNING),
  /// A condition that holds for no value.
  NEVER_MATCHES(Severity.WARNING),
  /// A value under a mask with bits that the mask has not: they compare nothing.
  VALUE_OUTSIDE_MASK(Severity.WARNING),
  /// Conditions on one argument, of which one is enough.
  REPEATED_ARGUMENT(Severity.WARNING),
  /// Different outcomes for the same calls.
  CONTRADICTORY_RULES(Severity.WARNING),
  /// Arguments do not matter where a rule says that they do.
  CONDITION_WITHOUT_EFFECT(Severity.WARNING),
  /// Denied, unless bits are set that the kernel ignores.
  UPPER_HALF_IGNORED(Severity.WARNING),
  /// In the profile and not in the filter.
  RULE_LOST(Severity.WARNING),
  /// Denied, while a call that does the same is allowed.
  EQUIVALENT_ALLOWED(Severity.WARNING),
  /// Denied, while an architecture has another call instead, which is allowed.
  NO_SUCH_CALL(Severity.WARNING),
  /// Denied, while io_uring does it.
  IO_URING_AROUND(Severity.WARNING),
  /// Denied, unless the program is of another architecture.
  WEAKER_ARCHITECTURE(Severity.WARNING),
  /// A call is not made and seems to succeed.
  FAKES_SUCCESS(Severity.WARNING),
  /// An answer by which a runtime may believe that it dropped rights that it kept.
  RIGHTS_KEPT(Severity.WARNING),
  /// `errnoRet` beside an action that returns no errno.
  ERRNO_UNUSED(Severity.WARNING),
  /// A rule that does what the default does anyway.
  RULE_LIKE_DEFAULT(Severity.NOTE),
  /// Programs of another architecture that the machine could run cannot run.
  ARCHITECTURE_NOT_COVERED(Severity.NOTE),
  /// A part that only Docker understands; an OCI runtime reads the file as something else.
  DOCKER_FORMAT(Severity.NOTE),
  /// Errnos by their names, which CRI-O and Podman alone read.
  CRIO_FORMAT(Severity.NOTE);

  private final Severity severity;

  Problem(Severity severity) {
    this.severity = severity;
  }

  /// The name in docs and in output for programs.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Severity severity() {
    return severity;
  }
}

package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A record of seccomp in the kernel's log or in that of auditd: type 1326, `AUDIT_SECCOMP` of
/// linux/audit.h; fields as `audit_seccomp` writes them (kernel/auditsc.c).
///
/// The program chooses what stands in quotes, its name and its path, and may call itself
/// `syscall=165`: fields are read outside of quotes alone. Names with quotes or spaces are
/// hexadecimal (audit_log_untrustedstring).
final class AuditLine {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*+(?:\"|$)");
  private static final Pattern TYPE = Pattern.compile("(?<!\\S)type=(?:1326|SECCOMP)\\b");
  private static final Pattern ARCHITECTURE = Pattern.compile("(?<!\\S)arch=([0-9a-f]{1,8})\\b");
  private static final Pattern NUMBER = Pattern.compile("(?<!\\S)syscall=([0-9]{1,18})\\b");
  private static final Pattern CODE = Pattern.compile("(?<!\\S)code=0x([0-9a-f]{1,8})\\b");
  private static final Pattern PROCESS = Pattern.compile("(?<!\\S)pid=([0-9]{1,10})\\b");
  private static final Pattern COMMAND =
      Pattern.compile("(?<!\\S)comm=(?:\"([^\"]{0,64})\"|([0-9A-F]+))");

  private AuditLine() {}

  /// Whether a line is one.
  static boolean isOne(String line) {
    return TYPE.matcher(QUOTED.matcher(line).replaceAll("\"\"")).find();
  }

  /// What it says; nothing where it is cut off, or of an architecture that no profile can name. The
  /// number of the call may be larger than any.
  static Optional<DenialRecord> read(String line) {
    String fields = QUOTED.matcher(line).replaceAll("\"\"");
    String architecture = first(ARCHITECTURE, fields);
    String digits = first(NUMBER, fields);
    String code = first(CODE, fields);
    if (architecture.isEmpty() || digits.isEmpty() || code.isEmpty()) {
      return Optional.empty();
    }
    long number = Long.parseLong(digits);
    Verdict verdict = Verdict.of(Integer.parseUnsignedInt(code, 16));
    // The kernel cuts the errno off.
    return architecture(Integer.parseUnsignedInt(architecture, 16), number)
        .map(found ->
            new DenialRecord(
                found,
                Long.toString(number),
                verdict.kind(),
                -1,
                List.of(),
                1,
                where(first(PROCESS, fields), first(COMMAND, line)),
                ""));
  }

  private static Optional<Architecture> architecture(int token, long number) {
    if (token == Architecture.X86_64.token() && (number & Architecture.X32_BIT) != 0) {
      return Optional.of(Architecture.X32);
    }
    return Arrays.stream(Architecture.values())
        .filter(each -> each.token() == token && each != Architecture.X32)
        .findFirst();
  }

  private static String where(String process, String command) {
    return (command.isEmpty() ? "?" : command)
        + (process.isEmpty() ? "" : " (pid " + process + ")");
  }

  private static String first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() && matcher.group(1) != null ? matcher.group(1) : "";
  }
}

package dev.portcullis.seccomp.json;

import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The names that a field accepts, and suggestions for other names.
///
/// A wrong guess here opens a filter: who writes `SCMP_CMP_NEQ` and is told `SCMP_CMP_EQ` has the
/// opposite of what he meant. So a name is suggested where others spell it so (the kernel, libc's
/// and Go's names, other tools), or where a single letter is wrong in a name that no other one is
/// as close to; else all names are listed.
final class Vocabulary<T> {
  static final Vocabulary<Action> ACTIONS =
      new Vocabulary<>(
          Action::spelled,
          Action.spellings(),
          "SCMP_ACT_",
          List.of("SECCOMPRET", "SECCOMPACT", "SCMPRET", "SCMP", "ACTION", "ACT", "RET"),
          """
          ALLOW: ALLOWED PERMIT PERMITTED ACCEPT PASS
          ERRNO: ERROR ERR DENY DENIED DISALLOW NOTALLOW NOTALLOWED NOALLOW BLOCK BLOCKED REJECT \
          FORBID FORBIDDEN REFUSE FAIL EPERM EACCES ENOSYS
          KILL_PROCESS: KILLPROC
          LOG: LOGGED AUDIT
          NOTIFY: NOTIF USERNOTIF USERNOTIFY
          TRACE: PTRACE
          TRAP: SIGSYS
          """);

  static final Vocabulary<Operator> OPERATORS =
      new Vocabulary<>(
          Operator::spelled,
          Operator.spellings(),
          "SCMP_CMP_",
          List.of("SECCOMPCMP", "SCMP", "CMP", "OP"),
          """
          EQ: = == === EQL EQUAL EQUALS EQUALTO ISEQUAL
          NE: != <> ~= ≠ NEQ NEQL NOTEQ NOTEQUAL NOTEQUALS NOTEQUALTO UNEQUAL
          LT: < LESS LESSTHAN LOWER
          LE: <= =< ≤ LEQ LTE LTEQ LESSEQUAL LESSOREQUAL LESSTHANEQUAL LESSTHANOREQUAL \
          LESSTHANOREQUALTO LESSEQ
          GE: >= => ≥ GEQ GTE GTEQ GREATEREQUAL GREATEROREQUAL GREATERTHANEQUAL \
          GREATERTHANOREQUAL GREATERTHANOREQUALTO GREATEREQ
          GT: > GREATER GREATERTHAN
          MASKED_EQ: & &= &== MASK MASKED MASKEQ MASKEQUAL MASKEDEQUAL MASKEDEQUALS BITMASK
          """);

  static final Vocabulary<Architecture> ARCHITECTURES =
      new Vocabulary<>(
          Architecture::spelled,
          Architecture.spellings(),
          "SCMP_ARCH_",
          List.of("AUDITARCH", "SCMP", "ARCHITECTURE", "ARCH", "LINUX"),
          """
          X86: 386 80386 I386 I486 I586 I686 IA32 X8632
          X86_64: AMD64 X64 INTEL64 EM64T
          X32: AMD64P32
          ARM: ARM32 ARMV5 ARMV6 ARMV6L ARMV7 ARMV7L ARMV7A ARMHF ARMEL
          AARCH64: ARM64 ARMV8 ARM64V8
          LOONGARCH64: LOONG64
          MIPSEL: MIPSLE
          MIPSEL64: MIPS64EL MIPS64LE
          MIPSEL64N32: MIPS64ELN32 MIPS64LEN32 MIPS64P32LE
          MIPS64N32: MIPS64P32
          PARISC: HPPA
          PARISC64: HPPA64
          PPC: POWERPC
          PPC64: POWERPC64
          PPC64LE: PPC64EL POWERPC64LE
          RISCV64: RISCV
          """,
          Map.of(
              "NATIVE",
              "leave it out: the machine's own architecture is always included",
              "ALL",
              "name each that the machine runs"));

  private final Function<String, Optional<T>> parser;
  private final List<String> names;
  private final String prefix;
  private final List<String> otherPrefixes;

  /// By what is left of a spelling without its prefix, in capitals and without `_`, `-` and so on.
  private final Map<String, String> meant = new LinkedHashMap<>();

  private final Map<String, String> advice;

  private Vocabulary(
      Function<String, Optional<T>> parser,
      List<String> names,
      String prefix,
      List<String> otherPrefixes,
      String others) {
    this(parser, names, prefix, otherPrefixes, others, Map.of());
  }

  /// @param others a line for each name that has other spellings
  /// @param advice for what no name stands for
  private Vocabulary(
      Function<String, Optional<T>> parser,
      List<String> names,
      String prefix,
      List<String> otherPrefixes,
      String others,
      Map<String, String> advice) {
    this.parser = parser;
    this.names = names;
    this.prefix = fold(prefix);
    this.otherPrefixes = otherPrefixes;
    this.advice = advice;
    names.forEach(name -> meant.put(core(name), name));
    others
        .lines()
        .map(line -> line.split(": ", 2))
        .forEach(line -> {
          for (String other : line[1].split(" ", -1)) {
            meant.put(fold(other), prefix + line[0]);
          }
        });
  }

  /// The value of a name, exactly as written.
  Optional<T> spelled(String text) {
    return parser.apply(text);
  }

  /// What was meant by a text that is no name; nothing where that is not clear.
  Optional<T> meant(String text) {
    String folded = fold(text);
    String core = withoutPrefix(folded);
    return Optional.ofNullable(meant.get(core))
        .or(() -> withMistypedPrefix(folded))
        .or(() -> withOneWrongLetter(core))
        .flatMap(parser);
  }

  /// What to say of a text that is no name: the one that was meant, or all.
  ///
  /// @param shown how a value is written here
  String hint(String text, Function<T, String> shown) {
    String instead = advice.get(withoutPrefix(fold(text)));
    return instead != null
        ? "; " + instead
        : meant(text)
            .map(value -> "; did you mean " + shown.apply(value) + "?")
            .orElseGet(() ->
                names.stream()
                    .flatMap(name -> parser.apply(name).stream())
                    .map(shown)
                    .collect(Collectors.joining(", ", "; use one of ", "")));
  }

  private String core(String name) {
    return fold(name).substring(prefix.length());
  }

  private String withoutPrefix(String folded) {
    List<String> prefixes = new ArrayList<>(List.of(prefix));
    prefixes.addAll(otherPrefixes);
    return prefixes.stream()
        .filter(each -> folded.startsWith(each) && folded.length() > each.length())
        .findFirst()
        .map(each -> folded.substring(each.length()))
        .orElse(folded);
  }

  /// Not where the letter may stand for "not".
  private Optional<String> withOneWrongLetter(String core) {
    return SpellingHint.single(core, names.stream().map(this::core).toList())
        .filter(name -> count(core, 'N') <= count(name, 'N'))
        .map(meant::get);
  }

  /// A name with one wrong letter before it: `SCMP_ATC_ERRNO`.
  private Optional<String> withMistypedPrefix(String folded) {
    Map<String, String> ends = new LinkedHashMap<>();
    for (String core : meant.keySet()) {
      String before = folded.substring(0, Math.max(0, folded.length() - core.length()));
      if (folded.endsWith(core)
          && before.length() <= prefix.length()
          && SpellingHint.single(before, List.of(prefix)).isPresent()) {
        ends.put(before, meant.get(core));
      }
    }
    return ends.size() == 1 && !ends.keySet().iterator().next().endsWith("N")
        ? Optional.of(ends.values().iterator().next())
        : Optional.empty();
  }

  private static long count(String text, char letter) {
    return text.chars().filter(each -> each == letter).count();
  }

  private static String fold(String text) {
    return text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9=<>!&~≠≤≥]", "");
  }
}

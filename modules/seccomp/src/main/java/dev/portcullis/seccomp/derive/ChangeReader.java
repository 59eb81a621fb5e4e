package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import dev.portcullis.seccomp.syscall.NewerCalls;
import dev.portcullis.seccomp.syscall.SyscallGroup;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallSuggestion;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads changes: `ptrace`, `@mounts`, `clone:flags&CLONE_NEWUSER==0`, `socket:domain==40,type==1`.
public final class ChangeReader {
  private static final Pattern CONDITION =
      Pattern.compile("([a-z_0-9]+)\\s*(?:&\\s*([^=!<>&]+?)\\s*)?(==|!=|<=|>=|<|>)\\s*([^=!<>&]+)");

  private static final NewerCalls NEWER = NewerCalls.load();

  private final SyscallGroups groups;
  private final Set<String> known;

  /// A reader that knows the calls of all usual architectures.
  public static ChangeReader of(SyscallTable table) {
    return new ChangeReader(SyscallGroups.load(), names(table));
  }

  /// The names of the calls that {@link #of} knows, in their order.
  public static Set<String> names(SyscallTable table) {
    Set<String> names = new TreeSet<>();
    Effects.USUAL.forEach(each -> names.addAll(table.of(each).values()));
    return names;
  }

  /// A reader that knows these calls.
  public ChangeReader(SyscallGroups groups, Set<String> known) {
    this.groups = groups;
    this.known = Set.copyOf(known);
  }

  /// What came of reading.
  public sealed interface Reading {
    record Read(ProfileEdit change) implements Reading {}

    record Wrong(String reason) implements Reading {}
  }

  /// Reads one change.
  public Reading read(boolean allow, String text) {
    try {
      int colon = text.indexOf(':');
      List<String> names = names((colon < 0 ? text : text.substring(0, colon)).strip());
      List<ArgumentCondition> conditions = new ArrayList<>();
      if (colon >= 0) {
        for (String each : text.substring(colon + 1).split(",", -1)) {
          conditions.add(condition(names, each.strip()));
        }
      }
      return new Reading.Read(new ProfileEdit(text, allow, names, conditions));
    } catch (WrongException wrong) {
      return new Reading.Wrong("\"" + text + "\" " + wrong.getMessage());
    }
  }

  private List<String> names(String text) throws WrongException {
    if (!text.startsWith("@")) {
      if (!known.contains(text)) {
        throw new WrongException(
            NEWER
                .since(text)
                .map(version ->
                    "names a call of Linux " + version + ", which this libseccomp does not know")
                .orElseGet(() ->
                    "names no system call that this libseccomp knows"
                        + SyscallSuggestion.hint(text, known)));
      }
      return List.of(text);
    }
    SyscallGroup group = groups.named(text.substring(1)).orElse(null);
    if (group == null) {
      List<String> all = groups.all().stream().map(each -> "@" + each.name()).toList();
      throw new WrongException("names no group; the groups are " + String.join(", ", all));
    }
    return group.names().stream().filter(known::contains).toList();
  }

  private static ArgumentCondition condition(List<String> names, String text)
      throws WrongException {
    Matcher matcher = CONDITION.matcher(text);
    if (!matcher.matches()) {
      throw new WrongException(
          "has the condition \"" + text + "\"; write it as flags==0, arg1!=3 or flags&MASK==0");
    }
    int index = index(names, matcher.group(1));
    long value = value(matcher.group(4));
    String mask = matcher.group(2);
    requireTaken(names, index, mask == null ? value : value | value(mask), text);
    if (mask != null) {
      if (!matcher.group(3).equals("==")) {
        throw new WrongException(
            "has a mask with " + matcher.group(3) + "; only == can follow one");
      }
      ArgumentCondition masked =
          new ArgumentCondition(index, value(mask), value, Operator.MASKED_EQ);
      if (masked.bits() != value) {
        throw new WrongException(
            "has \""
                + text
                + "\" with value bits outside the mask; no argument can match that, and libseccomp"
                + " would drop the bits");
      }
      return masked;
    }
    Operator operator =
        switch (matcher.group(3)) {
          case "==" -> Operator.EQ;
          case "!=" -> Operator.NE;
          case "<" -> Operator.LT;
          case "<=" -> Operator.LE;
          case ">=" -> Operator.GE;
          default -> Operator.GT;
        };
    return new ArgumentCondition(index, value, 0, operator);
  }

  private static void requireTaken(List<String> names, int index, long value, String text)
      throws WrongException {
    for (String name : names) {
      if ((value & ~ArgumentWidths.taken(name, index)) != 0) {
        throw new WrongException(
            "has \""
                + text
                + "\" with bits that the kernel ignores: of that argument of "
                + name
                + " it reads the lower "
                + ArgumentWidths.bits(name, index));
      }
    }
  }

  private static int index(List<String> names, String argument) throws WrongException {
    for (int index = 0; index < 6; index++) {
      if (argument.equals("arg" + index) || argument.equals(ArgumentNames.name(names, index))) {
        return index;
      }
    }
    throw new WrongException("has no argument " + argument + "; the arguments are arg0 to arg5");
  }

  /// Numbers and names of constants with `|` between them.
  private static long value(String text) throws WrongException {
    long value = 0;
    for (String each : text.split("\\|", -1)) {
      value |= number(each.strip());
    }
    return value;
  }

  private static long number(String text) throws WrongException {
    Long constant = ArgumentNames.constant(text);
    if (constant != null) {
      return constant;
    }
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new WrongException(
          "has the value \"" + text + "\"; use digits, 0x and hexadecimal digits, or CLONE_...");
    }
  }

  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1;

    WrongException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return "" + super.getMessage();
    }
  }
}

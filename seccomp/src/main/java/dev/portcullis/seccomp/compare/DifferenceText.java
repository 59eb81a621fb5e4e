package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Differences in words.
public final class DifferenceText {
  private static final int MOST_NAMES = 12;

  private DifferenceText() {}

  /// Which calls, as `clone where flags has any of CLONE_NEWUSER on x86_64`.
  public static String what(Difference difference) {
    List<String> names = new ArrayList<>(difference.names());
    if (names.size() > MOST_NAMES) {
      int more = names.size() - MOST_NAMES;
      names = new ArrayList<>(names.subList(0, MOST_NAMES));
      names.add("and " + more + " more");
    }
    if (!difference.others().isEmpty()) {
      names.add("numbers without a name (" + difference.others() + ")");
    }
    if (names.isEmpty()) {
      names.add("calls");
    }
    String condition = ConditionText.of(difference.condition(), difference.names());
    return String.join(", ", names)
        + (condition.isEmpty() ? "" : " where " + condition)
        + " on "
        + String.join(", ", difference.where());
  }

  /// What the two do, and one call that shows it, as `ALLOW against ERRNO(1), as clone(0x10000000,
  /// 0, 0, 0, 0, 0), number 56 of architecture 0xc000003e`.
  public static String how(Difference difference) {
    return difference.first()
        + " against "
        + difference.second()
        + ", as "
        + call(difference)
        + taken(difference);
  }

  /// The call that the kernel makes of it, where it ignores bits that are set.
  private static String taken(Difference difference) {
    if (difference.names().isEmpty()) {
      return "";
    }
    String name = difference.names().getFirst();
    List<Long> arguments = difference.witness().arguments();
    List<Long> taken =
        IntStream.range(0, arguments.size())
            .mapToObj(i -> plain(arguments.get(i), ArgumentWidths.taken(name, i)))
            .toList();
    return taken.equals(arguments) ? "" : ", which the kernel takes for " + invocation(name, taken);
  }

  /// A negative `int` stays as it is.
  private static long plain(long value, long taken) {
    return taken == 0xffffffffL && value == (int) value ? value : value & taken;
  }

  /// Why such differences make neither filter the stricter one, and what to do; for those that do.
  public static String why(Direction direction) {
    return switch (direction) {
      case FAKES_SUCCESS ->
          "ERRNO 0 lets a call seem to succeed that was not made, and nobody can say what follows;"
              + " answer with an errno that says why";
      case ASKS ->
          "a listener or a tracer decides, and not the filter; answer such calls as the other does";
      case KEEPS_RIGHTS ->
          "with this call a runtime or a program gives rights up, restricts itself or asks what it"
              + " may do, and one that does not heed the answer goes on as if it had; answer it as"
              + " the other does, allow it, or kill the process (SCMP_ACT_KILL_PROCESS). To take a"
              + " right away, drop the capability";
      case WEAKER, STRICTER, DATA -> throw new IllegalArgumentException(direction.toString());
    };
  }

  private static String call(Difference difference) {
    Call witness = difference.witness();
    return invocation(difference)
        + ", number "
        + Integer.toUnsignedString(witness.number())
        + " of architecture "
        + hex(Integer.toUnsignedLong(witness.architecture()));
  }

  /// The call that shows it, as `clone(0x10000000, 0, 0, 0, 0, 0)`.
  public static String invocation(Difference difference) {
    Call witness = difference.witness();
    String name =
        difference.names().isEmpty()
            ? "call " + Integer.toUnsignedString(witness.number())
            : difference.names().getFirst();
    return invocation(name, witness.arguments());
  }

  private static String invocation(String name, List<Long> arguments) {
    return name
        + arguments.stream().map(DifferenceText::hex).collect(Collectors.joining(", ", "(", ")"));
  }

  /// As people write masks and addresses.
  public static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}

package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Differences as text for people.
public final class DifferenceText {
  private static final int MOST_NAMES = 12;

  private DifferenceText() {}

  /// The calls concerned, such as `clone where flags has any of CLONE_NEWUSER on x86_64`.
  public static String what(Difference difference) {
    return calls(difference, MOST_NAMES) + " on " + String.join(", ", difference.where());
  }

  /// The same without their architectures.
  ///
  /// @param most how many names are listed
  public static String calls(Difference difference, int most) {
    List<String> names = new ArrayList<>(difference.names());
    if (names.size() > most) {
      int more = names.size() - most;
      names = new ArrayList<>(names.subList(0, most));
      names.add("and " + more + " more");
    }
    if (!difference.others().isEmpty()) {
      names.add("numbers without a name (" + difference.others() + ")");
    }
    if (names.isEmpty()) {
      names.add("calls");
    }
    String condition = ConditionText.of(difference.condition(), difference.names());
    return String.join(", ", names) + (condition.isEmpty() ? "" : " where " + condition);
  }

  /// What the two do, and one call that shows it, such as `ALLOW instead of EPERM, for example
  /// clone(0x10000000, 0, 0, 0, 0, 0) (number 56, architecture 0xc000003e)`.
  public static String how(Difference difference) {
    int architecture = difference.witness().architecture();
    return difference.first().on(architecture)
        + " instead of "
        + difference.second().on(architecture)
        + ", for example "
        + call(difference)
        + (difference.names().isEmpty()
            ? ""
            : taken(difference.names().getFirst(), difference.witness().arguments()));
  }

  /// The call that the kernel makes of it, where it ignores bits that are set: `, which the kernel
  /// reads as socket(0x26, 0, 0, 0, 0, 0)`; else empty.
  public static String taken(String name, List<Long> arguments) {
    List<Long> taken =
        IntStream.range(0, arguments.size())
            .mapToObj(i -> plain(arguments.get(i), ArgumentWidths.taken(name, i)))
            .toList();
    return taken.equals(arguments) ? "" : ", which the kernel reads as " + invocation(name, taken);
  }

  /// A negative `int` stays as it is.
  private static long plain(long value, long taken) {
    return taken == 0xffffffffL && value == (int) value ? value : value & taken;
  }

  /// Why such differences make neither filter the stricter one, and what to do; for those that do.
  public static String why(Direction direction) {
    return switch (direction) {
      case FAKES_SUCCESS ->
          "errno 0 makes a call look successful although it was not made, so the effect on the"
              + " program is unknown; return an errno that gives the reason";
      case ASKS ->
          "a listener or a tracer decides, not the filter; give such calls the action that the"
              + " other filter gives them";
      case KEEPS_RIGHTS ->
          "runtimes and programs use this call to drop rights, to restrict themselves or to ask"
              + " what they may do, and one that ignores the error continues with its rights; give"
              + " the call the action that the other filter gives it, allow it, or kill the process"
              + " (SCMP_ACT_KILL_PROCESS). To remove a right, drop the capability";
      case WEAKER, STRICTER, DATA -> throw new IllegalArgumentException(direction.toString());
    };
  }

  private static String call(Difference difference) {
    Call witness = difference.witness();
    return invocation(difference)
        + " (number "
        + Integer.toUnsignedString(witness.number())
        + ", architecture "
        + hex(Integer.toUnsignedLong(witness.architecture()))
        + ")";
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

  /// A call, as `clone(0x10000000, 0, 0, 0, 0, 0)`.
  public static String invocation(String name, List<Long> arguments) {
    return name
        + arguments.stream().map(DifferenceText::hex).collect(Collectors.joining(", ", "(", ")"));
  }

  /// As people write masks and addresses.
  public static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}

package dev.portcullis.seccomp.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a profile needs beside the calls that a recording sees; `additions.txt` has it, with the
/// source of each line.
public final class NeededCalls {
  private static final String FILE = "additions.txt";
  private static final Pattern CALL = Pattern.compile("([a-z0-9_]+)(?:\\[([0-5])=(\\w+)])?");

  /// The calls that a recording does not ask about.
  public static final String UNASKED = "unasked";

  /// The calls that the C library may make without the kernel.
  public static final String VDSO = "vdso";

  /// The calls, beside clone, that make a process.
  public static final String CHILDREN = "children";

  /// The calls by which a program waits, or does not have to.
  public static final String WAITS = "waits";

  private static final List<String> OF_PROGRAMS = List.of(UNASKED, VDSO, CHILDREN, WAITS);

  private static final Map<String, List<Call>> GROUPS = load();

  private NeededCalls() {}

  /// A call that may be made.
  ///
  /// @param conditions none for all arguments
  public record Call(String name, List<ArgumentCondition> conditions) {
    public Call {
      conditions = List.copyOf(conditions);
    }
  }

  private static Map<String, List<Call>> load() {
    try (InputStream in = NeededCalls.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return read(new String(in.readAllBytes(), UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  private static Map<String, List<Call>> read(String text) {
    Map<String, List<Call>> groups = new LinkedHashMap<>();
    List<Call> group = new ArrayList<>();
    for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
      if (line.isBlank() || line.startsWith("    ")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        group = new ArrayList<>();
        groups.put(line.strip(), group);
        continue;
      }
      for (String word : line.strip().split(" ", -1)) {
        group.add(call(word));
      }
    }
    return groups;
  }

  private static Call call(String word) {
    Matcher matcher = CALL.matcher(word);
    if (!matcher.matches()) {
      throw new IllegalStateException(FILE + ": " + word);
    }
    String name = matcher.group(1);
    if (matcher.group(2) == null) {
      return new Call(name, List.of());
    }
    int index = Integer.parseInt(matcher.group(2));
    return new Call(
        name,
        List.of(equal(index, ArgumentWidths.taken(name, index), Long.decode(matcher.group(3)))));
  }

  /// That an argument has a value, in the bits that count.
  static ArgumentCondition equal(int index, long mask, long value) {
    return mask == -1L
        ? new ArgumentCondition(index, value, 0, Operator.EQ)
        : new ArgumentCondition(index, mask, value, Operator.MASKED_EQ);
  }

  /// The OCI runtimes of which it is known what they need, by name.
  public static List<String> ociRuntimes() {
    return GROUPS.keySet().stream().filter(each -> !OF_PROGRAMS.contains(each)).toList();
  }

  /// The calls of a group: one of the constants, or the name of an OCI runtime.
  public static List<Call> of(String group) {
    return GROUPS.getOrDefault(group, List.of());
  }

  /// Whether a recording cannot tell that a call was made: it is not asked about, or made without
  /// the kernel.
  static boolean isUnseen(String name) {
    return Stream.of(UNASKED, CHILDREN, VDSO)
        .flatMap(group -> of(group).stream())
        .anyMatch(call -> call.name().equals(name));
  }
}

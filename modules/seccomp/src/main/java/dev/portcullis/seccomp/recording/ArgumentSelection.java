package dev.portcullis.seccomp.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which arguments of which calls a recording keeps; `arguments.txt` has them.
public final class ArgumentSelection {
  private static final String FILE = "arguments.txt";

  /// The namespaces among the flags of clone and clone3: linux/sched.h.
  static final long NAMESPACES = 0x7e020000L;

  /// The value of an argument in memory that could not be read.
  public static final long UNREADABLE = -1;

  private enum Level {
    USUAL,
    ALL,
    MEMORY
  }

  private record Entry(Level level, KeptArgument argument) {}

  private static final Map<String, List<Entry>> ENTRIES = load();

  private ArgumentSelection() {}

  private static Map<String, List<Entry>> load() {
    try (InputStream in = ArgumentSelection.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return read(new String(in.readAllBytes(), UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  private static Map<String, List<Entry>> read(String text) {
    Map<String, List<Entry>> entries = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split(" ", -1))
        .forEach(words -> {
          Level level = Level.valueOf(words[0].toUpperCase(Locale.ROOT));
          int index = Integer.parseInt(words[2]);
          long mask =
              words.length > 3
                  ? Long.decode(words[3])
                  : level == Level.MEMORY ? -1L : ArgumentWidths.taken(words[1], index);
          entries
              .computeIfAbsent(words[1], _ -> new ArrayList<>())
              .add(new Entry(level, new KeptArgument(index, mask)));
        });
    return entries;
  }

  /// The arguments of a call that are kept, in the order of the file.
  public static List<KeptArgument> of(String call, Architecture architecture) {
    return isKnown(call, architecture)
        ? ENTRIES.getOrDefault(call, List.of()).stream().map(Entry::argument).toList()
        : List.of();
  }

  /// Whether the value of the call's kept argument stands in memory.
  public static boolean isInMemory(String call) {
    return ENTRIES.getOrDefault(call, List.of()).stream()
        .anyMatch(each -> each.level() == Level.MEMORY);
  }

  /// Whether a condition on an argument is made at a level.
  static boolean isWorth(ArgumentConditions level, String call, int index) {
    return ENTRIES.getOrDefault(call, List.of()).stream()
        .filter(each -> each.argument().index() == index)
        .anyMatch(each ->
            switch (each.level()) {
              case USUAL -> level != ArgumentConditions.NONE;
              case ALL -> level == ArgumentConditions.ALL;
              case MEMORY -> false;
            });
  }

  /// clone(2): on s390 the flags are the second argument.
  private static boolean isKnown(String call, Architecture architecture) {
    boolean s390 = architecture == Architecture.S390 || architecture == Architecture.S390X;
    return !(s390 && call.equals("clone"));
  }
}

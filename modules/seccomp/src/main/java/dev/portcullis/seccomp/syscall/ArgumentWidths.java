package dev.portcullis.seccomp.syscall;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How many bits of an argument the kernel takes. A filter sees all 64 of the register, and decides
/// by bits that the kernel then ignores; the widths, and where they are from, are in `widths.txt`.
public final class ArgumentWidths {
  private static final String FILE = "widths.txt";

  /// The bits of the registers, and of what is not known.
  private static final int ALL = 64;

  private static final Map<String, List<Integer>> WIDTHS = load();

  private ArgumentWidths() {}

  private static Map<String, List<Integer>> load() {
    try (InputStream in = ArgumentWidths.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return read(new String(in.readAllBytes(), UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  private static Map<String, List<Integer>> read(String text) {
    Map<String, List<Integer>> widths = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" ", -1))
        .forEach(words ->
            widths.put(
                words[0],
                Arrays.stream(words)
                    .skip(1)
                    .map(width -> Integer.valueOf(width.replace("*", "")))
                    .toList()));
    return widths;
  }

  /// 64, 32 or 16, on x86_64 and aarch64, by the name of the call; 64 where it is not known.
  ///
  /// @param argument from 0 to 5
  public static int bits(String call, int argument) {
    List<Integer> widths = WIDTHS.getOrDefault(call, List.of());
    return argument < widths.size() ? widths.get(argument) : ALL;
  }

  /// The same as a mask of the bits that are taken.
  public static long taken(String call, int argument) {
    return -1L >>> (ALL - bits(call, argument));
  }

  /// The names of all calls that the table has.
  static Set<String> calls() {
    return WIDTHS.keySet();
  }
}

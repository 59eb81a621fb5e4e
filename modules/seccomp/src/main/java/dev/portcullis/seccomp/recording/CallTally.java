package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall.Values;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts system calls as they come. For one thread; bounded, whatever the calls are.
public final class CallTally {
  /// System calls are numbered up to 470 in 2026; others go the slower way.
  private static final int DIRECT = 1024;

  /// How many numbers are told apart beyond these.
  private static final int MOST_BEYOND = 256;

  private final Architecture machine;
  private final SyscallTable names;
  private final Map<Architecture, Counts> byArchitecture = new HashMap<>();

  private int lastToken;
  private int lastBit;
  private @Nullable Counts last;

  /// @param machine the architecture of the kernel
  public CallTally(Architecture machine, SyscallTable names) {
    this.machine = machine;
    this.names = names;
  }

  /// The name of a call; empty where there is none.
  ///
  /// @param token the architecture, as `seccomp_data.arch` has it
  public String name(int token, int number) {
    return counts(token, number).name(number);
  }

  /// The number of a call on an architecture, x32 aside; negative where there is none.
  public int number(int token, String name) {
    return counts(token, 0).number(name);
  }

  /// Counts one.
  ///
  /// @param arguments six; that of a value in memory is already the value
  public void count(int token, int number, long[] arguments) {
    counts(token, number).count(number, arguments);
  }

  private Counts counts(int token, int number) {
    int bit = token == Architecture.X32.token() ? number & Architecture.X32_BIT : 0;
    Counts same = last;
    if (same == null || token != lastToken || bit != lastBit) {
      same =
          byArchitecture.computeIfAbsent(architecture(token, bit), each -> new Counts(each, names));
      last = same;
      lastToken = token;
      lastBit = bit;
    }
    return same;
  }

  private Architecture architecture(int token, int bit) {
    List<Architecture> candidates = new ArrayList<>(List.of(machine));
    candidates.addAll(machine.companions());
    candidates.addAll(List.of(Architecture.values()));
    for (Architecture each : candidates) {
      if (each.token() == token && (each == Architecture.X32) == (bit != 0)) {
        return each;
      }
    }
    return machine;
  }

  /// What was counted so far.
  public List<RecordedCall> calls() {
    List<RecordedCall> all = new ArrayList<>();
    byArchitecture.values().forEach(each -> each.addTo(all));
    return Recording.sum(all);
  }

  private record Key(int number, long a, long b, long c) {}

  /// Of one architecture.
  private static final class Counts {
    private final Architecture architecture;
    private final Map<Integer, String> names;
    private final long[] direct = new long[DIRECT];
    private final @Nullable List<KeptArgument>[] kept;
    private final Map<Integer, long[]> beyond = new HashMap<>();
    private final Map<Key, long[]> values = new HashMap<>();
    private final Map<Integer, int[]> different = new HashMap<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    Counts(Architecture architecture, SyscallTable table) {
      this.architecture = architecture;
      this.names = table.of(architecture);
      this.kept = new List[DIRECT];
      names.forEach((number, name) -> {
        int index = index(number);
        List<KeptArgument> of = ArgumentSelection.of(name, architecture);
        if (index >= 0 && !of.isEmpty()) {
          kept[index] = of;
        }
      });
    }

    private static int index(int number) {
      int plain = number & ~Architecture.X32_BIT;
      return plain >= 0 && plain < DIRECT ? plain : -1;
    }

    String name(int number) {
      return names.getOrDefault(number, "");
    }

    int number(String name) {
      for (Map.Entry<Integer, String> each : names.entrySet()) {
        if (each.getValue().equals(name)) {
          return each.getKey();
        }
      }
      return -1;
    }

    void count(int number, long[] arguments) {
      int index = index(number);
      if (index < 0) {
        if (beyond.size() < MOST_BEYOND || beyond.containsKey(number)) {
          beyond.computeIfAbsent(number, _ -> new long[1])[0]++;
        }
        return;
      }
      direct[index]++;
      List<KeptArgument> of = kept[index];
      if (of != null) {
        value(index, of, arguments);
      }
    }

    private void value(int index, List<KeptArgument> of, long[] arguments) {
      Key key =
          new Key(
              index, masked(of, 0, arguments), masked(of, 1, arguments), masked(of, 2, arguments));
      long[] before = values.get(key);
      if (before != null) {
        before[0]++;
      } else if (different.computeIfAbsent(index, _ -> new int[1])[0]++
          < RecordedCall.MOST_VALUES) {
        values.put(key, new long[] {1});
      }
    }

    private static long masked(List<KeptArgument> of, int which, long[] arguments) {
      if (which >= of.size()) {
        return 0;
      }
      KeptArgument argument = of.get(which);
      return arguments[argument.index()] & argument.mask();
    }

    void addTo(List<RecordedCall> all) {
      int bit = architecture == Architecture.X32 ? Architecture.X32_BIT : 0;
      for (int index = 0; index < DIRECT; index++) {
        if (direct[index] > 0) {
          all.add(call(index | bit, index));
        }
      }
      beyond.forEach((number, count) ->
          all.add(
              new RecordedCall(
                  architecture, number, name(number), count[0], List.of(), List.of(), 0)));
    }

    private RecordedCall call(int number, int index) {
      List<KeptArgument> of = kept[index];
      if (of == null) {
        return new RecordedCall(
            architecture, number, name(number), direct[index], List.of(), List.of(), 0);
      }
      List<Values> seen = new ArrayList<>();
      long others = direct[index];
      for (Map.Entry<Key, long[]> entry : values.entrySet()) {
        Key key = entry.getKey();
        if (key.number() == index) {
          seen.add(
              new Values(
                  List.of(key.a(), key.b(), key.c()).subList(0, of.size()), entry.getValue()[0]));
          others -= entry.getValue()[0];
        }
      }
      return new RecordedCall(architecture, number, name(number), direct[index], of, seen, others);
    }
  }
}

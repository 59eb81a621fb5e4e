package dev.portcullis.seccomp.syscall;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// System calls sorted by what they are for; the sorting is `groups.txt`.
public final class SyscallGroups {
  private static final String FILE = "groups.txt";

  /// Calls that are newer than the sorting.
  private static final SyscallGroup OTHER = new SyscallGroup("other", "without a group", List.of());

  private final List<SyscallGroup> all;
  private final Map<String, SyscallGroup> ofCalls = new HashMap<>();

  private SyscallGroups(List<SyscallGroup> all) {
    this.all = List.copyOf(all);
    for (SyscallGroup group : all) {
      group.names().forEach(name -> ofCalls.put(name, group));
    }
  }

  /// The groups in the order in which they are shown.
  public static SyscallGroups load() {
    try (InputStream in = SyscallGroups.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return new SyscallGroups(read(new String(in.readAllBytes(), UTF_8)));
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  private static List<SyscallGroup> read(String text) {
    List<SyscallGroup> groups = new ArrayList<>();
    for (String block : text.split("\n\n", -1)) {
      String[] lines = block.strip().split("\n", 2);
      if (lines[0].startsWith("@")) {
        String[] heading = lines[0].substring(1).split(" ", 2);
        groups.add(
            new SyscallGroup(heading[0], heading[1], List.of(lines[1].strip().split("\\s+"))));
      }
    }
    return groups;
  }

  /// All of them; the last has what is in no other.
  public List<SyscallGroup> all() {
    List<SyscallGroup> groups = new ArrayList<>(all);
    groups.add(OTHER);
    return groups;
  }

  /// The group with a name, as `files`.
  public Optional<SyscallGroup> named(String name) {
    return all.stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /// The group that a system call is in.
  public SyscallGroup of(String syscall) {
    return ofCalls.getOrDefault(syscall, OTHER);
  }
}

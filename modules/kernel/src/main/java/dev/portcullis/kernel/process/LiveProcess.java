package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.libc.ErrorNumbers.ENOENT;
import static dev.portcullis.kernel.libc.ErrorNumbers.ESRCH;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.kernel.libc.PathDescriptor;
import dev.portcullis.kernel.libc.SystemCallException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A process, held by its open directory in /proc.
///
/// The directory stays that of this process: when it has ended, reading fails, even when another
/// process has its number by then.
public final class LiveProcess implements AutoCloseable {
  // The longest file read here is `status`, about 1.5 KiB; a cgroup path may have 4096 bytes.
  private static final int LONGEST_FILE = 64 * 1024;
  private static final int MOST_THREADS = 10_000;
  // proc(5): the comm of a process has 15 bytes. runc's reads `runc:[2:INIT]`. crun's is its own
  // name. Both execute a copy of themselves first, which until Linux 6.13 is named after the
  // descriptor, and from 6.14 on after the file: `runc_cloned:/proc/self/exe` in memory, or
  // `#<inode>` without a name (runc's and crun's cloned_binary.c).
  private static final Set<String> RUNTIMES =
      Set.of("crun", "runc", "exe", "memfd:crun_clon", "memfd:runc_clon");

  private static final Pattern COPY = Pattern.compile("#?[0-9]+");

  // From its first process to the program takes a runtime some milliseconds; a program may have the
  // name of one.
  private static final Duration LONGEST_START = Duration.ofMinutes(1);

  private final long pid;
  private final PathDescriptor directory;

  private LiveProcess(long pid, PathDescriptor directory) {
    this.pid = pid;
    this.directory = directory;
  }

  /// Holds a process; empty where there is none of that number.
  public static Optional<LiveProcess> open(long pid) throws IOException {
    try {
      return Optional.of(new LiveProcess(pid, PathDescriptor.open("/proc/" + pid)));
    } catch (SystemCallException e) {
      if (isOfAnEnd(e)) {
        return Optional.empty();
      }
      throw new IOException("process " + pid + " cannot be looked at: " + e.getMessage(), e);
    }
  }

  /// Its number.
  public long pid() {
    return pid;
  }

  /// How it is filtered now; empty where it has ended.
  public Optional<SeccompState> seccomp() throws IOException {
    String status = read("status");
    if (status == null) {
      return Optional.empty();
    }
    SeccompState state = SeccompState.parse(status);
    if (state == null) {
      throw new IOException(
          "/proc/"
              + pid
              + "/status has no line \"Seccomp:\"; this kernel is built without seccomp");
    }
    return Optional.of(state);
  }

  /// How many filters its parent has: a runtime that is filtered itself, as by its unit, hands them
  /// on to whatever it starts (seccomp(2)). 0 where the kernel does not report it.
  public int inheritedFilters() throws IOException {
    String status = read("status");
    String parent = status == null ? null : SeccompState.field(status, "PPid");
    Optional<LiveProcess> found = parent == null ? Optional.empty() : open(Long.parseLong(parent));
    if (found.isEmpty()) {
      return 0;
    }
    try (LiveProcess process = found.get()) {
      Integer filters = process.seccomp().map(SeccompState::filters).orElse(null);
      return filters == null ? 0 : filters;
    }
  }

  /// As the other, once it executes the container's program; until then only a filter that is there
  /// already counts, since execve(2) keeps it.
  ///
  /// @param inherited the number of filters that say nothing, as the runtime has them, too
  public Optional<SeccompState> seccompOfProgram(int inherited) throws IOException {
    return seccompOfProgram(inherited, LONGEST_START);
  }

  /// @param longestStart after so much time the process of a runtime is a program that is called so
  Optional<SeccompState> seccompOfProgram(int inherited, Duration longestStart) throws IOException {
    String status = read("status");
    if (status == null) {
      return Optional.empty();
    }
    SeccompState state = SeccompState.parse(status);
    boolean counts =
        state != null
            && (state.exceeds(inherited)
                || !isRuntime(status)
                || age().compareTo(longestStart) > 0);
    return counts ? Optional.ofNullable(state) : Optional.empty();
  }

  /// What it may do, once it executes the container's program; empty until then, and where it has
  /// ended.
  public Optional<ProcessRights> rightsOfProgram() throws IOException {
    String status = read("status");
    if (status == null || (isRuntime(status) && age().compareTo(LONGEST_START) <= 0)) {
      return Optional.empty();
    }
    return rights(status);
  }

  /// @param status its own, as it was read
  Optional<ProcessRights> rights(String status) throws IOException {
    // user_namespaces(7): what it maps is shown to a process of another namespace as that sees it.
    String users = read("uid_map");
    return users == null
        ? Optional.empty()
        : Optional.ofNullable(
            ProcessRights.parse(
                status, users.equals(Files.readString(Path.of("/proc/self/uid_map")))));
  }

  /// How long ago it was started; zero where it has ended.
  Duration age() throws IOException {
    String stat = read("stat");
    if (stat == null) {
      return Duration.ZERO;
    }
    // proc(5): the name in parentheses may have spaces and parentheses. `starttime` is field 22, in
    // hundredths of a second since the boot (sysconf(3), _SC_CLK_TCK; 100 wherever this runs).
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    String up = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
    return Duration.ofMillis(
        (long) (Double.parseDouble(up) * 1000) - Long.parseLong(fields[19]) * 10);
  }

  /// Whether it belongs to a container: containerd and CRI-O put a container's id into the name of
  /// its cgroup, in version 1 and 2 alike. False where it has ended.
  public boolean inContainer(String containerId) throws IOException {
    String cgroups = read("cgroup");
    return cgroups != null && cgroups.contains(containerId);
  }

  /// Whether this is the runtime's own process, which will become the container's by execve(2).
  static boolean isRuntime(String status) {
    String name = SeccompState.field(status, "Name");
    return name != null
        && (name.startsWith("runc:[") || RUNTIMES.contains(name) || COPY.matcher(name).matches());
  }

  /// The threads whose mode or number of filters is another than the first thread's; none where it
  /// has ended.
  public List<Long> filteredOtherwise() throws IOException {
    String first = read("status");
    if (first == null) {
      return List.of();
    }
    SeccompState state = SeccompState.parse(first);
    List<Long> otherwise = new ArrayList<>();
    for (long thread : threads()) {
      // It may end between the two; one that is not there has no filters that could differ.
      String status = read("task/" + thread + "/status");
      if (status != null && !Objects.equals(SeccompState.parse(status), state)) {
        otherwise.add(thread);
      }
    }
    return otherwise;
  }

  /// Of its first threads those whose mode and number of filters are the first thread's.
  List<Long> filteredAlike(int most) throws IOException {
    List<Long> threads = threads();
    List<Long> alike = new ArrayList<>(threads.subList(0, Math.min(most, threads.size())));
    alike.removeAll(filteredOtherwise());
    return alike;
  }

  /// Whether its first thread waits so that nothing stops it (proc(5), state D): for a disk, for a
  /// child of vfork(2), or because its control group is frozen.
  public boolean isUnstoppable() throws IOException {
    return isUnstoppable(pid);
  }

  boolean isUnstoppable(long thread) throws IOException {
    String status = read("task/" + thread + "/status");
    String state = status == null ? null : SeccompState.field(status, "State");
    return state != null && state.startsWith("D");
  }

  /// The function of the kernel that one of its threads waits in (proc(5), `wchan`); empty where it
  /// waits in none, has ended, or the kernel does not report it.
  String waitsFor(long thread) {
    try {
      String function = read("task/" + thread + "/wchan");
      return function == null ? "" : function;
    } catch (IOException mayNotBeAsked) {
      // As for `syscall`: an attempt to stop it reports the reason.
      return "";
    }
  }

  /// Its bounding set, which limits the capabilities that it and what it executes can have, in
  /// names as `CAP_CHOWN`; empty where it has ended.
  public Optional<Set<String>> boundingCapabilities() throws IOException {
    String status = read("status");
    String set = status == null ? null : SeccompState.field(status, "CapBnd");
    return Optional.ofNullable(set).map(CapabilityNumbers::names);
  }

  private List<Long> threads() throws IOException {
    List<Long> numbers = new ArrayList<>();
    Path tasks = Path.of("/proc/self/fd/" + directory.number(), "task");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(tasks)) {
      for (Path task : entries) {
        if (numbers.size() == MOST_THREADS) {
          throw new IOException("process " + pid + " has more than " + MOST_THREADS + " threads");
        }
        numbers.add(Long.valueOf(task.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The JDK has no type for ESRCH.
      if (read("stat") == null) {
        return List.of();
      }
      throw new IOException("the threads of process " + pid, e);
    }
    return numbers;
  }

  /// A file of its directory; null where it, or the thread that the file is about, has ended.
  @Nullable String read(String name) throws IOException {
    try {
      return new String(directory.read(name, LONGEST_FILE), UTF_8);
    } catch (SystemCallException e) {
      if (isOfAnEnd(e)) {
        return null;
      }
      throw new IOException("/proc/" + pid + "/" + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// ENOENT where nothing of that number is there any more; ESRCH where it ended since its
  /// directory or a file of it was opened.
  private static boolean isOfAnEnd(SystemCallException e) {
    return e.errno() == ENOENT || e.errno() == ESRCH;
  }

  @Override
  public void close() {
    directory.close();
  }
}

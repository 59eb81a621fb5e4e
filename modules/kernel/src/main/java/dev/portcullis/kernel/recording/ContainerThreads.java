package dev.portcullis.kernel.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.portcullis.kernel.process.ContainerGroup;
import dev.portcullis.kernel.process.ProcessTree;
import dev.portcullis.kernel.process.RecentTasks;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which of the threads of a trace execute a container's programs.
///
/// A thread is in the container if its control group is, or the thread that made it is. What a
/// runtime does in the group before it executes the program is the runtime's; it executes nothing
/// else there but itself.
final class ContainerThreads {
  private static final int MOST = 1 << 14;

  /// Threads of a runtime that may go into the container's group before they execute its program.
  private static final int MOST_NEWCOMERS = 256;

  /// A runtime does so in less; what comes later is looked up when it executes a program.
  private static final long LONGEST_ARRIVAL = 30_000_000_000L;

  /// As runc executes itself within the group: from its own file, or from a copy in memory.
  private static final Pattern RUNTIME_ITSELF =
      Pattern.compile("/proc/(self|thread-self|[0-9]+)/(exe|fd/[0-9]+)|/dev/fd/[0-9]+");

  /// What the OCI runtimes are called that a shim executes.
  private static final Pattern RUNTIME =
      Pattern.compile("(.*/)?(runc|crun|youki|conmon|conmonrs|containerd-shim.*)");

  /// Whose calls a thread makes.
  enum Place {
    /// The container's programs'.
    PROGRAM,
    /// The runtime's, in the container's control group.
    RUNTIME,
    /// Those of another container of the pod.
    SIBLING,
    /// Somebody else's.
    OUTSIDE
  }

  private final Map<Integer, Place> places = new RecentTasks<>(MOST);

  /// Since when, by `System.nanoTime`.
  private final Map<Integer, Long> newcomers = new LinkedHashMap<>();

  private @Nullable String id;
  private @Nullable String group;
  private long omitted;
  private Set<String> siblings = Set.of();
  private boolean hasOtherClass;

  /// The container's id, as the runtime made it up: no thread is in it before it is known.
  void become(String id) {
    this.id = id;
  }

  /// The ids of the other containers of its pod, as far as they are known.
  void know(Set<String> others) {
    siblings = Set.copyOf(others);
  }

  void put(int thread, Place place) {
    places.put(thread, place);
  }

  /// Whether it executed a program of 32 bits: its calls have other numbers, and the trace does not
  /// tell them apart.
  boolean hasOtherClass() {
    return hasOtherClass;
  }

  /// Looks at the program that a thread of the container executes: at what the kernel keeps of it,
  /// as its file may be one that others cannot read, or that keeps its reader waiting.
  void lookAtProgram(int thread) {
    try (InputStream file = new FileInputStream("/proc/" + thread + "/auxv")) {
      hasOtherClass |= isOfOtherClass(file.readNBytes(Long.BYTES));
    } catch (IOException ended) {
      // It is gone; what is seen of others shows the same.
    }
  }

  /// Whether the auxiliary vector of a process (getauxval(3)) is one of 32 bits, by the kernel of a
  /// machine of 64: the type of its first entry, a small number, then has 32 bits, as its value
  /// has.
  static boolean isOfOtherClass(byte[] vector) {
    return vector.length >= Long.BYTES
        && ByteBuffer.wrap(vector).order(ByteOrder.nativeOrder()).getLong() >>> Integer.SIZE != 0;
  }

  /// Whether some thread may become one of the container's.
  boolean isAwaiting() {
    return !newcomers.isEmpty();
  }

  /// How many were gone when their group was asked for, and may have been the container's.
  long omitted() {
    return omitted;
  }

  /// Their numbers may have been given out again.
  void forget() {
    places.clear();
    newcomers.clear();
  }

  /// Where a thread is that makes a call.
  Place of(int thread) {
    Place known = places.get(thread);
    if (known != null) {
      return known;
    }
    Place found = look(thread);
    if (found == null) {
      omitted++;
      found = Place.OUTSIDE;
    }
    put(thread, found);
    return found;
  }

  /// Whether it is known to be of another container of the pod.
  boolean isSibling(int thread) {
    return places.get(thread) == Place.SIBLING;
  }

  void born(int parent, int child) {
    Place place = places.get(parent);
    newcomers.remove(child);
    if (place == null) {
      places.remove(child);
      return;
    }
    put(child, place);
    if (place == Place.OUTSIDE
        && newcomers.size() < MOST_NEWCOMERS
        && !Files.exists(Path.of("/proc/" + parent + "/task/" + child))) {
      newcomers.put(child, System.nanoTime());
    }
  }

  /// A thread executes a program.
  ///
  /// @return whether it is the first of the container that this thread executes
  boolean started(int thread, String file) {
    Place before = places.get(thread);
    boolean ofRuntime = RUNTIME_ITSELF.matcher(file).matches();
    Place now = before == null || before == Place.OUTSIDE ? look(thread) : before;
    if (now == null) {
      if (!ofRuntime && !RUNTIME.matcher(file).matches()) {
        omitted++;
      }
      now = Place.OUTSIDE;
    } else if (before != Place.PROGRAM && (now == Place.PROGRAM || now == Place.RUNTIME)) {
      boolean isStillRuntime = before != Place.RUNTIME && now == Place.RUNTIME;
      now = ofRuntime || isStillRuntime ? Place.RUNTIME : Place.PROGRAM;
    }
    put(thread, now);
    if (now == Place.PROGRAM) {
      newcomers.remove(thread);
      lookAtProgram(thread);
    }
    return now == Place.PROGRAM && before != Place.PROGRAM;
  }

  /// Looks whether those that a runtime has made are in the container's group by now: they may end
  /// before their events are read. Others are in that of another container by now.
  ///
  /// @return these
  List<Integer> lookAgain() {
    List<Integer> strangers = new ArrayList<>();
    long now = System.nanoTime();
    for (Iterator<Map.Entry<Integer, Long>> all = newcomers.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<Integer, Long> newcomer = all.next();
      int thread = newcomer.getKey();
      Place found = places.get(thread) == Place.OUTSIDE ? look(thread) : Place.OUTSIDE;
      if (found == null || now - newcomer.getValue() > LONGEST_ARRIVAL) {
        all.remove();
      } else if (found == Place.SIBLING) {
        places.put(thread, found);
        all.remove();
        strangers.add(thread);
      } else if (found != Place.OUTSIDE) {
        // Until it executes the program, which is an event of its own that comes after this.
        places.put(thread, Place.RUNTIME);
        all.remove();
      }
    }
    return strangers;
  }

  /// @return null where it has ended, so that its place is unknown
  private @Nullable Place look(int thread) {
    String wanted = id;
    if (wanted == null) {
      return Place.OUTSIDE;
    }
    List<String> groups;
    try {
      groups = ContainerGroup.paths(thread);
    } catch (IOException ended) {
      return null;
    }
    for (String path : groups) {
      if (isWithin(path, wanted)) {
        return isRuntime(thread) ? Place.RUNTIME : Place.PROGRAM;
      }
    }
    if (sibling(groups) != null) {
      return Place.SIBLING;
    }
    // One that its parent has not asked yet how it ended is shown in the first group of version 1.
    return ProcessTree.hasEnded(thread) ? null : Place.OUTSIDE;
  }

  /// The other container of the pod that a thread is in.
  ///
  /// @return null where it is in none, or has ended
  @Nullable String sibling(long thread) {
    try {
      return sibling(ContainerGroup.paths(thread));
    } catch (IOException ended) {
      return null;
    }
  }

  /// @return null for a thread that may be in this container: it can name groups below its own as
  ///   it likes
  private @Nullable String sibling(List<String> groups) {
    String own = id;
    if (own == null || groups.stream().anyMatch(path -> path.contains(own))) {
      return null;
    }
    return siblings.stream()
        .filter(other -> groups.stream().anyMatch(path -> path.contains(other)))
        .findFirst()
        .orElse(null);
  }

  /// The group that the runtime made counts: another container may name one below its own so.
  private boolean isWithin(String path, String wanted) {
    int at = path.indexOf(wanted);
    if (at < 0) {
      return false;
    }
    int end = path.indexOf('/', at + wanted.length());
    String own = end < 0 ? path : path.substring(0, end);
    if (group == null) {
      group = own;
    }
    return own.equals(group);
  }

  private static boolean isRuntime(int thread) {
    try {
      byte[] name = Files.readAllBytes(Path.of("/proc/" + thread + "/comm"));
      return new String(name, ISO_8859_1).startsWith("runc:[");
    } catch (IOException ended) {
      return false;
    }
  }
}

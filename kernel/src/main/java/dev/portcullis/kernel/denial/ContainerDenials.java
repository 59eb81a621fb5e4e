package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts the system calls that the filters of many containers refuse, or let go on and log, by one
/// trace.
///
/// A container's filters are those that the runtime gave its first process. Those that a program
/// gives itself are its own, and do not count. A call belongs to the container whose control group
/// its thread is in when it is first seen, or executes a program; a thread belongs to the container
/// of the one that made it. For one thread.
///
/// @param <S> a container
public final class ContainerDenials<S> implements AutoCloseable {
  /// That are followed at once.
  public static final int MOST_CONTAINERS = 1000;

  /// Kinds of calls of one container, and of all.
  static final int MOST_KINDS = 100;

  private static final int MOST_KINDS_OF_ALL = 5000;

  /// Of each container, however many the others have.
  static final int RESERVED_KINDS = 5;

  /// Of one kind that is logged. To go on is no end of it, and a program may make such a call again
  /// and again, so it is then not counted any more, and not traced if it has a name.
  static final int MOST_LOGGED = 10_000;

  /// Of calls that have no name: a program can make up as many as it likes.
  private static final long NAMELESS = -1;

  /// Real profiles give about a thousand: one or two to each call.
  static final int MOST_ANSWERS_OF_ONE = 5000;

  private static final int MOST_THREADS = 1 << 16;
  private static final int MOST_THREADS_OF_ONE = 20_000;

  /// That new threads came between two looks at all.
  private static final int LOOKS = 20;

  private static final Duration USUAL = Duration.ofMillis(100);
  private static final Duration SOON = Duration.ofMillis(4);

  // What starts the programs of `kubectl exec` in a container: 15 bytes of its name (proc(5)).
  private static final String SHIM = "containerd-shim";

  private final int architecture;
  private final IntPredicate named;
  private final int mostKinds;
  private final TraceInstance trace;
  private final Map<S, Followed<S>> containers = new LinkedHashMap<>();
  private final Map<Integer, Place<S>> places =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Place<S>> eldest) {
          return size() > MOST_THREADS;
        }
      };
  private final FollowedThreads commands = new FollowedThreads();
  private @Nullable NumberRanges limits;
  private CallMatcher strangers;
  private long lost;
  private long undecidedOfForgotten;
  private long omitted;
  private int kinds;

  /// @param container null where the thread is of none that is followed
  private record Place<S>(@Nullable Followed<S> container) {}

  private record Kind(long number, Verdict verdict) {}

  /// The kinds of one container: whoever has many logged hides none that is refused.
  ///
  /// @param enough the numbers of calls that need not be seen again for the sake of its log
  private record Kinds<S>(
      Map<Kind, Denial<S>> refused, Map<Kind, Denial<S>> logged, BitSet enough) {
    Kinds() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>(), new BitSet());
    }

    int size() {
      return refused.size() + logged.size();
    }

    Stream<Denial<S>> all() {
      return Stream.concat(refused.values().stream(), logged.values().stream());
    }
  }

  private record Followed<S>(
      S subject,
      String id,
      Filters filters,
      RefusalTable table,
      CallMatcher matcher,
      Kinds<S> kinds) {
    /// What still has to be seen for the sake of its log.
    BitSet loggable() {
      BitSet left = table.loggable();
      left.andNot(kinds.enough());
      return left;
    }
  }

  private ContainerDenials(int architecture, IntPredicate named, int mostKinds) throws IOException {
    this.architecture = architecture;
    this.named = named;
    this.mostKinds = mostKinds;
    strangers = strangers(RefusalTable.ofNone(architecture));
    trace = TraceInstance.create();
    try {
      limit();
      // Without anybody it would follow all. The JVM's first thread waits for its end, and starts
      // nothing.
      trace.follow(List.of(ProcessHandle.current().pid()));
      trace.begin();
    } catch (IOException | RuntimeException failed) {
      try (trace) {
        throw failed;
      }
    }
  }

  /// Begins, with no container.
  ///
  /// @param machine this machine's architecture, by which the calls are numbered
  /// @param named whether a number has a name: refused calls of all others are one kind
  /// @throws IOException where tracefs cannot be had; with what to do
  public static <S> ContainerDenials<S> begin(Architecture machine, IntPredicate named)
      throws IOException {
    return begin(machine, named, MOST_KINDS_OF_ALL);
  }

  static <S> ContainerDenials<S> begin(Architecture machine, IntPredicate named, int mostKinds)
      throws IOException {
    DenialWatch.requireFirstPidNamespace();
    return new ContainerDenials<>(machine.token(), named, mostKinds);
  }

  /// Whether it is followed.
  public boolean follows(S subject) {
    return containers.containsKey(subject);
  }

  /// Whether there are too many to follow one more.
  public boolean isFull() {
    return containers.size() >= MOST_CONTAINERS;
  }

  /// Follows one more. Its first process stands still once, for its filters to be read ({@link
  /// LiveFilters}).
  ///
  /// @param id as the runtime made it up: a part of the name of its control group
  /// @param process its first
  /// @param ofRuntime how many filters the runtime gave it, at the most; it has them below its own
  /// @return false where that has ended, does not execute the container's program yet, or could not
  ///   be stopped now
  /// @throws IOException where its filters cannot be had, or there are too many containers
  public boolean follow(S subject, String id, LiveProcess process, int ofRuntime)
      throws IOException, InterruptedException {
    if (isFull()) {
      throw new IOException("as many as " + MOST_CONTAINERS + " containers are watched already");
    }
    // Before that it may not have its filter.
    if (process.rightsOfProgram().isEmpty() || process.isUnstoppable()) {
      return false;
    }
    Optional<LiveFilters> live = LiveFilters.read(process);
    if (live.isEmpty()) {
      return false;
    }
    Filters filters = oldest(live.get().filters(), ofRuntime);
    RefusalTable table = table(filters);
    if (limit(table)) {
      doubtCalls();
    }
    followShim(process.pid());
    Map<Integer, Long> inCalls = followThreads(process.pid(), id);
    CallMatcher matcher = new CallMatcher(table, table);
    matcher.use(table, table, inCalls, System.nanoTime());
    Followed<S> container = new Followed<>(subject, id, filters, table, matcher, new Kinds<>());
    inCalls.keySet().forEach(thread -> places.put(thread, new Place<>(container)));
    containers.put(subject, container);
    strangers = strangers(union());
    return true;
  }

  /// Of those, nobody knows which filters they have: what is refused has no beginning, and what is
  /// logged looks like all else.
  private CallMatcher strangers(RefusalTable union) {
    return new CallMatcher(union, RefusalTable.ofNone(architecture));
  }

  private static Filters oldest(Filters filters, int most) {
    List<Program> newestFirst = filters.newestFirst();
    return new Filters(
        newestFirst.subList(Math.max(0, newestFirst.size() - most), newestFirst.size()));
  }

  /// Containers of one profile share what was understood of it.
  private RefusalTable table(Filters filters) throws IOException {
    for (Followed<S> other : containers.values()) {
      if (other.filters().equals(filters)) {
        return other.table();
      }
    }
    RefusalTable table = RefusalTable.of(architecture, filters, Bounds.SMALL);
    // There is room for so many of all together, and one container must not take it.
    if (table.answers() > MOST_ANSWERS_OF_ONE) {
      throw new IOException("its filters give more than " + MOST_ANSWERS_OF_ONE + " answers");
    }
    return table;
  }

  private RefusalTable union(RefusalTable... more) throws IOException {
    RefusalTable union = RefusalTable.ofNone(architecture);
    for (RefusalTable each :
        Stream.concat(containers.values().stream().map(Followed::table), Stream.of(more))
            .distinct()
            .toList()) {
      union = union.or(each);
    }
    return union;
  }

  /// Traces what the filters of those that are followed can refuse, or log.
  ///
  /// @return whether that are other calls than before
  private boolean limit(RefusalTable... more) throws IOException {
    BitSet loggable = new BitSet();
    containers.values().forEach(each -> loggable.or(each.loggable()));
    for (RefusalTable each : more) {
      loggable.or(each.loggable());
    }
    NumberRanges wanted = union(more).refusable(loggable::get);
    if (wanted.equals(limits)) {
      return false;
    }
    trace.limit(wanted);
    limits = wanted;
    return true;
  }

  /// Whether the kernel makes events of calls of this number.
  boolean traces(int number) {
    return limits != null && limits.contains(number);
  }

  /// Who is in a call that is traced only now has begun it unseen.
  private void doubtCalls() throws IOException {
    Map<S, Map<Integer, Long>> inCalls = new HashMap<>();
    if (!containers.isEmpty()) {
      for (long thread : trace.followed()) {
        Place<S> place = place((int) thread);
        if (place != null && place.container() != null) {
          inCalls
              .computeIfAbsent(place.container().subject(), _ -> new HashMap<>())
              .put((int) thread, ProcessTree.call(thread));
        }
      }
    }
    long until = System.nanoTime();
    containers
        .values()
        .forEach(each ->
            each.matcher()
                .use(
                    each.table(),
                    each.table(),
                    inCalls.getOrDefault(each.subject(), Map.of()),
                    until));
  }

  /// Threads that come meanwhile are followed by the kernel where their parents are; so it is
  /// looked until no new one is found.
  ///
  /// @return the calls that they were in already
  private Map<Integer, Long> followThreads(long pid, String id) throws IOException {
    Map<Integer, Long> inCalls = new HashMap<>();
    for (int look = 0; look < LOOKS && inCalls.size() < MOST_THREADS_OF_ONE; look++) {
      Set<Long> processes = new LinkedHashSet<>(ContainerGroup.processes(pid, id));
      if (processes.isEmpty()) {
        processes.add(pid);
        processes.addAll(ProcessTree.descendants(pid));
      }
      List<Long> fresh = new ArrayList<>();
      for (long process : processes) {
        fresh.addAll(ProcessTree.threads(process));
      }
      fresh.removeIf(thread -> inCalls.containsKey(thread.intValue()));
      if (fresh.isEmpty()) {
        break;
      }
      trace.follow(fresh);
      for (long thread : fresh) {
        inCalls.put((int) thread, ProcessTree.call(thread));
        // What they start without executing another program calls itself the same.
        var _ = commands.of((int) thread);
      }
    }
    return inCalls;
  }

  /// What it starts is in a container by its control group.
  private void followShim(long pid) throws IOException {
    Optional<ProcessHandle> parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
    if (parent.isPresent() && isShim(parent.get().pid())) {
      List<Long> threads = ProcessTree.threads(parent.get().pid());
      trace.follow(threads);
      threads.forEach(thread -> places.put(thread.intValue(), new Place<>(null)));
    }
  }

  private static boolean isShim(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith(SHIM);
    } catch (IOException endedOrStrange) {
      return false;
    }
  }

  /// Forgets all but these.
  public void retain(Set<S> subjects) throws IOException {
    List<Followed<S>> gone =
        containers.values().stream().filter(each -> !subjects.contains(each.subject())).toList();
    if (gone.isEmpty()) {
      return;
    }
    for (Followed<S> container : gone) {
      undecidedOfForgotten += container.matcher().undecided();
      kinds -= container.kinds().size();
      containers.remove(container.subject());
    }
    places
        .values()
        .removeIf(place -> place.container() != null && !follows(place.container().subject()));
    strangers = strangers(union());
    limit();
  }

  /// Reads what has happened since the last time, and counts it.
  public void poll() throws IOException {
    Instant now = Instant.now();
    long nanos = System.nanoTime();
    boolean enough = false;
    for (TraceEvent event : trace.read()) {
      commands.accept(event);
      Optional<CallAnswer> answer = Optional.empty();
      Place<S> place = null;
      switch (event) {
        case EventLoss loss -> {
          lost += loss.count();
          containers.values().forEach(each -> each.matcher().accept(loss));
          strangers.accept(loss);
          // A number may have been given out again meanwhile.
          places.clear();
        }
        case ThreadBirth birth -> born(birth);
        case ProgramStart start -> {
          // A runtime's process has come into its container since.
          Place<S> known = places.get(start.thread());
          if (look(start.thread()) == null && known != null && known.container() == null) {
            places.remove(start.thread());
          }
        }
        case TraceEvent.CallEntry entry -> {
          place = place(entry.thread());
          answer = matcher(place).accept(entry);
        }
        case TraceEvent.CallExit exit -> {
          place = place(exit.thread());
          answer = matcher(place).accept(exit);
        }
        case TraceEvent.NativeCall _ -> {}
      }
      if (answer.isPresent()) {
        enough |= count(place, answer.get(), now.minusNanos(nanos - answer.get().nanos()));
      }
    }
    if (enough) {
      limit();
    }
  }

  private void born(ThreadBirth birth) {
    Place<S> parent = places.get(birth.thread());
    if (parent == null || parent.container() == null) {
      // It may go into a container before it is seen.
      places.remove(birth.child());
    } else {
      places.put(birth.child(), parent);
      parent.container().matcher().accept(birth);
    }
  }

  private CallMatcher matcher(@Nullable Place<S> place) {
    return place == null || place.container() == null ? strangers : place.container().matcher();
  }

  /// @return null where it has ended, and nobody knows
  private @Nullable Place<S> place(int thread) {
    Place<S> known = places.get(thread);
    return known != null ? known : look(thread);
  }

  private @Nullable Place<S> look(int thread) {
    List<String> groups;
    try {
      groups = ContainerGroup.paths(thread);
    } catch (IOException ended) {
      return null;
    }
    // A container may name a group below its own after another container.
    Followed<S> outermost = null;
    int leftmost = Integer.MAX_VALUE;
    for (Followed<S> each : containers.values()) {
      for (String group : groups) {
        int at = group.indexOf(each.id());
        if (at >= 0 && at < leftmost) {
          outermost = each;
          leftmost = at;
        }
      }
    }
    if (outermost == null && ProcessTree.hasEnded(thread)) {
      // One that its parent has not asked yet how is shown in the first group of version 1.
      return null;
    }
    Place<S> found = new Place<>(outermost);
    places.put(thread, found);
    return found;
  }

  /// @return whether less has to be traced from now on
  private boolean count(@Nullable Place<S> place, CallAnswer answer, Instant when) {
    if (place == null) {
      omitted++;
      return false;
    }
    Followed<S> container = place.container();
    if (container == null) {
      // Of a runtime between its filter and the program, or of a container that is not known yet.
      return false;
    }
    boolean isNamed = RefusalTable.isUsual(answer.number()) && named.test((int) answer.number());
    Kind kind = new Kind(isNamed ? answer.number() : NAMELESS, answer.verdict());
    boolean isLogged = answer.verdict().kind() == dev.portcullis.seccomp.bpf.Kind.LOG;
    if (isLogged && isEnough(container, answer)) {
      return false;
    }
    Map<Kind, Denial<S>> its = isLogged ? container.kinds().logged() : container.kinds().refused();
    Denial<S> before = its.get(kind);
    if (before != null) {
      if (isLogged && before.count() >= MOST_LOGGED) {
        return false;
      }
      its.put(kind, before.again(when));
      return isLogged && before.count() + 1 >= MOST_LOGGED && enough(container, answer);
    }
    if (its.size() >= (kinds < mostKinds ? MOST_KINDS : RESERVED_KINDS)) {
      omitted++;
      return isLogged && enough(container, answer);
    }
    kinds++;
    its.put(
        kind,
        new Denial<>(
            container.subject(),
            answer.number(),
            answer.verdict(),
            answer.result(),
            commands.of(answer.thread()).command(),
            1,
            when,
            when));
    return false;
  }

  private static boolean isEnough(Followed<?> container, CallAnswer answer) {
    return RefusalTable.isUsual(answer.number())
        && container.kinds().enough().get((int) answer.number());
  }

  private static boolean enough(Followed<?> container, CallAnswer answer) {
    if (RefusalTable.isUsual(answer.number())) {
      container.kinds().enough().set((int) answer.number());
    }
    return RefusalTable.isUsual(answer.number());
  }

  /// Of all that are followed, those of one container in the order of their first calls, the
  /// refused ones first.
  public List<Denial<S>> denials() {
    return containers.values().stream().flatMap(each -> each.kinds().all()).toList();
  }

  /// The filters of one that is followed.
  public Filters filters(S subject) {
    Followed<S> container = containers.get(subject);
    return container == null ? Filters.NONE : container.filters();
  }

  /// How many events the kernel lost, at least.
  public long lost() {
    return lost;
  }

  /// How many calls were perhaps refused: they had begun before the container was followed, their
  /// beginning was lost, or a filter that is not known refused them.
  public long undecided() {
    return undecidedOfForgotten
        + containers.values().stream().mapToLong(each -> each.matcher().undecided()).sum();
  }

  /// How many refused calls are in no count: of too many kinds, or of processes that had ended when
  /// it was asked for their container.
  public long omitted() {
    return omitted;
  }

  /// When to call {@link #poll} again.
  public Duration pause() {
    return trace.isBusy() ? SOON : USUAL;
  }

  @Override
  public void close() throws IOException {
    trace.close();
  }
}

package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.process.ContainerGroup;
import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.ProcessTree;
import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
/// gives itself are its own, and do not count. For one thread.
///
/// @param <S> a container
public final class ContainerDenials<S> implements AutoCloseable {
  /// That are followed at once.
  public static final int MOST_CONTAINERS = 1000;

  /// Of calls of all containers together.
  private static final int MOST_KINDS = 5000;

  /// Real profiles give about a thousand: one or two to each call.
  static final int MOST_ANSWERS_OF_ONE = 5000;

  private static final int MOST_THREADS_OF_ONE = 20_000;

  private static final Duration USUAL = Duration.ofMillis(100);
  private static final Duration SOON = Duration.ofMillis(4);

  // What starts the programs of `kubectl exec` in a container: 15 bytes of its name (proc(5)).
  private static final String SHIM = "containerd-shim";

  private final int architecture;
  private final IntPredicate named;
  private final int mostKinds;
  private final TraceInstance trace;
  private final Map<S, FollowedContainer<S>> containers = new LinkedHashMap<>();
  private final ThreadPlaces<S> places = new ThreadPlaces<>(containers.values());
  private final FollowedThreads commands = new FollowedThreads();
  private final RepeatedRefusals<S> repeated = new RepeatedRefusals<>();
  private @Nullable NumberRanges limits;
  private CallMatcher strangers;
  private long lost;
  private long undecidedOfForgotten;
  private long omitted;
  private int kinds;
  private int settled;

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
    return begin(machine, named, MOST_KINDS);
  }

  static <S> ContainerDenials<S> begin(Architecture machine, IntPredicate named, int mostKinds)
      throws IOException {
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
    repeated.clear();
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
    FollowedContainer<S> container = new FollowedContainer<>(subject, id, filters, table, matcher);
    inCalls.keySet().forEach(thread -> places.put(thread, container));
    containers.put(subject, container);
    strangers = strangers(union());
    return true;
  }

  /// The filters of those are unknown: what is refused has no beginning, and what is logged looks
  /// like all else.
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
    for (FollowedContainer<S> other : containers.values()) {
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
        Stream.concat(containers.values().stream().map(FollowedContainer::table), Stream.of(more))
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
        ThreadPlaces.Place<S> place = places.of((int) thread);
        if (place != null && place.container() != null) {
          inCalls
              .computeIfAbsent(place.container().subject(), _ -> new HashMap<>())
              .put((int) thread, CallMatcher.callOf(thread));
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

  /// @return the calls that its threads were in already
  private Map<Integer, Long> followThreads(long pid, String id) throws IOException {
    Map<Integer, Long> inCalls = new HashMap<>();
    int _ =
        trace.followAll(
            () -> ContainerGroup.threads(pid, id),
            MOST_THREADS_OF_ONE,
            thread -> {
              inCalls.put((int) thread, CallMatcher.callOf(thread));
              // What they start without executing another program calls itself the same.
              var _ = commands.of((int) thread);
            });
    return inCalls;
  }

  /// What it starts is in a container by its control group.
  private void followShim(long pid) throws IOException {
    Optional<ProcessHandle> parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
    if (parent.isPresent() && isShim(parent.get().pid())) {
      List<Long> threads = ProcessTree.threads(parent.get().pid());
      trace.follow(threads);
      threads.forEach(thread -> places.put(thread.intValue(), null));
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
    List<FollowedContainer<S>> gone =
        containers.values().stream().filter(each -> !subjects.contains(each.subject())).toList();
    if (gone.isEmpty()) {
      return;
    }
    repeated.clear();
    for (FollowedContainer<S> container : gone) {
      undecidedOfForgotten += container.matcher().undecided();
      kinds -= container.kinds();
      containers.remove(container.subject());
    }
    places.forget(gone);
    settled = settledNow();
    strangers = strangers(union());
    limit();
  }

  /// Reads what has happened since the last time, and counts it.
  public void poll() throws IOException {
    Instant now = Instant.now();
    long nanos = System.nanoTime();
    for (TraceEvent event : trace.read()) {
      if (event instanceof TraceEvent.CallExit exit) {
        DenialCount<S> again = repeated.of(exit);
        if (again != null) {
          again.again(exit.nanos(), now, nanos);
          continue;
        }
      }
      repeated.forget(event);
      commands.accept(event);
      Optional<CallAnswer> answer = Optional.empty();
      ThreadPlaces.Place<S> place = null;
      switch (event) {
        case EventLoss loss -> {
          lost += loss.count();
          containers.values().forEach(each -> each.matcher().accept(loss));
          strangers.accept(loss);
          places.clear();
        }
        case ThreadBirth birth -> {
          FollowedContainer<S> container = places.born(birth.thread(), birth.child());
          if (container != null) {
            container.matcher().accept(birth);
          }
        }
        case ProgramStart start -> places.started(start.thread());
        case TraceEvent.CallEntry entry -> {
          place = places.of(entry.thread());
          CallMatcher matcher = matcher(place);
          int doubts = matcher.doubts();
          answer = matcher.accept(entry);
          if (matcher.doubts() != doubts) {
            repeated.clear();
          }
        }
        case TraceEvent.CallExit exit -> {
          place = places.of(exit.thread());
          answer = matcher(place).accept(exit);
        }
        case TraceEvent.NativeCall _ -> {}
      }
      if (answer.isPresent()) {
        DenialCount<S> refusals = count(place, answer.get(), now, nanos);
        if (refusals != null && event instanceof TraceEvent.CallExit exit) {
          repeated.put(exit, refusals);
        }
      }
    }
    if (settled != settledNow()) {
      settled = settledNow();
      limit();
    }
  }

  /// How many logged calls, of all containers, need not be traced for the sake of its log.
  private int settledNow() {
    return containers.values().stream().mapToInt(FollowedContainer::settled).sum();
  }

  private CallMatcher matcher(ThreadPlaces.@Nullable Place<S> place) {
    return place == null || place.container() == null ? strangers : place.container().matcher();
  }

  /// @param now the time of day at `nanos`
  /// @return the count that it went into; null for none, or one of logged calls
  private @Nullable DenialCount<S> count(
      ThreadPlaces.@Nullable Place<S> place, CallAnswer answer, Instant now, long nanos) {
    if (place == null) {
      omitted++;
      return null;
    }
    FollowedContainer<S> container = place.container();
    if (container == null) {
      // Of a runtime between its filter and the program, or of a container that is not known yet.
      return null;
    }
    boolean isNamed = RefusalTable.isUsual(answer.number()) && named.test((int) answer.number());
    switch (container.count(
        answer,
        isNamed,
        kinds < mostKinds,
        now,
        nanos,
        () -> commands.of(answer.thread()).command())) {
      case KNOWN -> {}
      case NEW -> kinds++;
      case OMITTED -> omitted++;
    }
    return container.refusals(answer, isNamed);
  }

  /// Of all that are followed, those of one container in the order of their first calls, the
  /// refused ones first.
  public List<Denial<S>> denials() {
    return containers.values().stream().flatMap(FollowedContainer::denials).toList();
  }

  /// The filters of one that is followed.
  public Filters filters(S subject) {
    FollowedContainer<S> container = containers.get(subject);
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

package dev.portcullis.node;

import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.node.cluster.EventWriter;
import dev.portcullis.node.denial.DeniedContainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reports refused and logged calls as Kubernetes Events about the pods: each call of a container
/// at first, and then, while it goes on, after one minute, two, four and so on. All together they
/// are one each second at the most, and the containers take turns.
///
/// A program chooses which calls it makes. So a container has a few matters only, and none of them
/// is a number that no call has.
final class DenialEvents implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DenialEvents.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

  /// After which a call is as new.
  private static final Duration MEMORY = Duration.ofHours(2);

  private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);

  /// Between two lines of the log about the same problem, where some Events can be written.
  private static final Duration BETWEEN_COMPLAINTS = Duration.ofHours(1);

  static final int MOST_CONTAINERS = 1000;

  /// Calls of one container that are refused, and as many that are logged.
  static final int MOST_OF_ONE = 10;

  private final DistributionOptions options;

  /// By the calls and their results; the container whose turn is next is the first.
  private final SequencedMap<EventWriter.Subject, Map<String, Matter>> matters =
      new LinkedHashMap<>();

  private final ScheduledThreadPoolExecutor telling;
  private final CurrentProblem problem =
      new CurrentProblem(LOG, "cannot write Events about refused calls", "");
  private long failed;
  private final LazyConnection connection;

  /// @param at when it is to be reported next, by `System.nanoTime`
  /// @param pause after that
  /// @param last when the last of its calls was heard of
  private record Matter(
      NamedDenial<DeniedContainer> denial, boolean fresh, long at, Duration pause, long last) {
    Matter told(long now) {
      return new Matter(denial, false, now + pause.toNanos(), pause.multipliedBy(2), last);
    }

    Matter again() {
      return new Matter(denial, true, at, pause, last);
    }
  }

  DenialEvents(DistributionOptions options) {
    this(options, BETWEEN_EVENTS);
  }

  /// @param between two Events
  DenialEvents(DistributionOptions options, Duration between) {
    this.options = options;
    connection = new LazyConnection(options.kubeconfig());
    telling =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("denial events").factory());
    var _ =
        telling.scheduleWithFixedDelay(this::tell, 0, between.toMillis(), TimeUnit.MILLISECONDS);
  }

  void seen(NamedDenial<DeniedContainer> denial) {
    DeniedContainer container = denial.denial().subject();
    if (container.namespace().isEmpty()
        || container.podUid() == null
        || denial.changes().isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    synchronized (matters) {
      Map<String, Matter> its = matters.get(subject(denial));
      if (its == null) {
        if (matters.size() >= MOST_CONTAINERS && !makeRoom()) {
          return;
        }
        its = new LinkedHashMap<>();
        matters.put(subject(denial), its);
      }
      Matter before = its.get(call(denial));
      if (before != null) {
        its.put(call(denial), new Matter(denial, true, before.at(), before.pause(), now));
      } else if (likeIt(its, denial) < MOST_OF_ONE) {
        its.put(call(denial), new Matter(denial, true, now, FIRST_PAUSE, now));
      }
    }
  }

  /// Those that are logged hide none that is refused.
  private static long likeIt(Map<String, Matter> its, NamedDenial<DeniedContainer> denial) {
    return its.values().stream()
        .filter(each -> each.denial().denial().isLogged() == denial.denial().isLogged())
        .count();
  }

  /// A container that begins again is the same.
  private static EventWriter.Subject subject(NamedDenial<DeniedContainer> denial) {
    DeniedContainer container = denial.denial().subject();
    return new EventWriter.Subject(
        container.namespace(),
        container.pod(),
        String.valueOf(container.podUid()),
        container.name());
  }

  private static String call(NamedDenial<DeniedContainer> denial) {
    return denial.name() + " " + denial.result();
  }

  /// Forgets the container that was reported longest ago, of those with nothing new to report.
  private boolean makeRoom() {
    for (Map.Entry<EventWriter.Subject, Map<String, Matter>> each : matters.entrySet()) {
      if (each.getValue().values().stream().noneMatch(Matter::fresh)) {
        matters.remove(each.getKey());
        return true;
      }
    }
    return false;
  }

  private @Nullable Matter due() {
    long now = System.nanoTime();
    synchronized (matters) {
      matters
          .values()
          .removeIf(its -> {
            its.values().removeIf(matter -> now - matter.last() > MEMORY.toNanos());
            return its.isEmpty();
          });
      for (Map.Entry<EventWriter.Subject, Map<String, Matter>> each : matters.entrySet()) {
        Map<String, Matter> its = each.getValue();
        Optional<Matter> due =
            its.values().stream()
                .filter(matter -> matter.fresh() && now - matter.at() >= 0)
                .min(Comparator.comparingLong(matter -> matter.at() - now));
        if (due.isPresent()) {
          its.put(call(due.get().denial()), due.get().told(now));
          matters.putLast(each.getKey(), its);
          return due.get();
        }
      }
    }
    return null;
  }

  @SuppressWarnings("CatchingUnchecked") // a schedule forgets a task that throws
  private void tell() {
    Matter matter = due();
    if (matter == null) {
      return;
    }
    try {
      EventWriter events = new EventWriter(connection.get(), options.nodeName());
      // One that cannot be reported any more, as its namespace goes, is not tried again.
      if (write(events, matter.denial())
          && System.nanoTime() - failed > BETWEEN_COMPLAINTS.toNanos()) {
        problem.clear();
      }
    } catch (IOException e) {
      failed = System.nanoTime();
      problem.is(String.valueOf(e.getMessage()));
      synchronized (matters) {
        Map<String, Matter> its = matters.get(subject(matter.denial()));
        if (its != null) {
          var _ = its.computeIfPresent(call(matter.denial()), (_, now) -> now.again());
        }
      }
    } catch (RuntimeException bug) {
      LOG.log(Level.SEVERE, "a bug in Portcullis", bug);
    }
  }

  private static boolean write(EventWriter events, NamedDenial<DeniedContainer> denial)
      throws IOException {
    EventWriter.Subject subject = subject(denial);
    // What cannot be in a name is between the parts: `web` and `lchown` are not `webl` and `chown`.
    String matter = String.join("\n", subject.uid(), subject.container(), call(denial));
    boolean logged = denial.denial().isLogged();
    return events.write(
        subject,
        "portcullis-" + UUID.nameUUIDFromBytes(matter.getBytes(StandardCharsets.UTF_8)),
        logged ? EventWriter.Type.NORMAL : EventWriter.Type.WARNING,
        logged ? "SyscallLogged" : "SyscallDenied",
        "the seccomp profile of container "
            + subject.container()
            + (logged ? " lets " : " refuses ")
            + denial.name()
            + (logged
                ? " go on and logs it; if the program needs it, this allows it in the profile that"
                    + " is to refuse the rest"
                : " (" + denial.result() + "); if the program needs it, this allows it")
            + (denial.changes().contains(denial.name()) ? " with all arguments: " : ": ")
            + denial.command("portcullis"),
        denial.denial().count(),
        denial.denial().first());
  }

  @Override
  public void close() {
    telling.shutdownNow();
    connection.close();
  }
}

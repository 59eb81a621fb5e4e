package dev.portcullis.node.recording;

import dev.portcullis.kernel.recording.ContainerCalls;
import dev.portcullis.seccomp.recording.RecordedRun;
import dev.portcullis.seccomp.recording.Recording;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What is recorded of the containers that have one name in a pod: one after the other, where it is
/// restarted.
final class RecordedPart {
  private static final Logger LOG = System.getLogger(RecordedPart.class.getName());

  private final String name;
  private final RecordedRun run;
  private final Set<String> doubts = new LinkedHashSet<>();
  private final List<ContainerTrace> traces = new ArrayList<>();
  private Set<String> ofPod = Set.of();
  private Recording before;
  private long lost;
  private long omitted;
  private boolean hasOtherClass;

  /// @param before what is known of it already
  RecordedPart(String name, RecordedRun run, Recording before) {
    this.name = name;
    this.run = run;
    this.before = before;
  }

  String name() {
    return name;
  }

  RecordedRun run() {
    return run;
  }

  /// What an agent before this one counted.
  void add(long lostBefore, long omittedBefore, boolean otherClassBefore) {
    lost += lostBefore;
    omitted += omittedBefore;
    hasOtherClass |= otherClassBefore;
  }

  /// Something may be missing.
  ///
  /// @return whether that is new
  boolean doubt(String words) {
    return doubts.add(words);
  }

  List<ContainerTrace> traces() {
    return List.copyOf(traces);
  }

  void add(ContainerTrace trace) {
    trace.calls().know(ofPod);
    traces.add(trace);
  }

  /// The ids of the pod's containers.
  void know(Set<String> containers) {
    ofPod = Set.copyOf(containers);
    traces.forEach(trace -> trace.calls().know(ofPod));
  }

  /// Reads what has happened. A trace that fails ends.
  void poll() {
    traces()
        .forEach(trace ->
            attempt(
                trace,
                () -> {
                  trace.calls().poll();
                  trace.calls().gaps().forEach(this::doubt);
                }));
  }

  /// How much was seen of other containers of the pod that can be left out.
  long strangeEvents() {
    return traces.stream().mapToLong(trace -> trace.calls().strangeEvents()).sum();
  }

  /// Leaves them out.
  void leaveOut() {
    traces().stream()
        .filter(trace -> trace.calls().strangeEvents() > 0)
        .forEach(trace -> attempt(trace, trace.calls()::leaveOut));
  }

  private interface Step {
    void take() throws IOException;
  }

  /// A trace that fails ends.
  private void attempt(ContainerTrace trace, Step step) {
    try {
      step.take();
    } catch (IOException failed) {
      doubt("the trace failed, and what came after is missing: " + failed.getMessage());
      end(trace::equals);
    } catch (RuntimeException bug) {
      // The traces of others go on.
      LOG.log(Level.ERROR, "a bug in Portcullis", bug);
      doubt("the trace failed by a bug in Portcullis, and what came after is missing: " + bug);
      end(trace::equals);
    }
  }

  /// Ends some traces; what they have stays.
  void end(Predicate<ContainerTrace> which) {
    for (Iterator<ContainerTrace> all = traces.iterator(); all.hasNext(); ) {
      ContainerTrace trace = all.next();
      if (which.test(trace)) {
        all.remove();
        absorb(trace.calls());
      }
    }
  }

  private void absorb(ContainerCalls calls) {
    try (calls) {
      calls.finish();
      calls.gaps().forEach(this::doubt);
    } catch (IOException | RuntimeException failed) {
      doubt("the end of the trace is missing: " + failed.getMessage());
    }
    lost += calls.lost();
    omitted += calls.omitted();
    hasOtherClass |= calls.hasOtherClass();
    before = Recording.merge(List.of(before, recording(calls)));
  }

  private Recording recording(ContainerCalls calls) {
    return new Recording(List.of(run), calls.calls(), List.of(), calls.refused());
  }

  /// All so far.
  Recording recording() {
    List<Recording> all = new ArrayList<>(List.of(before));
    traces.forEach(trace -> all.add(recording(trace.calls())));
    return Recording.merge(all);
  }

  long lost() {
    return lost + traces.stream().mapToLong(each -> each.calls().lost()).sum();
  }

  long omitted() {
    return omitted + traces.stream().mapToLong(each -> each.calls().omitted()).sum();
  }

  boolean hasOtherClass() {
    return hasOtherClass || traces.stream().anyMatch(each -> each.calls().hasOtherClass());
  }

  /// Whether nothing was recorded yet.
  boolean isNew() {
    return before.program().isEmpty() && traces.isEmpty();
  }

  /// What was said already, without what is counted.
  Collection<String> said() {
    return Set.copyOf(doubts);
  }

  /// Why the profile may lack calls.
  List<String> doubts() {
    List<String> all = new ArrayList<>(doubts);
    if (lost() > 0) {
      all.add(
          "the kernel had no room for "
              + lost()
              + " events of system calls, at least: the profile may lack calls");
    }
    if (omitted() > 0) {
      all.add(
          (omitted() == 1 ? "1 process" : omitted() + " processes")
              + " had ended before it was known whether the container is theirs: the profile may"
              + " lack their calls");
    }
    return all;
  }

  /// Why no profile may be made of it.
  List<String> errors() {
    return hasOtherClass()
        ? List.of(
            "calls of 32 bits were made, by a program of 32 bits or by `int 0x80`: the kernel's trace"
                + " does not tell which, so they are missing, and there is no profile; use"
                + " `portcullis profile record`")
        : List.of();
  }
}

package dev.portcullis.cli.running;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.run.pod.ContainerPlan;
import dev.portcullis.run.pod.PodEvents;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodPlan;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// What a person sees while pods run: the lines of the containers, each under its name, and a word
/// about what happens. Called from the threads of all pods.
final class RunConsole implements PodEvents {
  private static final List<Paint> PAINTS =
      List.of(Paint.NAME_1, Paint.NAME_2, Paint.NAME_3, Paint.NAME_4, Paint.NAME_5);

  private static final long TURN_MILLIS = 50;

  private final Terminal terminal;
  private final PrintStream lines;
  private final Colour colour;
  private final Map<String, String> prefixes = new HashMap<>();
  private final Map<String, PodOutcome> running = new LinkedHashMap<>();

  /// @param lines where the output of the containers goes
  RunConsole(Terminal terminal, PrintStream lines, Colour colour) {
    this.terminal = terminal;
    this.lines = lines;
    this.colour = colour;
  }

  /// Chooses a prefix for the lines of each container.
  synchronized void expect(List<PreparedPod> pods) {
    running.clear();
    int width = 0;
    for (PreparedPod pod : pods) {
      for (ContainerPlan container : pod.plan().all()) {
        width = Math.max(width, name(pods, pod.plan(), container).length());
      }
    }
    int next = 0;
    for (PreparedPod pod : pods) {
      for (ContainerPlan container : pod.plan().all()) {
        String name = name(pods, pod.plan(), container);
        Paint paint = PAINTS.get(next++ % PAINTS.size());
        String text = name + " ".repeat(width - name.length()) + " | ";
        prefixes.put(key(pod.plan(), container), colour.paint(paint, text));
      }
    }
  }

  private static String name(List<PreparedPod> pods, PodPlan plan, ContainerPlan container) {
    return pods.size() == 1 ? container.name() : plan.identity().name() + "/" + container.name();
  }

  private static String key(PodPlan plan, ContainerPlan container) {
    return plan.identity().uid() + "/" + container.name();
  }

  /// Prints a message about the whole run.
  synchronized void say(String text) {
    terminal
        .err()
        .println(terminal.errColour().paint(Paint.FAINT, "portcullis:") + " " + Escape.line(text));
  }

  @Override
  public void note(PodPlan pod, String text) {
    say("pod " + pod.identity().label() + ": " + text);
  }

  @Override
  public synchronized void line(PodPlan pod, ContainerPlan container, String line) {
    lines.println(prefixes.get(key(pod, container)) + Escape.block(line));
    lines.flush();
  }

  @Override
  public synchronized void running(PodOutcome soFar, String address) {
    note(soFar.plan(), address.isEmpty() ? "runs on the node's network" : "runs at " + address);
    running.put(soFar.plan().identity().uid(), soFar);
    notifyAll();
  }

  /// Waits until every pod runs, or has ended without having got there.
  ///
  /// @param pods how many there are
  /// @param ended how many of them have ended so far
  /// @return how each stood when it began to run
  synchronized List<PodOutcome> awaitRunning(int pods, CountDownLatch ended)
      throws InterruptedException {
    // The latch may go down without a notification, so the wait is bounded.
    while (running.size() < pods && ended.getCount() > 0) {
      wait(TURN_MILLIS);
    }
    return List.copyOf(running.values());
  }
}

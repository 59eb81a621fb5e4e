package dev.portcullis.kernel.notification;

import dev.portcullis.kernel.libc.DescriptorConnection;
import dev.portcullis.kernel.libc.DescriptorSocket;
import dev.portcullis.kernel.libc.SeccompNotifications;
import dev.portcullis.kernel.libc.SystemCallException;
import dev.portcullis.seccomp.profile.KernelVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets the calls that ask it go on, or fail where an observer wants it, and shows them to
/// observers: a socket for OCI runtimes, and a thread for each listener that they hand over.
///
/// The answer comes first and the observer after it, since the caller waits: one that waits for
/// longer than its program's signals are apart never gets on.
public final class CallSupervisor implements AutoCloseable {
  /// Containers and programs executed in them, at a time. A runtime whose connection is closed
  /// fails, and says so.
  private static final int MOST_LISTENERS = 512;

  private static final int MOST_BYTES = 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Linux 6.11: "seccomp: release task filters when the task exits" and the waking of listeners.
  private static final KernelVersion WAKES_LISTENERS = new KernelVersion(6, 11);

  private final DescriptorSocket socket;
  private final Function<Handover, @Nullable CallObserver> observers;
  private final boolean pollFirst;
  private final Thread acceptor;
  private final List<Thread> serving = new ArrayList<>();
  private volatile @Nullable String failure;

  private CallSupervisor(
      DescriptorSocket socket,
      Function<Handover, @Nullable CallObserver> observers,
      boolean pollFirst) {
    this.socket = socket;
    this.observers = observers;
    this.pollFirst = pollFirst;
    acceptor = Thread.ofPlatform().daemon().name("seccomp socket").start(this::accept);
  }

  /// Listens at a path where nothing is yet.
  ///
  /// @param observers who sees the calls of a container; null where they are not wanted, and then
  ///   the runtime does not start it
  public static CallSupervisor listen(
      Path path, KernelVersion kernel, Function<Handover, @Nullable CallObserver> observers)
      throws IOException {
    return new CallSupervisor(
        DescriptorSocket.listen(path.toString()), observers, kernel.compareTo(WAKES_LISTENERS) < 0);
  }

  private void accept() {
    try {
      for (DescriptorConnection one = socket.accept(); one != null; one = socket.accept()) {
        serve(one);
      }
    } catch (SystemCallException broken) {
      failure = "the socket for listeners broke: " + broken.getMessage();
    } finally {
      socket.release();
    }
  }

  /// Why no more containers are seen; null where they are.
  public @Nullable String failure() {
    return failure;
  }

  private synchronized void serve(DescriptorConnection connection) {
    serving.removeIf(thread -> !thread.isAlive());
    if (serving.size() >= MOST_LISTENERS) {
      connection.close();
      failure = "more than " + MOST_LISTENERS + " listeners at a time";
      return;
    }
    serving.add(
        Thread.ofPlatform().daemon().name("seccomp listener").start(() -> receive(connection)));
  }

  private void receive(DescriptorConnection connection) {
    int descriptor;
    CallObserver observer;
    try (connection) {
      Handover handover = handover(connection);
      observer = handover == null ? null : observers.apply(handover);
      descriptor =
          observer == null ? DescriptorConnection.NO_DESCRIPTOR : connection.takeDescriptor();
      if (observer == null) {
        return;
      }
      if (descriptor == DescriptorConnection.NO_DESCRIPTOR) {
        observer.ended("the runtime handed over no listener");
        return;
      }
    } catch (SystemCallException broken) {
      // Of a runtime that went away, or was not one: it reports that itself.
      return;
    }
    observe(descriptor, observer);
  }

  /// crun connects before it knows whether it can start a container: nothing may come.
  private static @Nullable Handover handover(DescriptorConnection connection)
      throws SystemCallException {
    connection.patience(PATIENCE);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] more = connection.receive();
    while (more.length > 0 && all.size() < MOST_BYTES) {
      all.writeBytes(more);
      if (Handover.isWhole(all.toByteArray())) {
        return Handover.parse(all.toByteArray()).orElse(null);
      }
      more = connection.receive();
    }
    return null;
  }

  private void observe(int descriptor, CallObserver observer) {
    String broken = "nothing more was seen of it, because of a fault of portcullis";
    try (SeccompNotifications calls = new SeccompNotifications(descriptor, pollFirst)) {
      observe(calls, observer);
      broken = "";
    } catch (SystemCallException refused) {
      broken = "nothing more was seen of it: " + refused.getMessage();
    } finally {
      observer.ended(broken);
    }
  }

  private static void observe(SeccompNotifications calls, CallObserver observer)
      throws SystemCallException {
    long[] arguments = new long[6];
    while (true) {
      switch (calls.receive()) {
        case ENDED -> {
          return;
        }
        case NONE -> {}
        case GONE -> observer.interrupted(CallObserver.NONE, CallObserver.NONE);
        case CALL -> {
          int architecture = calls.architecture();
          int number = calls.number();
          int thread = calls.thread();
          calls.arguments(arguments);
          int errno = observer.errno(architecture, number, arguments);
          if (errno != CallObserver.NONE) {
            if (calls.refuse(errno)) {
              observer.refused(architecture, number, arguments, errno);
            } else {
              observer.interrupted(architecture, number);
            }
            continue;
          }
          int pointer = observer.pointer(architecture, number);
          if (pointer != CallObserver.NONE) {
            arguments[pointer] = ThreadMemory.word(thread, arguments[pointer]);
            if (!calls.isWaiting()) {
              observer.interrupted(architecture, number);
              continue;
            }
          }
          if (calls.letGoOn()) {
            observer.seen(thread, architecture, number, arguments);
          } else {
            observer.interrupted(architecture, number);
          }
        }
      }
    }
  }

  /// Waits until nothing that was handed over runs any more.
  ///
  /// @return false where something still did after the time
  public boolean awaitEnd(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    List<Thread> all;
    synchronized (this) {
      all = List.copyOf(serving);
    }
    for (Thread thread : all) {
      long left = end - System.nanoTime();
      if (left <= 0 || !thread.join(Duration.ofNanos(left))) {
        return false;
      }
    }
    return true;
  }

  /// No new listeners. Those that are there are answered until their processes have ended.
  @Override
  public void close() {
    socket.close();
    try {
      boolean _ = acceptor.join(PATIENCE);
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}

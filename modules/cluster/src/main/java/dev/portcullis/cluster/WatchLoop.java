package dev.portcullis.cluster;

/// Begins a watch anew whenever it has ended, on a thread of its own: after a pause, which is twice
/// as long each time that it could not begin.
final class WatchLoop implements AutoCloseable {
  private final WatchPace pace;
  private final Life life;
  private final WatchFailureLog trouble;
  private final Thread thread;
  private volatile boolean closed;

  /// From the beginning of a watch to its end.
  interface Life {
    /// Comes back when it has ended.
    ///
    /// @return whether it stood for a time
    boolean live(WatchLoop loop) throws InterruptedException;
  }

  WatchLoop(WatchTarget watched, WatchPace pace, Life life) {
    this.pace = pace;
    this.life = life;
    trouble = new WatchFailureLog(watched, pace.backoff().most());
    thread = Thread.ofVirtual().name("watching " + watched.text()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (var pause = pace.backoff().first(); !closed; pause = pace.backoff().after(pause)) {
        if (stood()) {
          pause = pace.backoff().first();
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stood() throws InterruptedException {
    try {
      return life.live(this);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError unforeseen) {
      // What was last seen would stand for ever, unnoticed.
      say(unforeseen);
      return false;
    }
  }

  /// Logs what is in the way. Whatever fails once it is closed, fails because of that.
  void say(Throwable failed) {
    if (!closed) {
      trouble.say(failed);
    }
  }

  /// Nothing is in the way any more.
  void stands() {
    trouble.over();
  }

  /// Whether the API server had no such kind when it was asked last.
  boolean isMissing() {
    return trouble.isMissing();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}

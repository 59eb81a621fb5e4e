package dev.portcullis.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What people are told of watches.
final class WatchLog extends Handler {
  // Held: what nobody holds, the JDK forgets with its handlers.
  private final Logger logger = Logger.getLogger(ObjectWatch.class.getName());
  private final List<String> said = new CopyOnWriteArrayList<>();

  WatchLog() {
    logger.addHandler(this);
  }

  /// Each with its level.
  List<String> said() {
    return List.copyOf(said);
  }

  @Override
  public void publish(LogRecord record) {
    said.add(record.getLevel() + " " + record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}

package dev.portcullis.cri;

/// What the messages of all calls may take together. Each may have 16 MiB, and there may be a
/// thousand calls: without a bound on the whole, a runtime with large answers, or callers that do
/// not take them, would fill the memory of a process that every pod depends on.
final class MessageBudget {
  private long left;

  MessageBudget(long most) {
    left = most;
  }

  synchronized boolean take(long bytes) {
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }

  synchronized void give(long bytes) {
    left += bytes;
  }
}

package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;

/// A task that may wait, within the time that a request has: on a virtual thread, and after that on
/// the event loop again.
interface BlockingTask {
  System.Logger LOG = System.getLogger(BlockingTask.class.getName());

  /// Does what may wait.
  ///
  /// @return what is then done on the event loop
  Runnable run() throws InterruptedException;

  /// Begins a task of a connection.
  ///
  /// @param never done instead where it failed, no time was left, or the event loop has ended
  static void start(
      ChannelHandlerContext context, ConnectionDeadline limit, BlockingTask task, Runnable never) {
    Thread.ofVirtual()
        .name("https-exchange")
        .start(() -> {
          limit.enter();
          try {
            later(context, next(context, task, never), never);
          } finally {
            limit.leave();
          }
        });
  }

  private static Runnable next(ChannelHandlerContext context, BlockingTask task, Runnable never) {
    try {
      return task.run();
    } catch (Throwable failed) {
      // Whatever it is, a turn that is not given back would be lost for good.
      if (!(failed instanceof InterruptedException)) {
        LOG.log(Level.ERROR, "a request failed and its connection is closed", failed);
      }
      return () -> {
        never.run();
        var _ = context.close();
      };
    }
  }

  private static void later(ChannelHandlerContext context, Runnable step, Runnable never) {
    try {
      context.executor().execute(step);
    } catch (RejectedExecutionException ended) {
      never.run();
    }
  }
}

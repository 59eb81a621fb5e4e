package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.RejectedExecutionException;

/// A task that may wait, within the time that a request has: on a virtual thread, and after that on
/// the event loop again.
interface BlockingTask {
  /// Does what may wait.
  ///
  /// @return what is then done on the event loop
  Runnable run() throws InterruptedException;

  /// Begins a task of a connection.
  ///
  /// @param never done instead where no time was left, or the event loop has ended
  static void start(
      ChannelHandlerContext context, ConnectionDeadline limit, BlockingTask task, Runnable never) {
    Thread.ofVirtual()
        .name("https-exchange")
        .start(() -> {
          limit.enter();
          try {
            later(context, task.run(), never);
          } catch (InterruptedException noTimeLeft) {
            later(
                context,
                () -> {
                  never.run();
                  var _ = context.close();
                },
                never);
          } finally {
            limit.leave();
          }
        });
  }

  private static void later(ChannelHandlerContext context, Runnable step, Runnable never) {
    try {
      context.executor().execute(step);
    } catch (RejectedExecutionException ended) {
      never.run();
    }
  }
}

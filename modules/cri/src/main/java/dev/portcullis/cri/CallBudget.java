package dev.portcullis.cri;

import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The bytes of one call that are here: of its request and of its answer, from the moment they come
/// in until the call has ended, or the next message of its stream may come.
///
/// gRPC reports them while it puts a message together; when it hands the message over, the memory
/// is taken already.
final class CallBudget extends ServerStreamTracer {
  private static final Context.Key<CallBudget> KEY = Context.key("bytes of the call");

  /// So that small ones pass, however much large ones take.
  private static final int SMALL = 16 * 1024;

  /// A message that is larger has room for the largest at once, or none: else several that come in
  /// together would all fail when each of them is half here.
  private static final int MEDIUM = 1024 * 1024;

  private final MessageBudget all;
  private final Part request = new Part();
  private final Part answer = new Part();
  private @Nullable Consumer<Status> breaker;
  private boolean ended;

  private static final class Part {
    long bytes;
    long taken;
  }

  CallBudget(MessageBudget all) {
    this.all = all;
  }

  /// Those of the call that is being begun.
  static CallBudget ofThisCall() {
    return KEY.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /// @param breaker ends the call, where there is no room for what comes
  synchronized void breakBy(Consumer<Status> breaker) {
    this.breaker = breaker;
  }

  @Override
  public void inboundWireSize(long bytes) {
    came(request, bytes);
  }

  ClientStreamTracer.Factory ofAnswers() {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
          @Override
          public void inboundWireSize(long bytes) {
            came(answer, bytes);
          }
        };
      }
    };
  }

  private static long needed(long bytes) {
    return bytes <= SMALL ? 0 : bytes <= MEDIUM ? bytes : Math.max(bytes, Channels.LARGEST_MESSAGE);
  }

  private void came(Part part, long bytes) {
    Consumer<Status> full = null;
    synchronized (this) {
      if (ended) {
        return;
      }
      part.bytes += bytes;
      long more = needed(part.bytes) - part.taken;
      if (more > 0) {
        if (all.take(more)) {
          part.taken += more;
        } else {
          full = breaker;
        }
      }
    }
    if (full != null) {
      full.accept(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "portcullis: too many large CRI messages are in progress; try again"));
    }
  }

  /// The next request of a stream may come: the one before it is gone.
  void requestPassed() {
    passed(request);
  }

  /// The next answer of a stream may come.
  void answerPassed() {
    passed(answer);
  }

  private synchronized void passed(Part part) {
    all.give(part.taken);
    part.taken = 0;
    part.bytes = 0;
  }

  /// The caller has all that it will get.
  @Override
  public synchronized void streamClosed(Status status) {
    ended = true;
    passed(request);
    passed(answer);
  }
}

package dev.portcullis.cri;

import dev.portcullis.cri.Interceptor.Pass;
import dev.portcullis.cri.Interceptor.Refuse;
import dev.portcullis.cri.Interceptor.Verdict;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A call whose one request is looked at before the runtime gets it.
final class JudgedCall extends ServerCall.Listener<byte[]> {
  private static final Logger LOG = System.getLogger(JudgedCall.class.getName());

  private final ServerCall<byte[], byte[]> caller;
  private final Metadata headers;
  private final RuntimeChannel channel;
  private final CallBudget bytes;
  private final Interceptor interceptor;
  private final Executor judging;
  private final Consumer<RelayedCall> begun;
  private final RelayedCall.EndListener listener;
  private byte @Nullable [] request;
  private @Nullable RelayedCall relayed;
  private boolean ended;

  JudgedCall(
      ServerCall<byte[], byte[]> caller,
      Metadata headers,
      RuntimeChannel channel,
      CallBudget bytes,
      Interceptor interceptor,
      Executor judging,
      Consumer<RelayedCall> begun,
      RelayedCall.EndListener listener) {
    this.caller = caller;
    this.headers = headers;
    this.channel = channel;
    this.bytes = bytes;
    this.interceptor = interceptor;
    this.judging = judging;
    this.begun = begun;
    this.listener = listener;
    bytes.breakBy(this::refuse);
  }

  @Override
  public void onMessage(byte[] message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    byte[] message = request;
    if (message == null) {
      refuse(Status.INVALID_ARGUMENT.withDescription("portcullis: the call has no request"));
      return;
    }
    // The deadline is in the context.
    judging.execute(Context.current().wrap(() -> judge(message)));
  }

  private void judge(byte[] message) {
    switch (verdict(message)) {
      case Refuse(var reason, String words) -> refuse(status(reason).withDescription(words));
      case Pass pass -> pass(pass);
    }
  }

  // Whatever goes wrong here, the container is not made: it is unknown how it should be filtered.
  @SuppressWarnings("CatchingUnchecked")
  private Verdict verdict(byte[] message) {
    try {
      return interceptor.judge(caller.getMethodDescriptor().getFullMethodName(), message);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError bug) {
      LOG.log(Level.ERROR, "a bug in Portcullis", bug);
      return new Refuse(Interceptor.Reason.INTERNAL, "portcullis: a bug in Portcullis: " + bug);
    }
  }

  private void pass(Pass pass) {
    RelayedCall call;
    synchronized (this) {
      if (ended) {
        afterwards(pass);
        return;
      }
      call =
          RelayedCall.start(
              caller,
              channel,
              headers,
              bytes,
              pass.answered(),
              (self, status) -> {
                listener.ended(self, status);
                afterwards(pass);
              });
      relayed = call;
      begun.accept(call);
    }
    call.sendOnly(pass.request());
  }

  /// On a thread of its own, also where the relay is closing: it may wait for a disk, and the call
  /// ends on the one thread of all calls.
  private static void afterwards(Pass pass) {
    Thread.ofVirtual().name("after a call").start(pass.afterwards());
  }

  private synchronized void refuse(Status status) {
    if (!ended) {
      ended = true;
      caller.close(status, new Metadata());
      listener.ended(null, status);
    }
  }

  private static Status status(Interceptor.Reason reason) {
    return switch (reason) {
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  @Override
  public synchronized void onCancel() {
    RelayedCall call = relayed;
    if (call != null) {
      call.requests().onCancel();
    } else if (!ended) {
      ended = true;
      listener.ended(null, Status.CANCELLED);
    }
  }

  @Override
  public void onReady() {
    RelayedCall call;
    synchronized (this) {
      call = relayed;
    }
    if (call != null) {
      call.requests().onReady();
    }
  }
}

package dev.portcullis.cri;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One call: what the caller sends goes to the runtime, what the runtime answers goes to the
/// caller, and neither is taken faster than the other side takes it.
///
/// The caller's deadline needs nothing here: gRPC keeps it in the context of the server's call, and
/// a client's call that is made in that context has it too.
final class RelayedCall {
  private final ServerCall<byte[], byte[]> caller;
  private final RuntimeChannel channel;
  private final ClientCall<byte[], byte[]> runtime;
  private final CallBudget bytes;
  private final Consumer<byte[]> answered;
  private final EndListener listener;
  private final Requests requests = new Requests();
  private final Responses responses = new Responses();
  private boolean runtimeIsBusy;
  private boolean callerIsBusy;
  private @Nullable Status brokenOff;
  private volatile boolean ended;

  /// What is done once the caller has its status.
  interface EndListener {
    void ended(@Nullable RelayedCall call, Status status);
  }

  private RelayedCall(
      ServerCall<byte[], byte[]> caller,
      RuntimeChannel channel,
      CallBudget bytes,
      Consumer<byte[]> answered,
      EndListener listener) {
    this.answered = answered;
    this.caller = caller;
    this.channel = channel;
    this.runtime = channel.call(caller.getMethodDescriptor(), bytes);
    this.bytes = bytes;
    this.listener = listener;
  }

  /// Begins it.
  ///
  /// @param headers the caller's; they are the call's afterwards
  /// @param answered gets each answer before the caller does
  static RelayedCall start(
      ServerCall<byte[], byte[]> caller,
      RuntimeChannel channel,
      Metadata headers,
      CallBudget bytes,
      Consumer<byte[]> answered,
      EndListener listener) {
    RelayedCall call = new RelayedCall(caller, channel, bytes, answered, listener);
    bytes.breakBy(call::breakOff);
    call.runtime.start(call.responses, headers);
    call.runtime.request(1);
    return call;
  }

  /// The bare name of its method.
  String method() {
    String name = caller.getMethodDescriptor().getBareMethodName();
    return name == null ? "" : name;
  }

  /// Whether the caller has its status.
  boolean hasEnded() {
    return ended;
  }

  /// Takes what the caller sends.
  ServerCall.Listener<byte[]> requests() {
    return requests;
  }

  /// Sends the one request of a call whose caller has sent it already.
  synchronized void sendOnly(byte[] request) {
    if (brokenOff == null) {
      runtime.sendMessage(request);
      runtime.halfClose();
    }
  }

  /// Breaks it off.
  ///
  /// @param status what the caller is told, where it still listens
  synchronized void breakOff(Status status) {
    if (brokenOff == null) {
      brokenOff = status;
      runtime.cancel(status.getDescription(), null);
    }
  }

  private void nextRequest() {
    bytes.requestPassed();
    caller.request(1);
  }

  private void nextAnswer() {
    bytes.answerPassed();
    runtime.request(1);
  }

  private final class Requests extends ServerCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] message) {
      synchronized (RelayedCall.this) {
        if (brokenOff != null) {
          return;
        }
        runtime.sendMessage(message);
        if (runtime.isReady()) {
          nextRequest();
        } else {
          runtimeIsBusy = true;
        }
      }
    }

    @Override
    public void onHalfClose() {
      synchronized (RelayedCall.this) {
        if (brokenOff == null) {
          runtime.halfClose();
        }
      }
    }

    @Override
    public void onCancel() {
      breakOff(Status.CANCELLED.withDescription("the caller cancelled the call"));
    }

    @Override
    public void onReady() {
      synchronized (RelayedCall.this) {
        if (callerIsBusy) {
          callerIsBusy = false;
          nextAnswer();
        }
      }
    }
  }

  private final class Responses extends ClientCall.Listener<byte[]> {
    private boolean hasHeaders;
    private boolean hasMessage;

    @Override
    public void onHeaders(Metadata headers) {
      hasHeaders = true;
      caller.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      if (hasMessage && sendsOneMessage()) {
        breakOff(noSingleAnswer("more than one answer"));
        return;
      }
      hasMessage = true;
      if (!hasHeaders) {
        hasHeaders = true;
        caller.sendHeaders(new Metadata());
      }
      answered.accept(message);
      caller.sendMessage(message);
      synchronized (RelayedCall.this) {
        if (caller.isReady()) {
          nextAnswer();
        } else {
          callerIsBusy = true;
        }
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Status told = told(status);
      caller.close(told, trailers);
      ended = true;
      listener.ended(RelayedCall.this, told);
    }

    private Status told(Status status) {
      synchronized (RelayedCall.this) {
        if (brokenOff != null) {
          return brokenOff;
        }
      }
      return status.isOk() && !hasMessage && sendsOneMessage()
          ? noSingleAnswer("no answer")
          : channel.told(status);
    }

    /// gRPC would end the call without words.
    private Status noSingleAnswer(String gave) {
      return Status.INTERNAL.withDescription(
          "portcullis: the runtime gave "
              + gave
              + " to "
              + caller.getMethodDescriptor().getFullMethodName());
    }

    private boolean sendsOneMessage() {
      return caller.getMethodDescriptor().getType() == MethodDescriptor.MethodType.UNARY;
    }

    @Override
    public void onReady() {
      synchronized (RelayedCall.this) {
        if (runtimeIsBusy) {
          runtimeIsBusy = false;
          nextRequest();
        }
      }
    }
  }
}

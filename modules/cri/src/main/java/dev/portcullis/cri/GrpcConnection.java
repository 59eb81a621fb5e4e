package dev.portcullis.cri;

import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// gRPC over a unix socket, with a deadline on every call and its errors in our words.
///
/// Safe for threads.
final class GrpcConnection implements AutoCloseable {
  /// Of all connections, and never shut down: a call that is under way on a connection that another
  /// thread closes is ended by this thread, and waits for ever, deadline or not, where there is
  /// none.
  private static final EventLoopGroup EVENTS = Channels.events("cri");

  private final Endpoint endpoint;
  private final ManagedChannel channel;

  GrpcConnection(Endpoint endpoint) {
    this.endpoint = endpoint;
    channel = Channels.to(endpoint, EVENTS).build();
  }

  /// Calls and waits. Interrupting the thread cancels the call; its interrupt flag stays set.
  <Q extends MessageLite, A extends MessageLite> A call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline) throws CriException {
    try {
      return ClientCalls.blockingUnaryCall(
          channel,
          method,
          CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS),
          request);
    } catch (StatusRuntimeException e) {
      throw failure(String.valueOf(method.getBareMethodName()), deadline, e);
    }
  }

  private CriException failure(String method, Duration deadline, StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = String.valueOf(status.getDescription());
    CriException.Kind kind =
        switch (status.getCode()) {
          case UNAVAILABLE -> CriException.Kind.GONE;
          case DEADLINE_EXCEEDED -> CriException.Kind.TIMEOUT;
          case CANCELLED ->
              Thread.currentThread().isInterrupted()
                  ? CriException.Kind.INTERRUPTED
                  : CriException.Kind.REFUSED;
          case NOT_FOUND -> CriException.Kind.NOT_FOUND;
          case UNIMPLEMENTED -> CriException.Kind.NOT_CRI;
          case OK,
              UNKNOWN,
              INVALID_ARGUMENT,
              ALREADY_EXISTS,
              PERMISSION_DENIED,
              RESOURCE_EXHAUSTED,
              FAILED_PRECONDITION,
              ABORTED,
              OUT_OF_RANGE,
              INTERNAL,
              DATA_LOSS,
              UNAUTHENTICATED ->
              CriException.Kind.REFUSED;
        };
    String message =
        switch (kind) {
          case GONE ->
              "the runtime at " + endpoint.text() + " is gone (" + method + ": " + said + ")";
          case TIMEOUT ->
              "the runtime at "
                  + endpoint.text()
                  + " did not answer "
                  + method
                  + " within "
                  + deadline.toSeconds()
                  + " s";
          case INTERRUPTED -> "interrupted in " + method;
          case NOT_CRI ->
              "the runtime at " + endpoint.text() + " does not have " + method + ": " + said;
          case NOT_FOUND, REFUSED, BAD_ENDPOINT, UNREACHABLE ->
              "the runtime refused " + method + ": " + said;
        };
    return new CriException(kind, method, status.getCode().name(), message, e);
  }

  /// Hangs up. Calls that are under way fail, as where the runtime is gone.
  @Override
  public void close() {
    channel.shutdownNow();
  }
}

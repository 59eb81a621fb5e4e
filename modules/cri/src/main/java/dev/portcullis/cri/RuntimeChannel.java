package dev.portcullis.cri;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;

/// The way to a runtime that may be restarted at any time.
final class RuntimeChannel implements AutoCloseable {
  // gRPC's default of 8 KiB is less than an error of runc with its log may have.
  static final int LARGEST_METADATA = 1024 * 1024;

  private final Endpoint endpoint;
  private final EventLoopGroup events;
  private ManagedChannel channel;

  RuntimeChannel(Endpoint endpoint, EventLoopGroup events) {
    this.endpoint = endpoint;
    this.events = events;
    this.channel = open();
  }

  private ManagedChannel open() {
    return Channels.to(endpoint, events).maxInboundMetadataSize(LARGEST_METADATA).build();
  }

  /// A call that is not started yet.
  ClientCall<byte[], byte[]> call(MethodDescriptor<byte[], byte[]> method, CallBudget bytes) {
    return current()
        .newCall(method, CallOptions.DEFAULT.withStreamTracerFactory(bytes.ofAnswers()));
  }

  /// A channel that could not connect waits longer each time before it tries again, up to two
  /// minutes, and fails every call meanwhile. A new one tries at once, and its calls wait for what
  /// comes of that, which on a unix socket takes no time.
  private synchronized ManagedChannel current() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.shutdown();
      channel = open();
    }
    return channel;
  }

  /// A status for the caller: a connection that broke, or never was one, is reported as what it is.
  Status told(Status status) {
    Throwable cause = status.getCause();
    // A status of the runtime's own has no cause here.
    return cause == null
        ? status
        : switch (status.getCode()) {
          case UNAVAILABLE -> unavailable("cannot be reached", status, cause);
          case INTERNAL -> unavailable("does not answer in gRPC", status, cause);
          default -> status;
        };
  }

  private Status unavailable(String what, Status status, Throwable cause) {
    return Status.UNAVAILABLE.withDescription(
        "portcullis: the runtime at "
            + endpoint.text()
            + " "
            + what
            + ": "
            + status.getDescription()
            + ": "
            + cause.getMessage());
  }

  @Override
  public synchronized void close() {
    channel.shutdownNow();
  }
}

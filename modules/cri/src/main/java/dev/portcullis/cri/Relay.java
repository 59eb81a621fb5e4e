package dev.portcullis.cri;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket that serves CRI, in both of its versions, by asking a runtime.
///
/// Every call is passed on as it is: bytes, errors with their details, deadlines, cancellation and
/// metadata. An {@link Interceptor} may change or refuse the requests of some. One call is answered
/// here: where the profiles lie.
public final class Relay implements AutoCloseable {
  // Ends only when the runtime does, so no user may wait for it.
  private static final String ENDLESS = "GetContainerEvents";

  /// What an answer needs to reach its caller.
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  // A kubelet has some tens of calls under way; a flood must not fill the memory.
  private static final int MOST_CALLS_A_CONNECTION = 1000;

  // The heap of a node has 128 MiB. A message is there once, and once more in the buffers of a
  // socket.
  private static final long MOST_BYTES = 40L * 1024 * 1024;

  private final EventLoopGroup events = Channels.events("relay");
  private final ExecutorService judging =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("judging ", 0).factory());
  private final RelayedMethods methods = new RelayedMethods();
  private final MessageBudget bytes = new MessageBudget(MOST_BYTES);
  private final Set<RelayedCall> underWay = ConcurrentHashMap.newKeySet();
  private final ListeningSocket socket;
  private final RuntimeChannel runtime;
  private final Interceptor interceptor;
  private final CallListener listener;
  private final Server server;

  private Relay(
      ListeningSocket socket,
      Path bound,
      Endpoint endpoint,
      Path profileRoot,
      Interceptor interceptor,
      CallListener listener) {
    this.socket = socket;
    this.interceptor = interceptor;
    this.listener = listener;
    runtime = new RuntimeChannel(endpoint, events);
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(bound))
            .channelType(NioServerDomainSocketChannel.class)
            // One thread for both sides: a message changes no thread on its way.
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events)
            .directExecutor()
            .maxInboundMessageSize(Channels.LARGEST_MESSAGE)
            .maxInboundMetadataSize(RuntimeChannel.LARGEST_METADATA)
            .maxConcurrentCallsPerConnection(MOST_CALLS_A_CONNECTION)
            .addStreamTracerFactory(
                new ServerStreamTracer.Factory() {
                  @Override
                  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                    return new CallBudget(bytes);
                  }
                })
            .permitKeepAliveWithoutCalls(true)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .addService(new NodeService(profileRoot))
            .fallbackHandlerRegistry(new Methods())
            .build();
  }

  /// Serves. The runtime need not be there yet.
  ///
  /// @param socket where to listen; a socket there that is no longer served is replaced
  /// @param runtimeEndpoint `unix://` and an absolute path
  /// @param profileRoot what is answered to those who ask where the profiles lie
  /// @throws CriException where the endpoint is not of that form
  public static Relay serve(
      Path socket,
      String runtimeEndpoint,
      Path profileRoot,
      Interceptor interceptor,
      CallListener listener)
      throws IOException, CriException {
    Endpoint endpoint = Endpoint.parse(runtimeEndpoint);
    if (endpoint.socket().equals(socket)) {
      throw new IOException(socket + ": --listen and --runtime-endpoint must be different sockets");
    }
    ListeningSocket listening = ListeningSocket.take(socket);
    Relay relay = null;
    try {
      Path bound = listening.unpublished();
      relay = new Relay(listening, bound, endpoint, profileRoot, interceptor, listener);
      relay.server.start();
      listening.publish(bound);
      return relay;
    } catch (IOException e) {
      if (relay == null) {
        listening.close();
      } else {
        relay.close();
      }
      throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
    }
  }

  /// Whether the sockets are still looked after.
  public boolean alive(Duration patience) throws InterruptedException {
    return events.submit(() -> {}).await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Takes no further calls, and lets those under way go on.
  public void drain() {
    server.shutdown();
    underWay.stream().filter(call -> call.method().equals(ENDLESS)).forEach(Relay::breakOff);
  }

  /// Waits for the calls under way, at most so long, and breaks off what is left.
  public void close(Duration grace) throws IOException {
    drain();
    try {
      if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        underWay.forEach(Relay::breakOff);
        server.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  @Override
  public void close() throws IOException {
    server.shutdownNow();
    runtime.close();
    judging.shutdown();
    // Its one thread is a daemon, so there is no need to wait for it.
    var _ = events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    socket.close();
  }

  private final class Methods extends HandlerRegistry {
    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
        String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method = methods.find(name);
      if (method == null) {
        return null;
      }
      ServerCallHandler<byte[], byte[]> handler =
          interceptor.wants(name) ? Relay.this::judge : Relay.this::passOn;
      return ServerMethodDefinition.create(method, handler);
    }
  }

  private ServerCall.Listener<byte[]> passOn(ServerCall<byte[], byte[]> caller, Metadata headers) {
    RelayedCall call =
        RelayedCall.start(
            caller, runtime, headers, CallBudget.ofThisCall(), _ -> {}, listener(caller));
    begun(call);
    caller.request(1);
    return call.requests();
  }

  private ServerCall.Listener<byte[]> judge(ServerCall<byte[], byte[]> caller, Metadata headers) {
    caller.request(1);
    return new JudgedCall(
        caller,
        headers,
        runtime,
        CallBudget.ofThisCall(),
        interceptor,
        judging,
        this::begun,
        listener(caller));
  }

  private void begun(RelayedCall call) {
    underWay.add(call);
    if (call.hasEnded()) {
      underWay.remove(call);
    }
  }

  /// A caller of `UNAVAILABLE` tries again; one whose stream is only cut off is told that it was
  /// cancelled.
  private static void breakOff(RelayedCall call) {
    call.breakOff(Status.UNAVAILABLE.withDescription("portcullis is stopping"));
  }

  private RelayedCall.EndListener listener(ServerCall<?, ?> caller) {
    String method = methods.label(caller.getMethodDescriptor().getFullMethodName());
    long begin = System.nanoTime();
    return (call, status) -> {
      if (call != null) {
        underWay.remove(call);
      }
      listener.ended(method, status.getCode().name(), System.nanoTime() - begin);
    };
  }
}

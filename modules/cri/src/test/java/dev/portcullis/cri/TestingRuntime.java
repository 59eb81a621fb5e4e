package dev.portcullis.cri;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A runtime on a real socket that answers what a test tells it to.
public final class TestingRuntime implements AutoCloseable {

  public interface Answer<Q, A> {
    A to(Q request) throws Exception;
  }

  private final MultiThreadIoEventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, ServerMethodDefinition<?, ?>> methods = new LinkedHashMap<>();
  private final Path socket;
  private Server server;

  @SuppressWarnings("NullAway.Init") // start() comes after the answers
  public TestingRuntime(Path socket) {
    this.socket = socket;
  }

  /// Answers one method, and no longer as before; throwing a status answers with it.
  public <Q extends MessageLite, A extends MessageLite> TestingRuntime on(
      MethodDescriptor<Q, A> method, Answer<Q, A> answer) {
    methods.put(
        method.getFullMethodName(),
        ServerMethodDefinition.create(
            method,
            ServerCalls.asyncUnaryCall((request, observer) -> {
              try {
                observer.onNext(answer.to(request));
                observer.onCompleted();
              } catch (Exception e) {
                observer.onError(Status.fromThrowable(e).asRuntimeException());
              }
            })));
    return this;
  }

  public TestingRuntime start() throws IOException {
    var builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events);
    // gRPC takes one definition a service, so those of one name are joined.
    methods.values().stream()
        .collect(
            Collectors.groupingBy(it ->
                String.valueOf(
                    MethodDescriptor.extractFullServiceName(
                        it.getMethodDescriptor().getFullMethodName()))))
        .forEach((name, parts) -> {
          var joined = ServerServiceDefinition.builder(name);
          parts.forEach(joined::addMethod);
          builder.addService(joined.build());
        });
    server = builder.build().start();
    return this;
  }

  public String endpoint() {
    return "unix://" + socket;
  }

  @Override
  public void close() {
    server.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
  }
}

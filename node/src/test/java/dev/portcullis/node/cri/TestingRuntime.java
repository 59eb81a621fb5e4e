package dev.portcullis.node.cri;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A runtime on a real socket that answers what a test tells it to.
final class TestingRuntime implements AutoCloseable {

  interface Answer<Q, A> {
    A to(Q request);
  }

  private final MultiThreadIoEventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ServerServiceDefinition> services = new ArrayList<>();
  private final Path socket;
  private Server server;

  @SuppressWarnings("NullAway.Init") // start() comes after the answers
  TestingRuntime(Path socket) {
    this.socket = socket;
  }

  /// Answers one method; throwing a status answers with it.
  <Q extends MessageLite, A extends MessageLite> TestingRuntime on(
      MethodDescriptor<Q, A> method, Answer<Q, A> answer) {
    services.add(
        ServerServiceDefinition.builder(String.valueOf(method.getServiceName()))
            .addMethod(
                method,
                ServerCalls.asyncUnaryCall((request, observer) -> {
                  try {
                    observer.onNext(answer.to(request));
                    observer.onCompleted();
                  } catch (RuntimeException e) {
                    observer.onError(Status.fromThrowable(e).asRuntimeException());
                  }
                }))
            .build());
    return this;
  }

  TestingRuntime start() throws IOException {
    var builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events);
    // gRPC takes one definition a service, so those of one name are joined.
    services.stream()
        .collect(Collectors.groupingBy(it -> it.getServiceDescriptor().getName()))
        .forEach((name, parts) -> {
          var joined = ServerServiceDefinition.builder(name);
          parts.forEach(part -> part.getMethods().forEach(m -> joined.addMethod(m)));
          builder.addService(joined.build());
        });
    server = builder.build().start();
    return this;
  }

  String endpoint() {
    return "unix://" + socket;
  }

  @Override
  public void close() {
    server.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
  }
}
